//! How long a refused sign-in takes: with an address that somebody has, and with one that nobody has.
//!
//! `cargo run --release -p carnet-server --example sign_in_time -- 400` asks both in turn and tells the
//! medians, and in how many of all pairs nobody took longer than somebody (0.5: no difference to see).

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "time is what is measured, and told"
)]

use std::error::Error;
use std::time::Duration;
use std::time::Instant;

use axum::body::Body;
use axum::http::Request;
use carnet_server::config::rate::Rate;
use carnet_server::password::Hashing;
use carnet_testkit::browser::html;
use carnet_testkit::provider::Provider;
use carnet_testkit::talk::encoded;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::World;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args()
        .nth(1)
        .map_or(Ok(200), |count| count.parse())?;
    let world = World::new().await;
    let provider = Provider::hashing(world, Rate::off(), Hashing::default()).await;
    provider
        .give_password(ALICE, "correct horse battery staple")
        .await;
    let page = provider.get("/login").await;
    let cookie = page
        .headers
        .get("set-cookie")
        .ok_or("no cookie")?
        .to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let forms = html::forms(&page.body);
    let csrf = forms.first().and_then(|form| form.field("csrf"));
    let csrf = csrf.ok_or("no token")?;
    let (mut somebody, mut nobody) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        for (email, times) in [(ALICE, &mut somebody), ("nobody@acme.example", &mut nobody)] {
            let body = encoded(&[("csrf", csrf), ("email", email), ("password", "wrong")]);
            let request = Request::post("/login")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &cookie)
                .body(Body::from(body))?;
            let began = Instant::now();
            let answer = provider.send(request).await;
            let took = began.elapsed();
            if answer.status != 401 {
                return Err(format!("round {round}: {}", answer.status).into());
            }
            times.push(took);
            // Whoever is refused often waits, and that is not what is measured.
            provider.wait(3_600);
        }
    }
    let longer = somebody
        .iter()
        .map(|known| nobody.iter().filter(|unknown| *unknown > known).count())
        .sum::<usize>();
    println!(
        "somebody {:?}, nobody {:?}; nobody took longer in {} of {} pairs",
        median(&mut somebody),
        median(&mut nobody),
        longer,
        rounds * rounds
    );
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
