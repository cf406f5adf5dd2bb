//! Amazon as the one who knows: a signed request that says to Amazon "who am I?".
//!
//! google-wire 6.3.
//!
//! 1. The region: `AWS_REGION`, `AWS_DEFAULT_REGION`, or the machine's own metadata service, which tells
//!    the zone (a letter more).
//! 2. The keys: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, or the metadata
//!    service: the name of the role, then its keys. Where the file names the address of a session (version 2 of it),
//!    one is begun first and shown with each request.
//! 3. `GetCallerIdentity` is signed and not sent. The provider's name is signed with it, so that the
//!    request is of no use at another provider.
//! 4. The subject token is the request as JSON, percent-encoded.

use http::HeaderName;
use http::HeaderValue;
use http::Request;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

use crate::adc::environment::Environment;
use crate::adc::members::Members;
use crate::adc::members::secure_url;
use crate::adc::sigv4;
use crate::adc::sigv4::AwsKeys;
use crate::adc::sigv4::Unsigned;
use crate::adc::source::Asking;
use crate::adc::token_url::body;
use crate::adc::token_url::get;
use crate::adc::token_url::way_to;
use crate::error::Error;
use crate::token::Secret;

const REGION: &str = "{region}";
const VERIFICATION: &str = "regional_cred_verification_url";
/// How long a session with the metadata service lives, in seconds: it is used at once.
const SESSION_SECONDS: HeaderValue = HeaderValue::from_static("300");
const SESSION_SECONDS_HEADER: HeaderName =
    HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
const SESSION_HEADER: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");

/// Where Amazon's things are.
#[derive(Debug)]
pub(crate) struct Aws {
    region_url: Option<Url>,
    keys_url: Option<Url>,
    session_url: Option<Url>,
    /// The address to which the request is signed, with `{region}` in it.
    verification: String,
}

impl Aws {
    /// Reads the `credential_source`.
    pub(crate) fn read(source: &Members) -> Result<Self, Error> {
        if source.needed("environment_id")? != "aws1" {
            return Err(source.fault("environment_id", "it is not aws1"));
        }
        let verification = source.needed(VERIFICATION)?;
        let example = Url::parse(&verification.replace(REGION, "us-east-1"));
        if !example.is_ok_and(|url| url.scheme() == "https" && url.has_host()) {
            return Err(source.fault(VERIFICATION, "it is not an https address"));
        }
        Ok(Self {
            region_url: source.local_url("region_url")?,
            keys_url: source.local_url("url")?,
            session_url: source.local_url("imdsv2_session_token_url")?,
            verification,
        })
    }

    /// The subject token.
    pub(crate) async fn token(&self, provider: &str, asking: Asking<'_>) -> Result<Secret, Error> {
        let metadata = Metadata {
            asking,
            session: self.session(asking).await?,
        };
        let region = self.region(&metadata).await?;
        let keys = self.keys(&metadata).await?;
        let url = self.verification.replace(REGION, &region);
        let signed_for = secure_url(&url)
            .map_err(|because| Error::source(format!("{VERIFICATION}: {because}: {url}")))?;
        let host = signed_for.host_str().unwrap_or_default();
        let service = host.split('.').next().unwrap_or_default();
        let headers = sigv4::sign(
            &Unsigned {
                method: "POST",
                url: &signed_for,
                region: &region,
                service: service.strip_suffix("-fips").unwrap_or(service),
                headers: &[("x-goog-cloud-target-resource", provider)],
                now: asking.now(),
            },
            &keys,
        );
        Ok(serialized(&url, &headers))
    }

    /// Rule 2: a session is begun only where something has to be asked for.
    async fn session(&self, asking: Asking<'_>) -> Result<Option<Secret>, Error> {
        let environment = asking.environment;
        let known = region_of(environment).is_some() && keys_of(environment).is_some();
        let Some(url) = self.session_url.as_ref().filter(|_| !known) else {
            return Ok(None);
        };
        let request = Request::put(url.as_str())
            .header(SESSION_SECONDS_HEADER, SESSION_SECONDS)
            .body(Vec::new())
            .map_err(|cause| Error::argument(format!("{url} cannot be asked: {cause}")))?;
        let mut outside = asking.outside.clone();
        outside.transport = way_to(url, &outside.transport)?;
        let judge = |response: &_| body(response, url.as_str()).map(Secret::new);
        outside.ask(&request, asking.tries, judge).await.map(Some)
    }

