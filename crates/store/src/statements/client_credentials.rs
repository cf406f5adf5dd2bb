//! By what a client proves itself beside secrets, as it stands in its settings.

use carnet_core::record::CertificateName;
use carnet_core::record::CertificateNameKind;
use carnet_core::record::ClientKeys;
use carnet_core::record::Credentials;
use carnet_jose::JwkSet;
use serde_json::Value;
use serde_json::json;

pub(super) fn write(credentials: &Credentials) -> Value {
    let elsewhere = credentials.keys.as_ref().and_then(ClientKeys::elsewhere);
    let inline = credentials.keys.as_ref().and_then(ClientKeys::inline);
    let certificate = credentials.certificate.as_ref();
    let certificate = certificate.map(|name| json!([name.kind().as_str(), name.to_string()]));
    json!({ "jwks": inline, "jwks_uri": elsewhere, "certificate": certificate })
}

pub(super) fn read(value: &Value) -> Option<Credentials> {
    let given = |name| value.get(name).filter(|value| !value.is_null());
    let keys = match (given("jwks"), given("jwks_uri")) {
        (None, None) => None,
        (Some(set), _) => Some(ClientKeys::Inline(read_set(set)?)),
        (None, Some(url)) => Some(ClientKeys::At(url.as_str()?.parse().ok()?)),
    };
    let certificate = match value.get("certificate") {
        None | Some(Value::Null) => None,
        Some(name) => Some(read_name(name)?),
    };
    Some(Credentials { keys, certificate })
}

fn read_name(value: &Value) -> Option<CertificateName> {
    let text = |place| value.get(place).and_then(Value::as_str);
    let (word, name) = (text(0)?, text(1)?);
    let mut kinds = CertificateNameKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.as_str() == word)?;
    CertificateName::new(kind, name).ok()
}

/// A key that cannot be read any more is not passed over: who wrote it could.
fn read_set(value: &Value) -> Option<JwkSet> {
    let set = JwkSet::parse(value.to_string().as_bytes()).ok()?;
    set.skipped.is_empty().then_some(set)
}
