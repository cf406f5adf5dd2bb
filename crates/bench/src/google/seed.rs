//! Pools, providers and bound accounts, and the tokens of an issuer for all of them.
//!
//! The providers share the key of one issuer, whose tokens differ by `aud`: each takes its own name only. Every account has a
//! thousand members, of whom one pool is one.

use std::fmt::Write as _;
use std::time::SystemTime;

use carnet_jose::Algorithm;
use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::jwt::TYP_JWT;
use carnet_jose::sign_compact;
use serde_json::json;

use crate::script::key_id;

/// How many providers a pool has at most.
const IN_POOL: usize = 50;

/// How many members an account has.
const MEMBERS: usize = 1_000;

/// How many tokens of the issuer there are at most.
const TOKENS: usize = 2_000;

const PROJECT: &str = "bench";

/// Its number.
const NUMBER: &str = "400000000001";

/// The issuer.
const ISSUER: &str = "https://ci.bench.example";

/// The scope of the API whose tokens are made.
pub(super) const SCOPE: &str = "https://bench.carnet.dev/auth/invoices.read";

/// What is sown.
pub(super) struct Field {
    pub(super) providers: usize,
    pub(super) issuer: LocalSigner,
}

impl Field {
    pub(super) fn new(providers: usize) -> anyhow::Result<Self> {
        let kid = key_id(0, 0);
        Ok(Self {
            providers,
            issuer: LocalSigner::new(KeyPair::generate(KeyType::Rsa2048)?, kid),
        })
    }

    /// How many bindings there are.
    pub(super) fn bindings(&self) -> usize {
        self.providers * 10
    }

    /// The bound accounts.
    pub(super) fn accounts(&self) -> usize {
        self.bindings().div_ceil(MEMBERS)
    }

    /// The whole name of a provider, as an audience.
    pub(super) fn audience(provider: usize) -> String {
        let pool = pool(provider / IN_POOL);
        format!("{pool}/providers/provider-{provider:06}")
    }

    /// Tokens of the issuer, each with the provider that it is for.
    pub(super) fn tokens(&self) -> anyhow::Result<Vec<(String, String)>> {
        let header = SigningHeader::new(Algorithm::RS256, Some(&key_id(0, 0)), Some(TYP_JWT));
        let now = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
        let stride = (self.providers / TOKENS).max(1);
        let signed = |number: usize| {
            let audience = Self::audience(number * stride % self.providers);
            let claims = json!({
                "iss": ISSUER, "aud": audience, "sub": format!("repo:bench/app:ref:{number}"),
                "iat": now, "exp": now + 3_600, "repository": "bench/app",
            });
            let token = sign_compact(&header, claims.to_string().as_bytes(), &self.issuer)?;
            Ok((audience, token))
        };
        (0..TOKENS).map(signed).collect()
    }

    /// The seed, as `carnet dev --seed` takes it.
    pub(super) fn seed(&self) -> String {
        let jwk = Jwk::new(self.issuer.key_pair().public_key().clone(), key_id(0, 0));
        let jwks = json!({ "keys": [jwk] });
        let mut seed = HEAD.to_owned();
        for account in 0..self.accounts() {
            let _ = write!(
                seed,
                "\n[[service_accounts]]\nproject = \"{PROJECT}\"\nname = \"{}\"\ntitle = \"Bound\"\n\
                 public_key = '''\n{}'''\n",
                name(account),
                self.issuer.key_pair().public_key().to_spki_pem(),
            );
        }
        for number in 0..self.providers.div_ceil(IN_POOL) {
            let _ = write!(
                seed,
                "\n[[workload_pools]]\nproject = \"{PROJECT}\"\nid = \"pool-{number:06}\"\ntitle = \"Pool\"\n"
            );
        }
        for provider in 0..self.providers {
            let _ = write!(
                seed,
                "\n[[workload_providers]]\nproject = \"{PROJECT}\"\npool = \"pool-{:06}\"\n\
                 id = \"provider-{provider:06}\"\ntitle = \"Provider\"\nissuer = \"{ISSUER}\"\njwks = '{jwks}'\n\
                 condition = \"assertion.repository.startsWith('bench/')\"\n\
                 mapping = {{ \"google.subject\" = \"assertion.sub\", \"attribute.repository\" = \"assertion.repository\" }}\n",
                provider / IN_POOL,
            );
        }
        let mut left = self.bindings();
        for account in 0..self.accounts() {
            let members = members(left.min(MEMBERS));
            left = left.saturating_sub(MEMBERS);
            let _ = write!(
                seed,
                "\n[[bindings]]\naccount = \"{}\"\nrole = \"roles/iam.workloadIdentityUser\"\nmembers = {members}\n",
                email(account),
            );
        }
        seed
    }
}

/// So many members of which none is anybody, and then whoever is let in by the first pool.
fn members(many: usize) -> String {
    let path = |number: usize| pool(number).trim_start_matches("//").to_owned();
    let mut members: Vec<_> = (1..many)
        .map(|number| format!("principal://{}/subject/nobody-{number}", path(0)))
        .collect();
    members.push(format!(
        "principalSet://{}/attribute.repository/bench/app",
        path(0)
    ));
    json!(members).to_string()
}

fn pool(number: usize) -> String {
    format!(
        "//iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/pool-{number:06}"
    )
}

fn name(account: usize) -> String {
    format!("bound-{account:06}")
}

/// The e-mail of a bound account.
pub(super) fn email(account: usize) -> String {
    format!("{}@{PROJECT}.iam.gserviceaccount.com", name(account))
}

const HEAD: &str = r#"
[organization]
title = "Bench"
domains = ["bench.example"]

[[projects]]
id = "bench"
number = "400000000001"
title = "Bench"

[[apis]]
project = "bench"
identifier = "https://bench.carnet.dev"
title = "Signed"
tokens = "jwt"

[[apis.scopes]]
name = "https://bench.carnet.dev/auth/invoices.read"
title = "Read invoices"
detail = "View only."

[[service_accounts]]
project = "bench"
name = "administrator"
title = "Administrator"
role = "owner"
"#;
