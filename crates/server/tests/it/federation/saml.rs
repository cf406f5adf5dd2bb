//! Assertions of SAML 2.0 (google-wire 6.4): exchanged by a build that has it, told to be absent by one that has not.

#[cfg(feature = "saml")]
mod exchanged;

use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::SamlProvider;
use carnet_core::value::UnixTime;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::saml::IdentityProvider;
use carnet_testkit::saml::Said;
use carnet_testkit::world::READ;

use super::scene::EXCHANGE;
use super::scene::JWT;
use super::scene::Scene;
use super::scene::trusts;

const SAML: &str = "urn:ietf:params:oauth:token-type:saml2";

/// A scene whose provider trusts an identity provider of SAML.
struct Saml {
    scene: Scene,
    identity: IdentityProvider,
}

impl Saml {
    async fn new() -> Self {
        let mut scene = Scene::new().await;
        let identity = IdentityProvider::new("https://idp.example/saml", UnixTime(scene.now));
        let kind = ProviderKind::Saml(SamlProvider {
            metadata: identity.metadata(),
            entity: identity.entity.clone(),
            certificates: vec![identity.certificate().to_vec()],
        });
        scene
            .set(|provider| {
                provider.kind = kind;
                let mapping = [
                    ("google.subject", "assertion.subject"),
                    ("attribute.team", "assertion.attributes['team'][0]"),
                ];
                let owned = mapping.map(|(name, text)| (name.to_owned(), text.to_owned()));
                provider.mapping = owned.into();
                provider.condition = Some("'build' in assertion.attributes.role".to_owned());
            })
            .await;
        Self { scene, identity }
    }

    fn said(&self) -> Said {
        let attributes = [("team", "payments"), ("role", "build")];
        Said {
            subject: "build-7".to_owned(),
            audience: format!("https:{}", self.scene.provider.name.audience()),
            recipient: format!("{ISSUER}/v1/token"),
            issued: UnixTime(self.scene.now - 5),
            expires: UnixTime(self.scene.now + 600),
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    async fn exchange(&self, kind: &str, token: &str) -> Answer {
        let audience = self.scene.provider.name.audience();
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience.as_str()),
            ("scope", READ),
            ("subject_token_type", kind),
            ("subject_token", token),
        ];
        self.scene.server.post("/v1/token", &form).await
    }
}

#[cfg(not(feature = "saml"))]
#[tokio::test]
async fn google_wire_6_4_a_build_without_saml_says_so() {
    let saml = Saml::new().await;
    let token = saml.identity.sign(&saml.said());
    let answer = saml.exchange(SAML, &token).await;
    let told = saml.scene.refused(&answer, "invalid_request", 2506).await;
    assert!(told.contains("https://idp.example/saml"), "{told}");
}

#[tokio::test]
async fn google_wire_6_4_each_kind_of_provider_takes_its_own_kind_of_token() {
    let mut saml = Saml::new().await;
    let token = saml.identity.sign(&saml.said());
    let jwt = saml.scene.issuer.sign(&saml.scene.claims());
    for (kind, token) in [(JWT, &token), (JWT, &jwt)] {
        let answer = saml.exchange(kind, token).await;
        saml.scene.refused(&answer, "invalid_request", 2505).await;
    }
    let issuer = saml.scene.issuer.url.clone();
    saml.scene
        .set(|provider| trusts(provider, &issuer, &[], ProviderKeys::Discovery))
        .await;
    let answer = saml.exchange(SAML, &token).await;
    saml.scene.refused(&answer, "invalid_request", 2505).await;
}
