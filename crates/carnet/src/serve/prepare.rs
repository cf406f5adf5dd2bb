//! Everything that a start needs from outside, each looked at whatever the others say.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use carnet_core::store::Store;
use carnet_server::aws::Witness;
use carnet_server::config::google::Google;
use carnet_server::config::http::Http;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::http::listener::{Bound, NotBound};
use carnet_server::keyring::{KeyEncryptionKey, Keyring, KeyringFault};
use carnet_server::outbound::Outbound;
use carnet_server::system;
use carnet_store::Options;
use carnet_wire::crn::Crn;

use crate::captive::{Captive, Kept};
use crate::config::{Config, Fault};

/// What a start needs.
pub(super) struct Prepared {
    pub(super) store: Arc<dyn Store>,
    pub(super) secret: [u8; 32],
    pub(super) public: Bound,
    pub(super) ops: Option<Bound>,
    pub(super) captive: Option<Captive>,
    pub(super) outbound: Outbound,
    pub(super) aws: Witness,
}

/// All of it, or all that is wrong.
pub(super) async fn prepare(config: &Config) -> Result<Prepared, Vec<Fault>> {
    let mut faults = Vec::new();
    let secret = keep(secret(&config.secret_key_file), &mut faults);
    let public = keep(bind(config.http.clone(), "http.listen"), &mut faults);
    let ops = config.ops.listen.clone().map(Http::on);
    let ops = ops.map(|listen| keep(bind(listen, "ops.listen"), &mut faults));
    let captive = keep(captive(&config.google).await, &mut faults);
    let reaches = reaches(&config.outbound);
    let reaches = keep(reaches, &mut faults);
    let store = keep(open(config, secret.is_some()).await, &mut faults);
    if let (Some(store), Some(secret)) = (&store, &secret) {
        keep(sound(store.as_ref(), *secret, config).await, &mut faults);
        keep(housed(store.as_ref(), config).await, &mut faults);
    }
    let ops = match ops {
        None => Some(None),
        Some(bound) => bound.map(Some),
    };
    match (store, secret, public, ops, captive, reaches) {
        (
            Some(store),
            Some(secret),
            Some(public),
            Some(ops),
            Some(captive),
            Some((outbound, aws)),
        ) if faults.is_empty() => Ok(Prepared {
            store,
            secret,
            public,
            ops,
            captive,
            outbound,
            aws,
        }),
        _ => Err(faults),
    }
}

/// Who fetches what strangers name, and who is asked whose signatures of AWS are.
fn reaches(settings: &Settings) -> Result<(Outbound, Witness), Fault> {
    let both = Witness::of(settings).and_then(|aws| Ok((Outbound::new(settings.clone())?, aws)));
    both.map_err(|error| Fault::new(Crn::CONFIG_VALUE, error.to_string()))
}

fn keep<T>(result: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

/// The secret key. It is never made here: a server whose key is gone must not seal with another.
fn secret(path: &Path) -> Result<[u8; 32], Fault> {
    let wrong = |why: String| {
        Fault::new(
            Crn::SECRET_KEY,
            format!("secret_key_file {}: {why}", path.display()),
        )
    };
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => wrong("it is not there".to_owned())
            .fix("carnet init makes one; where there is a database already, bring back the one that belongs to it"),
        _ => wrong(format!("it cannot be read: {error}")),
    })?;
    bytes.as_slice().try_into().map_err(|_| {
        wrong(format!(
            "it has {} bytes, and a secret key has 32",
            bytes.len()
        ))
    })
}

fn bind(http: Http, key: &str) -> Result<Bound, Fault> {
    Bound::new(http).map_err(|error| match error {
        NotBound::Address(..) => Fault::new(Crn::ADDRESS_NOT_AVAILABLE, format!("{key}: {error}")),
        NotBound::Certificate(_) => Fault::new(Crn::TLS_FILES, format!("http.tls: {error}")),
    })
}

/// Google's names, if they are to be held.
async fn captive(google: &Google) -> Result<Option<Captive>, Fault> {
    let kept = Kept::In(google.folder.clone().unwrap_or_default());
    let bound = Captive::bind(google, &kept).await;
    bound.map_err(|error| Fault::new(error.code(), format!("google: {}", error.what())))
}

/// Opens the database and brings it up to date. Without its secret key a new SQLite file would be
/// begun for nothing, so none is.
async fn open(config: &Config, may_create: bool) -> Result<Arc<dyn Store>, Fault> {
    let missing = if may_create {
        carnet_store::Missing::Create
    } else {
        carnet_store::Missing::Refuse
    };
    let options = Options {
        missing,
        ..Options::default()
    };
    let opened = carnet_store::open(&config.database_url, options).await;
    opened.map_err(|error| {
        let code = error.crn().unwrap_or(Crn::CONFIG_VALUE);
        Fault::new(code, format!("database_url: {error}"))
    })
}

fn unreadable(error: &carnet_core::store::Fault) -> Fault {
    let what = format!("database_url: it cannot be read: {error}");
    Fault::new(Crn::DATABASE_NOT_REACHABLE, what)
}

/// The project is there that apps would belong to which register themselves. The server's own is made by
/// the start.
async fn housed(store: &dyn Store, config: &Config) -> Result<(), Fault> {
    let Some(id) = &config.registration.project else {
        return Ok(());
    };
    if id.as_str() == system::PROJECT
        || store
            .project(id)
            .await
            .map_err(|error| unreadable(&error))?
            .is_some()
    {
        return Ok(());
    }
    let what = format!("registration.project {id}: there is no such project");
    let fix =
        format!("start without it, make it (carnet project create {id}), and start with it again");
    Err(Fault::new(Crn::CONFIG_VALUE, what).fix(fix))
}

/// The database is whole, and its keys open with this secret.
async fn sound(store: &dyn Store, secret: [u8; 32], config: &Config) -> Result<(), Fault> {
    let keys = store
        .signing_keys()
        .await
        .map_err(|error| unreadable(&error))?;
    if keys.is_empty() {
        let own = system::PROJECT.parse().ok();
        let begun = match &own {
            Some(own) => store
                .project(own)
                .await
                .map_err(|error| unreadable(&error))?
                .is_some(),
            None => false,
        };
        return if begun {
            let what =
                "database_url: the database has records and no signing keys, so some of it is lost";
            Err(Fault::new(Crn::DATABASE_DAMAGED, what).fix("restore the latest backup"))
        } else {
            Ok(())
        };
    }
    let path = config.secret_key_file.display();
    let fault =
        |what: String| Fault::new(Crn::SECRET_KEY, format!("secret_key_file {path}: {what}"));
    let encryption = KeyEncryptionKey::new(secret).map_err(|error| fault(error.to_string()))?;
    match Keyring::open(&keys, &encryption) {
        Ok(_) => Ok(()),
        Err(KeyringFault::Sealed(_)) => Err(fault(
            "it does not open the signing keys of this database".to_owned(),
        )
        .fix("give the server the key file that belongs to this database")),
        Err(other) => Err(Fault::new(
            Crn::DATABASE_DAMAGED,
            format!("database_url: {other}"),
        )),
    }
}
