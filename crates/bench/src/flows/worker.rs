//! Jobs of several steps: each worker has a browser, a session and a refresh token of its own.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::task::LocalSet;
use tokio::time::Instant;

use super::job::Job;
use super::seed;
use super::side;
use super::side::Side;
use super::visitor::Visitor;
use crate::load::Histogram;
use crate::load::Tally;
use crate::request;
use crate::request::encode;

/// What an app needs to know to work.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    authorize: String,
    token: &'static str,
    /// The line of the head with the client's secret.
    secret: String,
}

impl Plan {
    pub(super) fn of(side: &Side, job: Job) -> Self {
        Self {
            authorize: side.authorize_path(job.identifies()),
            token: side.token_path("es256"),
            secret: request::basic(seed::CLIENT, seed::SECRET),
        }
    }
}

#[derive(Deserialize)]
struct Tokens {
    refresh_token: String,
}

/// Somebody who does a job again and again.
pub(super) struct Worker {
    visitor: Visitor,
    refresh_token: String,
}

impl Worker {
    /// Signed in, agreed, with tokens.
    async fn new(side: &Side, plan: &Plan, number: usize) -> anyhow::Result<Self> {
        let mut worker = Self {
            visitor: Visitor::new(side.server.address, number).await?,
            refresh_token: String::new(),
        };
        worker.flow(plan).await?;
        Ok(worker)
    }

    /// As many as there are connections.
    pub(super) async fn crew(side: &Side, job: Job, many: usize) -> anyhow::Result<Vec<Self>> {
        let plan = Plan::of(side, job);
        let mut crew = Vec::new();
        for number in 0..many {
            crew.push(Self::new(side, &plan, number).await?);
        }
        Ok(crew)
    }

    async fn once(&mut self, job: Job, plan: &Plan) -> anyhow::Result<()> {
        match job {
            Job::Refresh | Job::RefreshId => {
                let form = encode([
                    ("grant_type", "refresh_token"),
                    ("refresh_token", self.refresh_token.as_str()),
                ]);
                self.tokens(&form, plan).await
            }
            Job::SignIn => {
                self.visitor.forget();
                self.flow(plan).await
            }
            _ => self.flow(plan).await,
        }
    }

    async fn flow(&mut self, plan: &Plan) -> anyhow::Result<()> {
        let code = self.visitor.authorize(&plan.authorize).await?;
        self.tokens(&side::redeem(&code), plan).await
    }

    async fn tokens(&mut self, form: &str, plan: &Plan) -> anyhow::Result<()> {
        let reply = self.visitor.post(plan.token, form, &plan.secret).await?;
        ensure!(
            reply.status == 200,
            "answered {}: {}",
            reply.status,
            reply.body
        );
        let tokens: Tokens = serde_json::from_str(&reply.body).context("tokens")?;
        self.refresh_token = tokens.refresh_token;
        Ok(())
    }
}

/// Works for so long, and gives the crew back.
pub(super) async fn work(
    crew: Vec<Worker>,
    job: Job,
    plan: Plan,
    time: Duration,
) -> anyhow::Result<(Vec<Worker>, Tally)> {
    let times = Rc::new(RefCell::new(Histogram::default()));
    let began = Instant::now();
    let local = LocalSet::new();
    let back = local
        .run_until(async {
            let mut working = JoinSet::new();
            for mut worker in crew {
                let (times, plan) = (Rc::clone(&times), plan.clone());
                working.spawn_local(async move {
                    let mut now = Instant::now();
                    while now - began < time {
                        worker.once(job, &plan).await?;
                        let then = std::mem::replace(&mut now, Instant::now());
                        times.borrow_mut().note(now - then);
                    }
                    anyhow::Ok(worker)
                });
            }
            let mut back = Vec::new();
            while let Some(ended) = working.join_next().await {
                back.push(ended??);
            }
            anyhow::Ok(back)
        })
        .await?;
    let took = began.elapsed();
    let tally = Tally::new(&times.borrow(), took);
    Ok((back, tally))
}
