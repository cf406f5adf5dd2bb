//! The sandbox as a machine of Google's cloud: its metadata server.
//!
//! Programs on it run as the first service account of the seed, whose tokens come over HTTP from the sandbox like
//! anybody's: a disabled account has none. An ID token with `format=full` tells of the machine too. The sandbox is the
//! machine and the issuer in one, so it can vouch for that; a metadata server elsewhere cannot, and does not.

use std::sync::Arc;

use carnet_client::Clock;
use carnet_client::ServiceAccount;
use carnet_client::Token;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_metadata::Attached;
use carnet_metadata::Hosts;
use carnet_metadata::Instance;
use carnet_metadata::Metadata;
use carnet_metadata::Source;
use carnet_metadata::Unavailable;
use carnet_metadata::Wanted;
use carnet_metadata::source::Coming;
use carnet_server::mint;
use carnet_server::parts::Parts;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::dev::seed::Grown;
use crate::dev::seed::Seed;

/// What the machine is called.
const NAME: &str = "sandbox";

/// The metadata server of a sandbox.
pub(super) async fn metadata(
    parts: &Arc<Parts>,
    seed: &Seed,
    grown: &Grown,
) -> anyhow::Result<Metadata> {
    let project = parts.store.project(&grown.project).await?;
    let number = project.and_then(|project| project.number.as_str().parse().ok());
    let mut instance = Instance::named(NAME, grown.project.as_str(), number.unwrap_or_default());
    let hand = Arc::clone(parts);
    let clock =
        Clock::told_by(move || hand.now().0).waiting_by(|wait| Box::pin(tokio::time::sleep(wait)));
    let source: Arc<dyn Source> = match grown.accounts.first() {
        None => Arc::new(Nobody),
        Some(first) => {
            instance.account = Some(Attached {
                email: first.account.email.to_string(),
                scopes: seed.own_scopes(),
            });
            let account = ServiceAccount::from_file(&first.key_file)?.with_clock(clock.clone());
            Arc::new(Vouched {
                account,
                machine: machine(&instance, parts.now().0),
                parts: Arc::clone(parts),
            })
        }
    };
    Ok(Metadata::new(&instance, source, clock, Hosts::default()))
}

/// What a full ID token says of the machine (google-wire 7.1).
fn machine(instance: &Instance, created: i64) -> Map<String, Value> {
    let told = json!({
        "project_id": instance.project_id,
        "project_number": instance.project_number,
        "zone": instance.zone,
        "instance_id": instance.id.to_string(),
        "instance_name": instance.name,
        "instance_creation_timestamp": created,
    });
    match told {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A seed without accounts: the tree has no account either, so nobody gets as far as this.
struct Nobody;

impl Source for Nobody {
    fn token(&self, _: &Wanted) -> Coming {
        Box::pin(async { Err(Unavailable::because("the sandbox has no service account")) })
    }
}

/// The account's own tokens, and the machine's word for where it runs.
struct Vouched {
    account: ServiceAccount,
    machine: Map<String, Value>,
    parts: Arc<Parts>,
}

impl Source for Vouched {
    fn token(&self, wanted: &Wanted) -> Coming {
        let coming = Source::token(&self.account, wanted);
        let Wanted::Identity {
            full: true,
            licenses,
            ..
        } = wanted
        else {
            return coming;
        };
        let mut machine = self.machine.clone();
        if *licenses {
            machine.insert("license_id".to_owned(), json!([]));
        }
        let parts = Arc::clone(&self.parts);
        Box::pin(async move { full(&coming.await?, machine, &parts).await })
    }
}

/// An ID token of ours with the machine in it.
async fn full(
    token: &Token,
    machine: Map<String, Value>,
    parts: &Parts,
) -> Result<Token, Unavailable> {
    let unverified =
        Unverified::parse(token.value().reveal(), Limits::STRICT).map_err(Unavailable::because)?;
    // It came from the sandbox itself a moment ago.
    let claims = unverified.claims_unverified_for_lookup();
    let mut claims: Map<String, Value> =
        serde_json::from_slice(claims).map_err(Unavailable::because)?;
    claims.insert("google".to_owned(), json!({"compute_engine": machine}));
    let keyring = parts.keyring.load_full();
    let signed = mint::id_token_saying(&claims, &keyring)
        .await
        .map_err(Unavailable::because)?;
    Token::kept(&signed, token.expires())
        .ok_or_else(|| Unavailable::because("the ID token cannot be sent"))
}
