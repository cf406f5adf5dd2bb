//! What exists in every installation before anybody made anything: the project `carnet` with the
//! API of this server itself and the app that the command line is, and our own keys.

pub mod command_line;

use carnet_core::record::Api;
use carnet_core::record::ApiScope;
use carnet_core::record::AssertionRules;
use carnet_core::record::Audience;
use carnet_core::record::Project;
use carnet_core::record::ProjectState;
use carnet_core::record::Risk;
use carnet_core::record::TokenFormat;
use carnet_core::record::Visibility;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::ApiId;
use carnet_core::value::Entropy;
use carnet_core::value::NotAText;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::Algorithm;
use carnet_wire::google::SCOPE_CLOUD_PLATFORM;
use carnet_wire::google::SCOPE_IAM;
use carnet_wire::google::SCOPES_OF_GCLOUD;
use carnet_wire::google::SCOPES_OF_USERINFO;

use crate::keyring;
use crate::keyring::KeyEncryptionKey;

/// The project that the server's own API belongs to.
pub const PROJECT: &str = "carnet";

/// The identifier of the server's own API, and the `aud` of tokens for it. It does not depend on the
/// public URL, so that moving a server to another name breaks no stored token or program.
pub const ADMIN_API: &str = "urn:carnet:admin";

/// Where the server's own API begins.
pub const ADMIN_PATH: &str = "/admin/v1";

/// Reads and writes the admin API, as far as roles allow.
pub const SCOPE_ADMIN: &str = "carnet.admin";

/// Reads the admin API, as far as roles allow.
pub const SCOPE_ADMIN_READ: &str = "carnet.admin.read";

/// Asks what a token says: for APIs that take opaque tokens.
pub const SCOPE_INTROSPECT: &str = "carnet.introspect";

/// The identifier of the API that Google's scopes for its cloud belong to, and the `aud` of tokens for it: IAM
/// Credentials and IAM, as this server has them (google-wire 5).
pub const CLOUD_API: &str = "urn:carnet:cloud";

/// Makes what is missing. Several nodes may start at once: who comes second finds it made.
pub async fn ensure(
    store: &dyn Store,
    now: UnixTime,
    entropy: &mut (dyn Entropy + Send),
    encryption: &KeyEncryptionKey,
) -> Result<(), Fault> {
    if store.signing_keys().await?.is_empty() {
        let keys = keyring::first_keys(now, entropy, encryption).map_err(Fault::lasting)?;
        let changes: Vec<_> = keys
            .into_iter()
            .map(|key| Change::Insert(Record::SigningKey(key)))
            .collect();
        commit(store, &changes).await?;
    }
    let id = PROJECT.parse().map_err(Fault::lasting)?;
    if store.project(&id).await?.is_none() {
        let records = own_api(now, entropy).map_err(Fault::lasting)?;
        commit(store, &records.map(Change::Insert)).await?;
    }
    if !has_cloud_api(store, &id).await? {
        // Somebody may have given these scopes to an API of their own: then they stay there.
        let api = cloud_api(id.clone(), now, entropy).map_err(Fault::lasting)?;
        commit(store, &[Change::Insert(api)]).await?;
    }
    let name = command_line::CLIENT.parse().map_err(Fault::lasting)?;
    if store.client(&name).await?.is_none() {
        let app = command_line::client(id, now)?;
        commit(store, &[Change::Insert(Record::Client(app))]).await?;
    }
    Ok(())
}

/// A lost race means that another node made it.
async fn commit(store: &dyn Store, changes: &[Change]) -> Result<(), Fault> {
    match store.commit(changes).await? {
        Committed::Yes | Committed::No(..) => Ok(()),
    }
}

async fn has_cloud_api(store: &dyn Store, project: &ProjectId) -> Result<bool, Fault> {
    let page = Page::first(Page::MOST);
    let apis = store.apis(Some(project), &page).await?;
    let mut names = apis.items.iter().map(|api| api.identifier.as_str());
    Ok(names.any(|name| name == CLOUD_API))
}

fn cloud_api(
    project: ProjectId,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<Record, NotAText> {
    let detail = "Uses service accounts that the caller may use.";
    let mut scopes = vec![
        scope(
            SCOPE_CLOUD_PLATFORM,
            "Use all of the cloud",
            detail,
            Risk::Administer,
        )?,
        scope(
            SCOPE_IAM,
            "Use service accounts and who may use them",
            detail,
            Risk::Administer,
        )?,
    ];
    for name in SCOPES_OF_GCLOUD {
        let (title, detail) = ("Asked for by gcloud", "Opens nothing here.");
        scopes.push(scope(name, title, detail, Risk::Read)?);
    }
    for name in SCOPES_OF_USERINFO {
        let (title, detail) = ("See whose token it is", "At userinfo, as Google calls it.");
        scopes.push(scope(name, title, detail, Risk::Read)?);
    }
    Ok(Record::Api(Api {
        id: ApiId::mint(now, entropy),
        project,
        identifier: CLOUD_API.parse()?,
        title: "Google cloud APIs".parse()?,
        tokens: TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        lifetime: Seconds(3_600),
        scopes,
        detail_types: Vec::new(),
        created: now,
        changed: now,
        version: Version::FIRST,
    }))
}

fn own_api(now: UnixTime, entropy: &mut dyn Entropy) -> Result<[Record; 2], NotAText> {
    let project = Project {
        id: PROJECT.parse()?,
        number: ProjectNumber::mint(entropy),
        organization: None,
        title: "Carnet".parse()?,
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: AssertionRules::default(),
        created: now,
        changed: now,
        version: Version::FIRST,
    };
    let api = Api {
        id: ApiId::mint(now, entropy),
        project: project.id.clone(),
        identifier: ADMIN_API.parse()?,
        title: "Carnet administration".parse()?,
        tokens: TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        lifetime: Seconds(3_600),
        scopes: vec![
            scope(
                SCOPE_ADMIN,
                "Administer this server",
                "As far as roles allow.",
                Risk::Administer,
            )?,
            scope(
                SCOPE_ADMIN_READ,
                "See how this server is set up",
                "Changes nothing.",
                Risk::Read,
            )?,
            scope(
                SCOPE_INTROSPECT,
                "Ask what a token says",
                "For APIs that take opaque tokens.",
                Risk::Read,
            )?,
        ],
        detail_types: Vec::new(),
        created: now,
        changed: now,
        version: Version::FIRST,
    };
    Ok([Record::Project(project), Record::Api(api)])
}

fn scope(name: &str, title: &str, detail: &str, risk: Risk) -> Result<ApiScope, NotAText> {
    Ok(ApiScope {
        name: name
            .parse()
            .map_err(|_| NotAText::of("not a scope token"))?,
        title: title.parse()?,
        detail: detail.parse()?,
        risk,
        visibility: Visibility::Public,
    })
}
