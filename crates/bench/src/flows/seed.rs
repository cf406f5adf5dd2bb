//! What Carnet begins with, and what peer.js has written into it: clients that prove themselves in three ways,
//! and people.

use std::fmt::Write as _;

/// The client that has a secret.
pub(super) const CLIENT: &str = "bench-web";

/// Its secret.
pub(super) const SECRET: &str = "bench-secret-bench-secret-bench-secret";

/// The client that proves itself with a JWT under [`SECRET`].
pub(super) const KEEPER: &str = "bench-keeps";

/// The client that signs.
pub(super) const SIGNER: &str = "bench-signs";

/// How many people there are. Each signs in by themselves: one person at many places at once is slowed down (decision 0008).
const PEOPLE: usize = 64;

/// One of the people.
pub(super) fn email(number: usize) -> String {
    format!("person-{}@bench.example", number % PEOPLE)
}

/// The password of each.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// Where the browser is sent; nobody listens there.
pub(super) const REDIRECT: &str = "http://127.0.0.1:9/callback";

/// The audience of an API, by the kind of its tokens.
pub(super) fn audience(kind: &str) -> String {
    format!("https://{kind}.carnet.dev")
}

/// The seed, as `carnet dev --seed` takes it.
pub(super) fn text(public_jwk: &str) -> String {
    let mut people = String::new();
    for number in 0..PEOPLE {
        let _ = write!(
            people,
            "\n[[users]]\nemail = \"{}\"\nname = \"Bench\"\npassword = \"{PASSWORD}\"\n",
            email(number)
        );
    }
    format!("{HEAD}{people}{CLIENTS}\njwks = '{{\"keys\":[{public_jwk}]}}'\n")
}

const HEAD: &str = r#"
[organization]
title = "Bench"
domains = ["bench.example"]

[[projects]]
id = "bench"
title = "Bench"

[[apis]]
project = "bench"
identifier = "https://es256.carnet.dev"
title = "Signed"
tokens = "jwt"

[[apis.scopes]]
name = "https://es256.carnet.dev/read"
title = "Read"
detail = "View only."

[[apis]]
project = "bench"
identifier = "https://rs256.carnet.dev"
title = "Signed as of old"
tokens = "jwt"
algorithm = "RS256"

[[apis.scopes]]
name = "https://rs256.carnet.dev/read"
title = "Read"
detail = "View only."

[[apis]]
project = "bench"
identifier = "https://vault.carnet.dev"
title = "Sealed"
tokens = "opaque"

[[apis.scopes]]
name = "https://vault.carnet.dev/read"
title = "Read"
detail = "View only."

[[service_accounts]]
project = "bench"
name = "administrator"
title = "Administrator"
role = "owner"
"#;

const CLIENTS: &str = r#"
[[clients]]
project = "bench"
id = "bench-web"
title = "Bench"
kind = "web"
authentication = "client_secret_basic"
secret = "bench-secret-bench-secret-bench-secret"
redirect_uris = ["http://127.0.0.1/callback"]
grants = ["authorization_code", "refresh_token", "client_credentials"]
scopes = "openid profile email offline_access https://es256.carnet.dev/read https://rs256.carnet.dev/read https://vault.carnet.dev/read"

[[clients]]
project = "bench"
id = "bench-keeps"
title = "Bench, with a row"
kind = "daemon"
authentication = "client_secret_jwt"
secret = "bench-secret-bench-secret-bench-secret"
grants = ["client_credentials"]
scopes = "https://vault.carnet.dev/read"

[[clients]]
project = "bench"
id = "bench-signs"
title = "Bench, signing"
kind = "daemon"
authentication = "private_key_jwt"
grants = ["client_credentials"]
scopes = "https://es256.carnet.dev/read"
"#;
