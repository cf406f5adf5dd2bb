//! The service accounts of a run: their seed, and what they sign.
//!
//! A hundred thousand key pairs would take hours to make, so the accounts share a few. Neither server
//! can tell: the keys of each account are records of their own, and parsed for each.

use std::fmt::Write as _;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use anyhow::Context as _;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::jwt::TYP_JWT;
use carnet_jose::sign_compact;
use serde_json::json;

use crate::script::key_id;

/// How many key pairs there are: as many as one hexadecimal digit can name, at most.
const PAIRS: usize = 4;

/// How many different assertions are sent at least, where there are fewer accounts.
const FEWEST: usize = 4_000;

/// How many accounts take part at most: as many signatures must be made before the run begins.
const MOST: usize = 20_000;

const PROJECT: &str = "bench";

/// The scope of an API whose tokens are signed.
const SIGNED: &str = "https://bench.carnet.dev/auth/invoices.read";

/// The scope of an API whose tokens are sealed.
const SEALED: &str = "https://vault.carnet.dev/auth/invoices.read";

/// For whom Google's libraries write when a key file says nothing else.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";

/// What token is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    Opaque,
    Jwt,
}

/// The accounts and their keys.
pub(super) struct Accounts {
    pub(super) count: usize,
    pairs: Vec<LocalSigner>,
    /// Assertions that ask for opaque tokens, and for JWTs.
    opaque: Vec<String>,
    jwt: Vec<String>,
}

impl Accounts {
    pub(super) fn new(count: usize) -> anyhow::Result<Self> {
        let pairs = (0..PAIRS)
            .map(|_| Ok(LocalSigner::new(KeyPair::generate(KeyType::Rsa2048)?, "")))
            .collect::<anyhow::Result<_>>()?;
        let mut accounts = Self {
            count,
            pairs,
            opaque: Vec::new(),
            jwt: Vec::new(),
        };
        let many = count.clamp(FEWEST, MOST);
        accounts.opaque = accounts.assertions(Wanted::Opaque, many)?;
        accounts.jwt = accounts.assertions(Wanted::Jwt, many)?;
        Ok(accounts)
    }

    /// The public keys, in PEM.
    pub(super) fn public_keys(&self) -> Vec<String> {
        let pem = |pair: &LocalSigner| pair.key_pair().public_key().to_spki_pem();
        self.pairs.iter().map(pem).collect()
    }

    /// Assertions that may be sent again and again, as they have no `jti`.
    pub(super) fn signed(&self, wanted: Wanted) -> &[String] {
        match wanted {
            Wanted::Opaque => &self.opaque,
            Wanted::Jwt => &self.jwt,
        }
    }

    /// Assertions that can be sent once: each has a `jti`.
    pub(super) fn sign_once(&self, many: usize) -> anyhow::Result<Vec<String>> {
        (0..many)
            .map(|number| self.assertion(number, Wanted::Jwt, Some(number)))
            .collect()
    }

    fn assertions(&self, wanted: Wanted, many: usize) -> anyhow::Result<Vec<String>> {
        (0..many)
            .map(|number| self.assertion(number, wanted, None))
            .collect()
    }

    /// As `google-auth` writes it. The accounts take turns, spread over all of them.
    fn assertion(
        &self,
        number: usize,
        wanted: Wanted,
        jti: Option<usize>,
    ) -> anyhow::Result<String> {
        let stride = (self.count / MOST).max(1);
        let account = number * stride % self.count;
        let place = account % PAIRS;
        let pair = self.pairs.get(place).context("a key pair")?;
        let kid = key_id(account, place);
        let header = SigningHeader::new(Algorithm::RS256, Some(&kid), Some(TYP_JWT));
        let now = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
        let mut claims = json!({
            "iat": now,
            "exp": now + 3_600,
            "iss": format!("{}@{PROJECT}.iam.gserviceaccount.com", name(account)),
            "aud": AUDIENCE,
            "scope": if wanted == Wanted::Jwt { SIGNED } else { SEALED },
        });
        if let Some(jti) = jti
            && let Some(claims) = claims.as_object_mut()
        {
            let nanoseconds = UNIX_EPOCH.elapsed()?.as_nanos();
            claims.insert("jti".to_owned(), format!("{nanoseconds}-{jti}").into());
        }
        Ok(sign_compact(&header, claims.to_string().as_bytes(), pair)?)
    }

    /// The seed, as `carnet dev --seed` takes it.
    pub(super) fn seed(&self) -> anyhow::Result<String> {
        let keys = self.public_keys();
        let mut seed = HEAD.to_owned();
        for account in 0..self.count {
            let place = account % PAIRS;
            let key = keys.get(place).context("a key pair")?;
            write!(
                seed,
                "\n[[service_accounts]]\nproject = \"{PROJECT}\"\nname = \"{}\"\ntitle = \"Account {account}\"\n\
                 key_id = \"{}\"\npublic_key = '''\n{key}'''\n",
                name(account),
                key_id(account, place),
            )?;
        }
        Ok(seed)
    }
}

fn name(account: usize) -> String {
    format!("account-{account:06}")
}

/// The organization, the project, the two APIs, and an owner, whose token may introspect.
const HEAD: &str = r#"
[organization]
title = "Bench"
domains = ["bench.example"]

[[projects]]
id = "bench"
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

[[apis]]
project = "bench"
identifier = "https://vault.carnet.dev"
title = "Sealed"
tokens = "opaque"

[[apis.scopes]]
name = "https://vault.carnet.dev/auth/invoices.read"
title = "Read invoices"
detail = "View only."

[[service_accounts]]
project = "bench"
name = "administrator"
title = "Administrator"
role = "owner"
"#;
