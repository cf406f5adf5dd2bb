//! What hashing alone comes to, and what hashing does to those who wait for something else (speed.md, G9 and G12).

use std::rc::Rc;
use std::time::Duration;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use tokio::time::Instant;

use super::Arguments;
use super::job::Job;
use super::side::Side;
use super::side::Who;
use super::turns::client_credentials;
use super::worker;
use super::worker::Plan;
use super::worker::Worker;
use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::process::BOTH;
use crate::servers::Carnet;

/// How many sign in at once, while others ask for tokens.
const CROWD: usize = 8;

/// Over how many connections tokens are asked for meanwhile.
const QUIETLY: usize = 2;

/// Numbers that belong to no row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Together {
    /// The time that one hash takes on a core that does nothing else.
    pub(super) hash: Duration,
    /// The 99th percentile of client credentials, on two cores, when nobody signs in.
    pub(super) quiet: Duration,
    /// The same while as many sign in as can.
    pub(super) crowded: Duration,
}

/// Starts the server on both cores, and asks it with and without a crowd.
pub(super) async fn measure(sown: &Carnet, arguments: &Arguments) -> anyhow::Result<Together> {
    let hash = hash(arguments.sitting.time())?;
    let (server, _) = sown.start_elsewhere(BOTH).await?;
    let side = Side {
        who: Who::Carnet,
        server,
    };
    let shots = Rc::new(Shots {
        requests: vec![client_credentials(&side, "es256")],
        expect: r#"{"access_token":""#,
    });
    let time = arguments.sitting.time() * 2;
    let crew = Worker::crew(&side, Job::SignIn, CROWD).await?;
    let address = side.server.address;
    let asked = || load::fire(address, &shots, QUIETLY, Length::For(time), false);
    asked().await?;
    let quiet = asked().await?.p99;
    let plan = Plan::of(&side, Job::SignIn);
    let signing_in = worker::work(crew, Job::SignIn, plan, time + Duration::from_secs(1));
    let (signed_in, crowded) = tokio::join!(signing_in, async {
        // Until the crowd has come.
        tokio::time::sleep(Duration::from_millis(500)).await;
        asked().await
    });
    signed_in?;
    side.server.process.stop()?;
    Ok(Together {
        hash,
        quiet,
        crowded: crowded?.p99,
    })
}

/// One password hash as Carnet makes it: Argon2id, 19 MiB, two passes, one lane; the memory is used again.
fn hash(time: Duration) -> anyhow::Result<Duration> {
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(anyhow::Error::msg)?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    let mut best = Duration::MAX;
    let began = Instant::now();
    while began.elapsed() < time {
        let then = Instant::now();
        let salt = b"sixteen bytes of";
        argon
            .hash_password_into_with_memory(b"a password", salt, &mut out, &mut memory)
            .map_err(anyhow::Error::msg)?;
        best = best.min(then.elapsed());
    }
    Ok(best)
}
