//! Providers of pools. How one is verified is JSON with the kind as its one member.

use std::collections::BTreeMap;

use carnet_core::record::AwsProvider;
use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::SamlProvider;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::record::WorkloadProvider;
use carnet_core::record::X509Provider;
use carnet_jose::JwkSet;
use carnet_jose::Padding;
use carnet_jose::base64url;
use carnet_jose::x509::LONGEST;
use carnet_wire::scope::Scope;
use serde_json::Value;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::json::parsed_items;

macro_rules! columns {
    () => {
        "name, pool, title, description, kind, mapping, expression, disabled, deleted, created, \
         changed, version"
    };
}

statements! {
    BY_NAME = concat!("SELECT ", columns!(), " FROM workload_providers WHERE name = $1");
    /// Fifty at most.
    OF_POOL = concat!("SELECT ", columns!(), " FROM workload_providers
        WHERE pool = $1 ORDER BY name LIMIT $2");
    /// Those that were deleted until then, the earliest first.
    DELETED_UNTIL = concat!("SELECT ", columns!(), " FROM workload_providers
        WHERE deleted <= $1 ORDER BY deleted, name LIMIT $2");
    /// Inserts nothing where the pool has fifty.
    INSERT = concat!("INSERT INTO workload_providers (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
        WHERE (SELECT count(*) FROM workload_providers WHERE pool = $2) < 50
            OR EXISTS (SELECT 1 FROM workload_providers WHERE name = $1)"),
        postgres: concat!("INSERT INTO workload_providers (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, CAST($8 AS BIGINT), CAST($9 AS BIGINT),
            CAST($10 AS BIGINT), CAST($11 AS BIGINT), CAST($12 AS BIGINT)
        WHERE (SELECT count(*) FROM workload_providers WHERE pool = $2) < 50
            OR EXISTS (SELECT 1 FROM workload_providers WHERE name = $1)");
    REPLACE = "UPDATE workload_providers SET pool = $2, title = $3, description = $4, kind = $5,
        mapping = $6, expression = $7, disabled = $8, deleted = $9, created = $10, changed = $11,
        version = $12
        WHERE name = $1 AND version + 1 = $12";
    REMOVE = "DELETE FROM workload_providers WHERE name = $1 AND version = $2";
}

pub(crate) fn write(row: &WorkloadProvider) -> Vec<Param> {
    params![
        &row.name,
        &row.name.pool(),
        &row.title,
        &row.description,
        write_kind(&row.kind).to_string(),
        json!(row.mapping).to_string(),
        row.condition.as_deref(),
        row.disabled,
        row.deleted,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<WorkloadProvider> {
    let name = row.parsed()?;
    let _pool = row.text()?;
    Ok(WorkloadProvider {
        name,
        title: row.parsed()?,
        description: row.parsed()?,
        kind: read_kind(&row.json()?).ok_or_else(|| row.unreadable())?,
        mapping: read_mapping(&row.json()?).ok_or_else(|| row.unreadable())?,
        condition: row.maybe_text()?.map(str::to_owned),
        disabled: row.flag()?,
        deleted: row.maybe_time()?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_kind(kind: &ProviderKind) -> Value {
    match kind {
        ProviderKind::Oidc(oidc) => {
            let keys = match &oidc.keys {
                ProviderKeys::Discovery => Value::Null,
                ProviderKeys::Inline(set) => json!(set.to_json()),
            };
            let mut value =
                json!({ "issuer": oidc.issuer, "audiences": oidc.audiences, "keys": keys });
            if let Some(web) = &oidc.web {
                value["web"] = write_web(web);
            }
            json!({ "oidc": value })
        }
        ProviderKind::Saml(saml) => {
            let certificates = write_certificates(&saml.certificates);
            json!({ "saml": {
                "metadata": saml.metadata, "entity": saml.entity, "certificates": certificates,
            } })
        }
        ProviderKind::Aws(aws) => json!({ "aws": { "account": aws.account } }),
        ProviderKind::X509(x509) => json!({ "x509": {
            "anchors": write_certificates(&x509.anchors),
            "intermediates": write_certificates(&x509.intermediates),
        } }),
    }
}

fn read_kind(value: &Value) -> Option<ProviderKind> {
    if let Some(saml) = value.get("saml") {
        return Some(ProviderKind::Saml(read_saml(saml)?));
    }
    if let Some(aws) = value.get("aws") {
        let account = aws.get("account")?.as_str()?.to_owned();
        return Some(ProviderKind::Aws(AwsProvider { account }));
    }
    if let Some(x509) = value.get("x509") {
        return Some(ProviderKind::X509(X509Provider {
            anchors: read_certificates(x509.get("anchors")?)?,
            intermediates: read_certificates(x509.get("intermediates")?)?,
        }));
    }
    let oidc = value.get("oidc")?;
    let keys = match oidc.get("keys")? {
        Value::Null => ProviderKeys::Discovery,
        keys => ProviderKeys::Inline(JwkSet::parse(keys.as_str()?.as_bytes()).ok()?),
    };
    Some(ProviderKind::Oidc(OidcProvider {
        issuer: oidc.get("issuer")?.as_str()?.parse().ok()?,
        audiences: parsed_items(oidc.get("audiences")?)?,
        keys,
        web: match oidc.get("web") {
            None => None,
            Some(web) => Some(Box::new(read_web(web)?)),
        },
    }))
}

fn write_web(web: &WebSignIn) -> Value {
    json!({
        "client": web.client_id,
        "secret": web.client_secret.as_ref().map(base64url::encode),
        "response": web.response.as_str(),
        "claims": web.claims.as_str(),
        "scopes": web.scopes,
    })
}

fn read_web(web: &Value) -> Option<WebSignIn> {
    let text = |name| web.get(name)?.as_str();
    Some(WebSignIn {
        client_id: text("client")?.parse().ok()?,
        client_secret: match web.get("secret")? {
            Value::Null => None,
            sealed => Some(base64url::decode(sealed.as_str()?, Padding::Strict, LONGEST).ok()?),
        },
        response: WebResponse::of(text("response")?)?,
        claims: WebClaims::of(text("claims")?)?,
        scopes: Scope::parse(text("scopes")?).ok()?,
    })
}

fn read_saml(saml: &Value) -> Option<SamlProvider> {
    let text = |name| Some(saml.get(name)?.as_str()?.to_owned());
    Some(SamlProvider {
        metadata: text("metadata")?,
        entity: text("entity")?,
        certificates: read_certificates(saml.get("certificates")?)?,
    })
}

fn write_certificates(all: &[Vec<u8>]) -> Vec<String> {
    all.iter().map(base64url::encode).collect()
}

fn read_certificates(all: &Value) -> Option<Vec<Vec<u8>>> {
    let der = |one: &Value| base64url::decode(one.as_str()?, Padding::Strict, LONGEST).ok();
    all.as_array()?.iter().map(der).collect()
}

fn read_mapping(value: &Value) -> Option<BTreeMap<String, String>> {
    let member = |(name, text): (&String, &Value)| Some((name.clone(), text.as_str()?.to_owned()));
    value.as_object()?.iter().map(member).collect()
}
