//! The rounds: work, SIGKILL, restart, comparison.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use carnet_testkit::dice::Dice;
use carnet_testkit::live::Live;
use carnet_testkit::live::Program;
use carnet_testkit::live::leaked;
use carnet_testkit::served::Administrator;
use carnet_testkit::talk::Caller;
use serde_json::json;

use crate::client::Client;
use crate::client::PROJECT;
use crate::client::Place;
use crate::client::SCOPES;
use crate::client::good;
use crate::client::text;
use crate::engine::seconds;
use crate::engine::seed;
use crate::judge;

/// How often the process is killed.
const ROUNDS: usize = 6;
/// How many writes are answered before it is killed, at least; and how many more at most.
const WRITES: (usize, usize) = (180, 40);
/// How many write at the same time.
const CLIENTS: usize = 6;
/// How soon it answers after a restart. The fastest one counts: what else the machine does is not
/// what is judged.
const RESTART: Duration = Duration::from_secs(2);
/// How long a round may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// All rounds on one engine.
pub(crate) fn all(program: &Program) {
    let seed = seed();
    println!("CARNET_TEST_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut live = program.start().unwrap();
    let first = Administrator::first(program, "first", seconds()).unwrap();
    let admin = || Caller::new(program.address).with_token(&first.token);
    let issuer = format!("http://{}", program.address);
    let place = prepare(&mut admin());
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|number| {
            let dice = Dice::new(dice.roll());
            Client::new(admin(), &format!("c{number}"), dice, &place, &issuer)
        })
        .collect();
    let published = good(&admin().get("/jwks").unwrap());
    let mut restarts = Vec::new();
    for _ in 0..ROUNDS {
        let writes = WRITES.0 + dice.below(WRITES.1);
        let turns = dice.below(100);
        work(&mut clients, live, writes, turns);
        live = program.start().unwrap();
        restarts.push(live.took);
        thread::scope(|scope| {
            for client in &mut clients {
                scope.spawn(|| client.judge());
            }
        });
        // D5: the same keys, so that every token that they signed is good.
        assert_eq!(good(&admin().get("/jwks").unwrap()), published);
        judge::nothing_is_half_made(&mut admin());
        judge::the_audit_chain_holds(&mut admin());
    }
    let answered: usize = clients.iter().map(|client| client.notes.answered).sum();
    println!("{answered} writes were answered, {ROUNDS} kills, restarts took {restarts:?}");
    assert!(answered >= 1_000, "{answered}");
    assert!(restarts.iter().min() < Some(&RESTART), "{restarts:?}");
    let secrets = clients.into_iter().flat_map(|client| client.notes.secrets);
    let secrets: Vec<String> = secrets.chain(first.secrets).collect();
    let log = program.printed("stderr");
    assert!(log.contains("carnet serves"), "there is a log: {log}");
    assert_eq!(leaked(&log, &secrets), Vec::<String>::new());
    drop(live);
}

/// A project, and two APIs: one with JWTs, one with opaque tokens.
fn prepare(admin: &mut Caller) -> Place {
    let organizations = good(&admin.get("/admin/v1/organizations").unwrap());
    let organization = text(&organizations["items"][0], "id");
    let domains = format!("/admin/v1/organizations/{organization}/domains");
    let domain = text(&good(&admin.get(&domains).unwrap())["items"][0], "name");
    let project = json!({ "id": PROJECT, "organization": organization });
    good(&admin.post("/admin/v1/projects", &project).unwrap());
    for (scope, tokens) in SCOPES.iter().zip(["jwt", "opaque"]) {
        let api = json!({
            "identifier": format!("https://{tokens}.crash.example"), "tokens": tokens,
            "scopes": [{ "name": scope }],
        });
        let apis = format!("/admin/v1/projects/{PROJECT}/apis");
        good(&admin.post(&apis, &api).unwrap());
    }
    Place {
        organization,
        domain,
    }
}

/// Everybody writes until the process is killed, a moment after so many writes were answered.
fn work(clients: &mut [Client], live: Live, writes: usize, turns: usize) {
    let answered = AtomicUsize::new(0);
    let (enough, told) = mpsc::channel();
    thread::scope(|scope| {
        for client in clients {
            let (enough, answered) = (enough.clone(), &answered);
            scope.spawn(move || {
                while client.step().is_ok() {
                    if answered.fetch_add(1, Ordering::Relaxed) + 1 == writes {
                        enough.send(()).unwrap();
                    }
                }
            });
        }
        drop(enough);
        told.recv_timeout(PATIENCE)
            .expect("the clients ended early");
        for _ in 0..turns {
            thread::yield_now();
        }
        live.kill().unwrap();
    });
}
