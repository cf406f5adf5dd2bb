//! What stands around pages: the name under which the reader came, and over what.

use axum::body::Body;
use axum::http::Request;
use carnet_server::http::arrival::Arrival;
use carnet_server::http::client_address::Scheme;
use carnet_server::http::trace::TraceId;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_wire::crn::Crn;

async fn look(provider: &Provider, host: &str, path: &str, accept: &str, scheme: Scheme) -> Answer {
    let mut request = Request::get(path)
        .header("host", host)
        .header("accept", accept)
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(Arrival {
        trace: TraceId::new(7),
        client: None,
        scheme,
    });
    provider.send(request).await
}

#[tokio::test]
async fn ux_6_3_who_came_by_another_name_is_told_which_server_this_is() {
    let provider = Provider::new().await;
    for path in ["/", "/e/", "/e/CRN-2104", "/setup?t=a", "/nothing"] {
        let page = look(&provider, "10.0.9.5:8080", path, "text/html", Scheme::Http).await;
        assert_eq!(page.status, 421, "{path}");
        for told in [
            "auth.acme.example",
            "10.0.9.5:8080",
            &TraceId::new(7).to_string(),
        ] {
            assert!(page.body.contains(told), "{path}: {told}");
        }
        assert_eq!(page.headers["cache-control"], "no-store");
        assert!(page.headers.contains_key("content-security-policy"));
        let hostile = look(&provider, "a<script>", path, "text/html", Scheme::Http).await;
        assert!(!hostile.body.contains("<script>"), "{}", hostile.body);
    }
    for host in ["auth.acme.example", "AUTH.acme.example:443"] {
        assert_eq!(
            look(&provider, host, "/", "text/html", Scheme::Https)
                .await
                .status,
            200
        );
    }
    // Programs are served under every name: what they get never carries it.
    let programs = [("/jwks", "text/html"), ("/", "*/*"), ("/e/CRN-2104", "")];
    for (path, accept) in programs {
        let answer = look(&provider, "10.0.9.5:8080", path, accept, Scheme::Http).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("10.0.9.5"), "{path}");
    }
}

#[tokio::test]
async fn rfc6797_7_2_pages_say_strict_transport_over_tls_only() {
    let provider = Provider::new().await;
    for path in ["/", "/e/", "/e/CRN-2104", "/setup", "/nothing"] {
        let host = "auth.acme.example";
        let safe = look(&provider, host, path, "text/html", Scheme::Https).await;
        assert_eq!(
            safe.headers["strict-transport-security"],
            "max-age=31536000"
        );
        let plain = look(&provider, host, path, "text/html", Scheme::Http).await;
        assert!(
            !plain.headers.contains_key("strict-transport-security"),
            "{path}"
        );
        assert_eq!(plain.headers["x-frame-options"], "DENY");
    }
}

/// What a browser makes of the entities.
fn decoded(html: &str) -> String {
    let entities = [
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let text = html.to_owned();
    entities
        .into_iter()
        .fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

/// Whether a text is there, whatever stands around its parts.
fn shown(page: &str, text: &str) -> bool {
    let plain = |text: &str| text.replace(['`', '\n'], "");
    plain(page).contains(&plain(text))
}

#[tokio::test]
async fn ux_4_4_every_code_has_a_page_with_what_it_means_and_what_to_do() {
    let provider = Provider::new().await;
    let look = async |path: &str| {
        look(
            &provider,
            "auth.acme.example",
            path,
            "text/html",
            Scheme::Https,
        )
        .await
    };
    let index = decoded(&look("/e/").await.body);
    for crn in Crn::all() {
        let page = look(&format!("/e/{crn}")).await;
        assert_eq!(page.status, 200, "{crn}");
        assert!(
            index.contains(&format!("/e/{crn}\"")),
            "{crn} is not in the index"
        );
        let body = decoded(&page.body);
        let words = body
            .split('<')
            .filter_map(|piece| Some(piece.split_once('>')?.1));
        let text: String = words.collect();
        let entry = crn.entry();
        for told in [entry.title, entry.meaning]
            .into_iter()
            .chain(entry.causes.iter().copied())
        {
            assert!(shown(&text, told), "{crn}: {told}");
        }
        for fix in entry.fixes {
            assert!(shown(&text, fix.action), "{crn}: {}", fix.action);
            for snippet in fix.snippets {
                assert!(shown(&body, snippet.code), "{crn}: {}", snippet.code);
            }
        }
        for related in entry.related {
            assert!(
                body.contains(&format!("/e/CRN-{related}\"")),
                "{crn}: {related}"
            );
        }
    }
    let unknown = look("/e/CRN-9999").await;
    assert_eq!(unknown.status, 404);
}
