//! Does the time of a refusal tell who exists? Asks a running server for tokens with assertions of an
//! account that is not there, of one that is there but did not sign, and of one whose key is not there;
//! in an order that chance decides, on one connection, and compares the times by Welch's t-test.
//!
//! ```text
//! carnet dev &
//! cargo run --release -p carnet --example timing -- carnet-dev/ci-key.json 2000
//! ```
//!
//! Below 4.5 in size, t shows no difference (the usual bound of leakage tests). It is told twice: of all
//! times, and of the fastest nine tenths, where the noise of the machine hides less.

use std::fs;
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use anyhow::Context as _;
use anyhow::ensure;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_testkit::dice::Dice;
use carnet_testkit::served::JWT_BEARER;
use carnet_testkit::served::signed;
use carnet_testkit::talk::Caller;
use serde_json::Value;
use serde_json::json;

/// Requests before the first that counts.
const WARM_UP: usize = 100;
/// What t may be.
const BOUND: f64 = 4.5;
const CLASSES: [&str; 3] = ["unknown account", "wrong signature", "unknown key"];

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let file = words.next().context("which key file?")?;
    let requests: usize = words.next().map_or(Ok(2_000), |word| word.parse())?;
    let target = Target::read(&file)?;
    let mut caller = Caller::new(target.address);
    let mut dice = Dice::new(seconds());
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut answers: [Option<Value>; 3] = Default::default();
    for number in 0..WARM_UP + requests * CLASSES.len() {
        let class = dice.below(CLASSES.len());
        let assertion = target.assertion(class, number)?;
        let form = [
            ("grant_type", JWT_BEARER),
            ("assertion", assertion.as_str()),
        ];
        let began = now_exactly();
        let answer = caller.form("/token", &form)?;
        let took = began.elapsed();
        ensure!(answer.status == 400, "{}", answer.text());
        remember(answer.json(), answers.get_mut(class));
        if number >= WARM_UP
            && let Some(times) = times.get_mut(class)
        {
            times.push(microseconds(took));
        }
    }
    let same = answers.iter().all(|answer| Some(answer) == answers.first());
    let verdict = if same { "the same" } else { "NOT the same" };
    println!("the answers are {verdict}");
    report(&times)
}

/// The server, and the issuers and keys that it is asked with. Names have the same length, so that
/// nothing but their being there differs.
struct Target {
    address: SocketAddr,
    audience: String,
    issuers: [String; 3],
    signers: [LocalSigner; 3],
}

impl Target {
    fn read(file: &str) -> anyhow::Result<Self> {
        let key: Value = serde_json::from_slice(&fs::read(file)?)?;
        let text = |name: &str| {
            let found = key.get(name).and_then(Value::as_str);
            found
                .map(str::to_owned)
                .with_context(|| format!("{file} has no {name}"))
        };
        let (email, kid) = (text("client_email")?, text("private_key_id")?);
        let audience = text("token_uri")?;
        let address = audience
            .trim_start_matches("http://")
            .trim_end_matches("/token");
        let address = address
            .parse()
            .context("token_uri is no http://ADDRESS:PORT/token")?;
        let (name, domain) = email.split_once('@').context("no e-mail")?;
        let unknown = format!("{}@{domain}", "z".repeat(name.len()));
        let no_kid: String = kid.chars().rev().collect();
        let signer = |kid: &str| -> anyhow::Result<LocalSigner> {
            Ok(LocalSigner::new(KeyPair::generate(KeyType::Rsa2048)?, kid))
        };
        Ok(Self {
            address,
            issuers: [unknown, email.clone(), email.clone()],
            signers: [signer(&kid)?, signer(&kid)?, signer(&no_kid)?],
            audience,
        })
    }

    fn assertion(&self, class: usize, number: usize) -> anyhow::Result<String> {
        let now = seconds();
        let claims = json!({
            "iss": self.issuers.get(class), "aud": self.audience,
            "scope": "https://demo.carnet.dev/auth/invoices.read",
            "iat": now, "exp": now + 3_000, "jti": format!("{number:08}"),
        });
        let signer = self.signers.get(class).context("no such class")?;
        Ok(signed(signer, &claims)?)
    }
}

/// Keeps what an answer says, without what belongs to the one request.
fn remember(mut answer: Value, place: Option<&mut Option<Value>>) {
    if let Some(members) = answer.as_object_mut() {
        members.remove("trace_id");
        members.remove("timestamp");
    }
    if let Some(place) = place {
        *place = Some(black_box(answer));
    }
}

fn report(times: &[Vec<f64>; 3]) -> anyhow::Result<()> {
    let sorted = times.clone().map(|mut times| {
        times.sort_by(f64::total_cmp);
        times
    });
    for (class, times) in CLASSES.iter().zip(&sorted) {
        let median = times.get(times.len() / 2).context("too few requests")?;
        let (mean, variance, count) = moments(times);
        println!(
            "{class:<16} {count:>6} requests, mean {mean:.1} us, median {median:.1} us, deviation {:.1} us",
            variance.sqrt()
        );
    }
    let [unknown, ..] = &sorted;
    let mut worst: f64 = 0.0;
    for (class, times) in CLASSES.iter().zip(&sorted).skip(1) {
        let all = welch(unknown, times);
        let cut = |times: &[f64]| {
            times
                .get(..times.len() * 9 / 10)
                .unwrap_or_default()
                .to_vec()
        };
        let fastest = welch(&cut(unknown), &cut(times));
        println!(
            "unknown account against {class}: t = {all:.2}, of the fastest nine tenths {fastest:.2}"
        );
        worst = worst.max(all.abs()).max(fastest.abs());
    }
    ensure!(
        worst < BOUND,
        "t is {worst:.2}; below {BOUND} it would show no difference"
    );
    Ok(())
}

/// Welch's t: the difference of two means against what chance would make of it.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let (mean, variance, count) = moments(one);
    let (other_mean, other_variance, other_count) = moments(other);
    (mean - other_mean) / (variance / count + other_variance / other_count).sqrt()
}

/// Mean, variance and count.
fn moments(times: &[f64]) -> (f64, f64, f64) {
    let count = f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX));
    let mean = times.iter().sum::<f64>() / count;
    let squares: f64 = times.iter().map(|time| (time - mean).powi(2)).sum();
    (mean, squares / (count - 1.0), count)
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[expect(clippy::disallowed_methods, reason = "the server has a clock too")]
fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[expect(clippy::disallowed_methods, reason = "times are what is measured")]
fn now_exactly() -> Instant {
    Instant::now()
}
