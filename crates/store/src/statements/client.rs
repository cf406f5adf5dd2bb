//! OAuth clients, and their secrets, two at most to a client.
//!
//! What a client may do is JSON. A setting that an older version did not write is read as what it
//! meant then.

use std::collections::BTreeSet;

use carnet_core::record::About;
use carnet_core::record::AssertionAlgorithm;
use carnet_core::record::Client;
use carnet_core::record::ClientAlgorithms;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKind;
use carnet_core::record::ClientSecret;
use carnet_core::record::ClientSource;
use carnet_core::record::ClientState;
use carnet_core::record::Credentials;
use carnet_core::record::Exchange;
use carnet_core::record::GrantType;
use carnet_core::record::Legacy;
use carnet_core::record::Lifetimes;
use carnet_core::record::SecretUse;
use carnet_core::record::Trust;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::SecretId;
use carnet_core::value::WebPage;
use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::scope::Scope;
use serde_json::Value;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::client_credentials;
use crate::statements::json::parsed_items;
use crate::statements::json::read_scope;
use crate::statements::json::write_scope;

macro_rules! columns {
    () => {
        "id, project, title, kind, authentication, settings, source, state, state_since, \
         state_reason, created, changed, version"
    };
}

macro_rules! secret_columns {
    () => {
        "id, client, digest, ends_in, created, expires, version, sealed"
    };
}

