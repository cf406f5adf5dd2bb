//! What this server proves itself with at the issuer of a workforce, sealed at rest: for one provider, issuer and client,
//! and it opens for no other.

use carnet_core::record::OidcProvider;
use carnet_core::store::Fault;
use carnet_core::value::AllowedAudience;
use carnet_core::value::IssuerUri;
use carnet_core::value::ProviderName;
use carnet_core::value::Secret;

use crate::keyring::KeyEncryptionKey;

/// For whom a secret is sealed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub provider: &'a ProviderName,
    pub issuer: &'a IssuerUri,
    pub client_id: &'a AllowedAudience,
}

impl Place<'_> {
    /// Seals a secret.
    pub(crate) fn seal(self, secret: &Secret, key: &KeyEncryptionKey) -> Result<Vec<u8>, Fault> {
        key.seal(secret.as_bytes(), &self.text())
            .map_err(Fault::lasting)
    }

    fn text(self) -> String {
        let Self {
            provider,
            issuer,
            client_id,
        } = self;
        format!("provider secret {provider} {issuer} {client_id}")
    }
}

/// The secret of a provider, if it has one.
pub(crate) fn open(
    provider: &ProviderName,
    oidc: &OidcProvider,
    key: &KeyEncryptionKey,
) -> Result<Option<Secret>, Fault> {
    let Some(web) = &oidc.web else {
        return Ok(None);
    };
    let Some(sealed) = &web.client_secret else {
        return Ok(None);
    };
    let place = Place {
        provider,
        issuer: &oidc.issuer,
        client_id: &web.client_id,
    };
    let text = key.open(sealed, &place.text()).map_err(Fault::lasting)?;
    let text = std::str::from_utf8(&text).map_err(Fault::lasting)?;
    Ok(Some(Secret::new(text.to_owned())))
}