    async fn region(&self, metadata: &Metadata<'_>) -> Result<String, Error> {
        let region = match (region_of(metadata.asking.environment), &self.region_url) {
            (Some(region), _) => region,
            (None, Some(url)) => {
                let zone = metadata.text(url).await?;
                let mut region = zone.reveal().trim().to_owned();
                region.pop();
                region
            }
            (None, None) => {
                return Err(Error::source(
                    "the region of AWS is not known: AWS_REGION is not set, and the file has no \
                     region_url",
                ));
            }
        };
        // It becomes part of a host name.
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if region.is_empty() || !region.chars().all(plain) {
            return Err(Error::source("the region of AWS is not the name of one"));
        }
        Ok(region)
    }

    async fn keys(&self, metadata: &Metadata<'_>) -> Result<AwsKeys, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            access_key_id: String,
            secret_access_key: String,
            token: Option<String>,
        }
        if let Some(keys) = keys_of(metadata.asking.environment) {
            return Ok(keys);
        }
        let url = self.keys_url.as_ref().ok_or_else(|| {
            Error::source(
                "there are no keys of AWS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not \
                 both set, and the file has no url",
            )
        })?;
        let role = metadata.text(url).await?;
        let role = role.reveal().lines().next().unwrap_or_default().trim();
        let mut url = url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(role);
        }
        let answer = metadata.text(&url).await?;
        let answer: Answer = serde_json::from_str(answer.reveal())
            .map_err(|_| Error::answer(url.as_str(), "it is no JSON with the keys of a role"))?;
        Ok(AwsKeys {
            id: answer.access_key_id,
            secret: Secret::new(&answer.secret_access_key),
            session: answer.token.as_deref().map(Secret::new),
        })
    }
}

/// The metadata service of the machine, in a session.
struct Metadata<'a> {
    asking: Asking<'a>,
    session: Option<Secret>,
}

impl Metadata<'_> {
    async fn text(&self, url: &Url) -> Result<Secret, Error> {
        let mut request = get(url)?;
        if let Some(session) = &self.session {
            let mut value = HeaderValue::try_from(session.reveal().trim())
                .map_err(|_| Error::source("the metadata service of AWS gave no session"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(SESSION_HEADER, value);
        }
        let mut outside = self.asking.outside.clone();
        outside.transport = way_to(url, &outside.transport)?;
        let judge = |response: &_| body(response, url.as_str()).map(Secret::new);
        outside.ask(&request, self.asking.tries, judge).await
    }
}

fn region_of(environment: &Environment) -> Option<String> {
    let region = environment.text("AWS_REGION");
    region.or_else(|| environment.text("AWS_DEFAULT_REGION"))
}

fn keys_of(environment: &Environment) -> Option<AwsKeys> {
    Some(AwsKeys {
        id: environment.text("AWS_ACCESS_KEY_ID")?,
        secret: Secret::new(&environment.text("AWS_SECRET_ACCESS_KEY")?),
        session: environment
            .text("AWS_SESSION_TOKEN")
            .map(|token| Secret::new(&token)),
    })
}

/// Rule 4.
fn serialized(url: &str, headers: &[(String, String)]) -> Secret {
    #[derive(Serialize)]
    struct Signed<'a> {
        headers: Vec<Header<'a>>,
        method: &'static str,
        url: &'a str,
    }
    #[derive(Serialize)]
    struct Header<'a> {
        key: &'a str,
        value: &'a str,
    }
    let signed = Signed {
        headers: headers
            .iter()
            .map(|(key, value)| Header { key, value })
            .collect(),
        method: "POST",
        url,
    };
    // Strings always serialise.
    let json = serde_json::to_string(&signed).unwrap_or_default();
    Secret::new(&sigv4::percent_encoded(&json, "/"))
}
