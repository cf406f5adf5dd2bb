//! `/dev/clock`: the clock of the sandbox, and how it is moved.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_pages::DevClock;
use carnet_server::answer;
use serde_json::json;

use crate::dev::control::Control;
use crate::dev::control::page;
use crate::dev::control::text;

/// The furthest that the clock can be moved, in seconds: a hundred years.
const FURTHEST: i64 = 100 * 366 * 86_400;

/// What the clock says.
pub(super) async fn show(State(control): State<Arc<Control>>, asked: HeaderMap) -> Response<Body> {
    told(&control, &asked, None)
}

/// Moves it: `offset` is `+65m`, `-1h`, `+2d`, `90` (seconds), or `0`.
pub(super) async fn set(State(control): State<Arc<Control>>, request: Request) -> Response<Body> {
    let asked = request.headers().clone();
    let said = match text::read(request).await {
        Ok(said) => said,
        Err(status) => return answer::json(status, "{\"error\":\"not understood\"}"),
    };
    let offset = said
        .texts
        .get("offset")
        .map(String::as_str)
        .unwrap_or_default();
    let moved = seconds(offset);
    if let Some(seconds) = moved {
        control.clock.set_offset(seconds);
    }
    if said.html {
        return told(
            &control,
            &asked,
            moved.is_none().then(|| offset.chars().take(40).collect()),
        );
    }
    if moved.is_none() {
        let body = json!({"error": "offset is a number with s, m, h or d behind it, such as +65m"});
        return answer::json(StatusCode::BAD_REQUEST, body.to_string());
    }
    let now = control.parts.now();
    let body = json!({"now": now.rfc3339(), "offset_seconds": control.clock.offset()});
    answer::json(StatusCode::OK, body.to_string())
}

fn told(control: &Control, asked: &HeaderMap, not_understood: Option<String>) -> Response<Body> {
    let view = DevClock {
        now: control.parts.now().rfc3339(),
        offset_seconds: control.clock.offset(),
        not_understood,
    };
    page::answer(control, asked, |frame| {
        carnet_pages::dev_clock(frame, &view)
    })
}

/// `+65m` is 3900 seconds.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => 0,
    };
    let digits = if unit == 0 {
        text
    } else {
        text.get(..text.len() - 1)?
    };
    let number: i64 = digits.parse().ok()?;
    let seconds = number.checked_mul(unit.max(1))?;
    (seconds.abs() <= FURTHEST).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn an_offset_has_a_unit() {
        assert_eq!(seconds("+65m"), Some(3_900));
        assert_eq!(seconds("-1h"), Some(-3_600));
        assert_eq!(seconds("90"), Some(90));
        assert_eq!(seconds("0"), Some(0));
        for text in ["", "m", "1w", "99999999d", "1.5h", "+-3"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