macro_rules! used {
    ($lock:literal) => {
        concat!(
            "INSERT INTO secret_uses (secret, client, last_used, address, uses)
             SELECT id, client, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT)
             FROM client_secrets WHERE id = $1 ",
            $lock,
            " ON CONFLICT (secret) DO UPDATE SET
                address = CASE WHEN excluded.last_used >= secret_uses.last_used
                    THEN excluded.address ELSE secret_uses.address END,
                last_used = CASE WHEN excluded.last_used >= secret_uses.last_used
                    THEN excluded.last_used ELSE secret_uses.last_used END,
                uses = secret_uses.uses + excluded.uses"
        )
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM clients WHERE id = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM clients
        WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO clients (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    REPLACE = "UPDATE clients SET project = $2, title = $3, kind = $4, authentication = $5,
        settings = $6, source = $7, state = $8, state_since = $9, state_reason = $10,
        created = $11, changed = $12, version = $13
        WHERE id = $1 AND version + 1 = $13";
    /// Those that an administrator did not make, nobody invited, and nobody uses.
    UNUSED = concat!("SELECT ", columns!(), " FROM clients
        WHERE source <> 'admin' AND changed <= $1
            AND NOT EXISTS (SELECT 1 FROM registrations
                WHERE registrations.client = clients.id AND registrations.invited IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM consents WHERE consents.client = clients.id)
            AND NOT EXISTS (SELECT 1 FROM authorizations
                WHERE authorizations.client = clients.id)
            AND NOT EXISTS (SELECT 1 FROM secret_uses WHERE secret_uses.client = clients.id)
        ORDER BY changed, id LIMIT $2");
    REMOVE = "DELETE FROM clients WHERE id = $1 AND version = $2";
    /// An origin that a client says twice is registered once.
    ORIGIN_INSERT = "INSERT INTO client_origins (origin, client) VALUES ($1, $2)
        ON CONFLICT (origin, client) DO NOTHING";
    ORIGINS_CLEAR = "DELETE FROM client_origins WHERE client = $1";
    ORIGIN_KNOWN = "SELECT origin FROM client_origins WHERE origin = $1 LIMIT 1";
    /// Holds the client still until the commit ends, so that two writers cannot both count one
    /// secret. SQLite has one writer.
    LOCK = "SELECT 1 FROM clients WHERE id = $1",
        postgres: "SELECT 1 FROM clients WHERE id = $1 FOR NO KEY UPDATE";
    /// Two at most.
    SECRETS = concat!("SELECT ", secret_columns!(), " FROM client_secrets
        WHERE client = $1 ORDER BY created, id");
    SECRET_BY_ID = concat!("SELECT ", secret_columns!(), " FROM client_secrets WHERE id = $1");
    /// Inserts nothing where the client has two; the client was locked before. A secret that exists
    /// is let through, for the unique index to say so.
    SECRET_INSERT = concat!("INSERT INTO client_secrets (", secret_columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE (SELECT count(*) FROM client_secrets WHERE client = $2) < 2
            OR EXISTS (SELECT 1 FROM client_secrets WHERE id = $1)"),
        postgres: concat!("INSERT INTO client_secrets (", secret_columns!(), ")
        SELECT CAST($1 AS BYTEA), $2, CAST($3 AS BYTEA), $4, CAST($5 AS BIGINT),
            CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BYTEA)
        WHERE (SELECT count(*) FROM client_secrets WHERE client = $2) < 2
            OR EXISTS (SELECT 1 FROM client_secrets WHERE id = $1)");
    SECRET_REPLACE = "UPDATE client_secrets SET client = $2, digest = $3, ends_in = $4,
        created = $5, expires = $6, version = $7, sealed = $8
        WHERE id = $1 AND version + 1 = $7";
    SECRET_REMOVE = "DELETE FROM client_secrets WHERE id = $1 AND version = $2";
    USES = "SELECT secret, client, last_used, address, uses FROM secret_uses
        WHERE client = $1 ORDER BY secret";
    /// Adds to the count; touches nothing where the secret is gone. On PostgreSQL the secret is
    /// held, so that it cannot go between the look and the write.
    USED = used!(""), postgres: used!("FOR KEY SHARE");
}

words!(kind_word, kind, ClientKind {
    Web = "web",
    Browser = "browser",
    Native = "native",
    Device = "device",
    Daemon = "daemon",
});
words!(source_word, source, ClientSource {
    Admin = "admin",
    Registered = "registered",
    Document = "document",
});
words!(trust_word, trust, Trust { Own = "own", Known = "known", Unknown = "unknown" });

fn authentication(word: &str) -> Option<ClientAuthentication> {
    ClientAuthentication::ALL
        .into_iter()
        .find(|method| method.as_str() == word)
}

pub(crate) fn write(row: &Client) -> Vec<Param> {
    let (state, since, reason) = match &row.state {
        ClientState::Active => ("active", None, None),
        ClientState::Disabled { since, reason } => ("disabled", Some(*since), Some(reason)),
    };
    params![
        &row.id,
        &row.project,
        &row.title,
        kind_word(row.kind),
        row.authentication.as_str(),
        write_settings(row).to_string(),
        source_word(row.source),
        state,
        since,
        reason,
        row.created,
        row.changed,
        row.version,
    ]
}

fn write_settings(row: &Client) -> Value {
    let grants: Vec<_> = row.grants.iter().map(|grant| grant.as_str()).collect();
    json!({
        "redirect_uris": row.redirect_uris,
        "origins": row.origins,
        "grants": grants,
        "scopes": write_scope(&row.scopes),
        "default_scopes": write_scope(&row.default_scopes),
        "require_pkce": row.require_pkce,
        "require_par": row.require_par,
        "require_signed_request_object": row.require_signed_request_object,
        "require_dpop": row.require_dpop,
        "refresh_token_rotation": row.refresh_token_rotation,
        "algorithms": {
            "id_token": row.algorithms.id_token.as_str(),
            "assertion": row.algorithms.assertion.map(AssertionAlgorithm::as_str),
        },
        "exchange": {
            "audiences": row.exchange.audiences,
            "impersonate": row.exchange.impersonate,
            "may_act": row.exchange.may_act,
        },
        "certificate_bound": row.certificate_bound,
        "lifetimes": {
            "access_token": row.lifetimes.access_token,
            "refresh_idle": row.lifetimes.refresh_idle,
            "refresh_absolute": row.lifetimes.refresh_absolute,
        },
        "about": {
            "home": row.about.home,
            "logo": row.about.logo,
            "policy": row.about.policy,
            "terms": row.about.terms,
            "contacts": row.about.contacts,
        },
        "legacy": {
            "password": row.legacy.password,
            "implicit": row.legacy.implicit,
            "embedded_user_agents": row.legacy.embedded_user_agents,
        },
        "trust": trust_word(row.trust),
        "credentials": client_credentials::write(&row.credentials),
    })
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "as the record that it becomes"
)]
struct Settings {
    redirect_uris: Vec<RedirectUri>,
    origins: Vec<Origin>,
    grants: BTreeSet<GrantType>,
    scopes: Scope,
    default_scopes: Scope,
    require_pkce: bool,
    require_par: bool,
    require_signed_request_object: bool,
    require_dpop: bool,
    refresh_token_rotation: bool,
    algorithms: ClientAlgorithms,
    exchange: Exchange,
    certificate_bound: bool,
    lifetimes: Lifetimes,
    about: About,
    legacy: Legacy,
    trust: Trust,
    credentials: Credentials,
}

fn read_legacy(value: &Value) -> Option<Legacy> {
    let flag = |name| value.get(name).map_or(Some(false), Value::as_bool);
    Some(Legacy {
        password: flag("password")?,
        implicit: flag("implicit")?,
        embedded_user_agents: flag("embedded_user_agents")?,
    })
}

fn read_settings(value: &Value) -> Option<Settings> {
    let scope = |name| value.get(name).map_or(Some(Scope::default()), read_scope);
    let flag = |name| value.get(name).map_or(Some(false), Value::as_bool);
    Some(Settings {
        redirect_uris: parsed_items(value.get("redirect_uris")?)?,
        origins: value
            .get("origins")
            .map_or(Some(Vec::new()), parsed_items)?,
        grants: read_grants(value.get("grants")?)?,
        scopes: scope("scopes")?,
        default_scopes: scope("default_scopes")?,
        require_pkce: value.get("require_pkce")?.as_bool()?,
        require_par: flag("require_par")?,
        require_signed_request_object: flag("require_signed_request_object")?,
        require_dpop: flag("require_dpop")?,
        refresh_token_rotation: value
            .get("refresh_token_rotation")
            .map_or(Some(true), Value::as_bool)?,
        algorithms: value
            .get("algorithms")
            .map_or_else(|| Some(ClientAlgorithms::default()), read_algorithms)?,
        exchange: value
            .get("exchange")
            .map_or_else(|| Some(Exchange::default()), read_exchange)?,
        certificate_bound: flag("certificate_bound")?,
        lifetimes: value
            .get("lifetimes")
            .map_or_else(|| Some(Lifetimes::default()), read_lifetimes)?,
        about: value
            .get("about")
            .map_or_else(|| Some(About::default()), read_about)?,
        legacy: value
            .get("legacy")
            .map_or(Some(Legacy::default()), read_legacy)?,
        trust: trust(value.get("trust")?.as_str()?)?,
        credentials: value
            .get("credentials")
            .map_or_else(|| Some(Credentials::default()), client_credentials::read)?,
    })
}

fn read_algorithms(value: &Value) -> Option<ClientAlgorithms> {
    Some(ClientAlgorithms {
        id_token: value.get("id_token")?.as_str()?.parse().ok()?,
        assertion: match value.get("assertion")? {
            Value::Null => None,
            name => Some(name.as_str()?.parse().ok()?),
        },
    })
}

fn read_exchange(value: &Value) -> Option<Exchange> {
    Some(Exchange {
        audiences: parsed_items(value.get("audiences")?)?,
        impersonate: value.get("impersonate")?.as_bool()?,
        may_act: match value.get("may_act")? {
            Value::Null => None,
            id => Some(id.as_str()?.parse().ok()?),
        },
    })
}

fn read_lifetimes(value: &Value) -> Option<Lifetimes> {
    let length = |name| value.get(name)?.as_i64().map(Seconds);
    Some(Lifetimes {
        access_token: length("access_token")?,
        refresh_idle: length("refresh_idle")?,
        refresh_absolute: length("refresh_absolute")?,
    })
}

fn read_about(value: &Value) -> Option<About> {
    let page = |name| match value.get(name)? {
        Value::Null => Some(None),
        page => page.as_str()?.parse::<WebPage>().ok().map(Some),
    };
    Some(About {
        home: page("home")?,
        logo: page("logo")?,
        policy: page("policy")?,
        terms: page("terms")?,
        contacts: parsed_items(value.get("contacts")?)?,
    })
}

fn read_grants(value: &Value) -> Option<BTreeSet<GrantType>> {
    let grant = |item: &Value| {
        let word = item.as_str()?;
        GrantType::ALL
            .into_iter()
            .find(|grant| grant.as_str() == word)
    };
    value.as_array()?.iter().map(grant).collect()
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Client> {
    let (id, project, title) = (row.parsed()?, row.parsed()?, row.parsed()?);
    let kind = row.word(kind)?;
    let authentication = row.word(authentication)?;
    let settings = read_settings(&row.json()?).ok_or_else(|| row.unreadable())?;
    let source = row.word(source)?;
    Ok(Client {
        id,
        project,
        title,
        kind,
        authentication,
        redirect_uris: settings.redirect_uris,
        origins: settings.origins,
        grants: settings.grants,
        scopes: settings.scopes,
        default_scopes: settings.default_scopes,
        require_pkce: settings.require_pkce,
        require_par: settings.require_par,
        require_signed_request_object: settings.require_signed_request_object,
        require_dpop: settings.require_dpop,
        refresh_token_rotation: settings.refresh_token_rotation,
        algorithms: settings.algorithms,
        exchange: settings.exchange,
        certificate_bound: settings.certificate_bound,
        lifetimes: settings.lifetimes,
        about: settings.about,
        legacy: settings.legacy,
        trust: settings.trust,
        source,
        credentials: settings.credentials,
        state: read_state(row)?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn read_state(row: &mut Fields<'_>) -> Decoded<ClientState> {
    let state = row.text()?;
    match (state, row.maybe_time()?, row.maybe_parsed()?) {
        ("active", ..) => Ok(ClientState::Active),
        ("disabled", Some(since), Some(reason)) => Ok(ClientState::Disabled { since, reason }),
        _ => Err(row.unreadable()),
    }
}

pub(crate) fn read_origin(row: &mut Fields<'_>) -> Decoded<()> {
    row.text().map(drop)
}

pub(crate) fn write_secret(row: &ClientSecret) -> Vec<Param> {
    params![
        row.id,
        &row.client,
        row.digest,
        row.ends_in.as_str(),
        row.created,
        row.expires,
        row.version,
        row.sealed.as_deref(),
    ]
}

pub(crate) fn read_secret(row: &mut Fields<'_>) -> Decoded<ClientSecret> {
    Ok(ClientSecret {
        id: row.id(SecretId::from_bytes)?,
        client: row.parsed()?,
        digest: SecretDigest::from_bytes(row.array()?),
        ends_in: row.text()?.to_owned(),
        created: row.time()?,
        expires: row.maybe_time()?,
        version: row.version()?,
        sealed: row.maybe_bytes()?.map(<[u8]>::to_vec),
    })
}

pub(crate) fn write_use(row: &SecretUse) -> Vec<Param> {
    params![row.secret, row.last, row.address.as_str(), row.count]
}

pub(crate) fn read_use(row: &mut Fields<'_>) -> Decoded<SecretUse> {
    Ok(SecretUse {
        secret: row.id(SecretId::from_bytes)?,
        client: row.parsed()?,
        last: row.time()?,
        address: row.text()?.to_owned(),
        count: row.int()?,
    })
}
