//! What hashing does to those who wait for something else (speed.md, G12).

use std::rc::Rc;
use std::time::Duration;

use super::Arguments;
use super::job::Job;
use super::side::Side;
use super::side::Who;
use super::side::client_credentials;
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
    /// The 99th percentile of client credentials, on two cores, when nobody signs in.
    pub(super) quiet: Duration,
    /// The same while as many sign in as can.
    pub(super) crowded: Duration,
}

/// Starts the server on both cores, and asks it with and without a crowd.
pub(super) async fn measure(sown: &Carnet, arguments: &Arguments) -> anyhow::Result<Together> {
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
        quiet,
        crowded: crowded?.p99,
    })
}
