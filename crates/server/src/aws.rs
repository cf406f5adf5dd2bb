//! Who signed a request to AWS: known to a key that this server was given, or asked of AWS (google-wire 6.3, 6.4).
//!
//! 1. A key of `outbound.aws_keys_file` with this id decides alone: AWS is not asked about keys of ours.
//! 2. Else the request is sent as it was signed, to the host that it was signed for ([`carnet_wire::google::aws`] lets no
//!    other host through) by the guarded client ([`crate::outbound`]). `outbound.aws_url` may put another server in the
//!    place of AWS: a stand-in of an intranet or of a test.
//! 3. Of the answer the account, the ARN and the unique id are read, and nothing else.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use carnet_core::record::AwsProvider;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::federation::aws;
use carnet_core::rule::federation::aws::LocalKey;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::google::aws::Caller;
use carnet_wire::google::aws::LONGEST_ANSWER;
use carnet_wire::google::aws::QUERY;
use carnet_wire::google::aws::SignedRequest;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use crate::config::outbound::Outbound as Settings;
use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::NotFetched;
use crate::outbound::NotUsable;
use crate::outbound::Outbound;
use crate::outbound::Sent;
use crate::outbound::Wanted;

/// The longest file of keys, in bytes, and the most keys in it.
const LONGEST_FILE: u64 = 1024 * 1024;
const MOST_KEYS: usize = 1_000;

const WANTED: Wanted = Wanted {
    types: &["text/xml", "application/xml"],
    most_bytes: LONGEST_ANSWER,
    freshness: Freshness::NONE,
    named_by: NamedBy::Record,
};

/// Who is asked whose signatures are.
#[derive(Debug, Default)]
pub struct Witness {
    /// The keys that decide alone.
    pub keys: Vec<LocalKey>,
    /// Who answers in the place of AWS.
    pub at: Option<Url>,
}

impl Witness {
    /// The keys of the file that the settings name, and the stand-in for AWS.
    pub fn of(settings: &Settings) -> Result<Self, NotUsable> {
        let keys = settings.aws_keys_file.as_ref().map(|path| {
            let read = keys(path);
            read.map_err(|why| NotUsable::new("aws_keys_file", path, why))
        });
        Ok(Self {
            keys: keys.transpose()?.unwrap_or_default(),
            at: settings.aws_url.clone(),
        })
    }
}

/// A key, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    account: String,
    arn: String,
    user_id: String,
}

/// Reads a file of keys: a JSON array.
fn keys(path: &Path) -> Result<Vec<LocalKey>, String> {
    let mut text = Zeroizing::new(Vec::new());
    let opened = File::open(path).map_err(|error| error.to_string())?;
    let read = opened.take(LONGEST_FILE).read_to_end(&mut text);
    read.map_err(|error| error.to_string())?;
    // What serde says could hold a piece of a secret.
    let all: Vec<Written> = serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("it is no JSON array of keys of AWS (line {line}, column {column})")
    })?;
    if all.len() > MOST_KEYS {
        return Err(format!("there are more than {MOST_KEYS} keys in it"));
    }
    let key = |one: Written| {
        let secret = Zeroizing::new(one.secret_access_key);
        let session = one.session_token.map(Zeroizing::new);
        let caller = Caller::of(&one.account, &one.arn, &one.user_id);
        let id = one.access_key_id;
        let caller = caller.ok_or_else(|| {
            format!("the key {id}: account, arn and user_id are not those of somebody at AWS")
        })?;
        Ok(LocalKey {
            id,
            secret,
            session,
            caller,
        })
    };
    all.into_iter().map(key).collect()
}

/// What is known of who signed the subject token for this provider.
pub(crate) async fn vouched(
    (token, audiences): (&str, &[String]),
    provider: &AwsProvider,
    who: (&Witness, &Outbound),
    now: UnixTime,
) -> Result<Vouched, Refusal> {
    let request = aws::read(token, audiences, now)?;
    let caller = caller(&request, who).await?;
    aws::vouched(&request, &caller, provider, now)
}

async fn caller(
    request: &SignedRequest,
    (witness, outbound): (&Witness, &Outbound),
) -> Result<Caller, Refusal> {
    let mut keys = witness.keys.iter();
    if let Some(key) = keys.find(|key| key.id == request.signature.key) {
        return if key.signed(request) {
            Ok(key.caller.clone())
        } else {
            Err(aws::not_signed(
                "the key that this server has did not sign it",
            ))
        };
    }
    let unreachable = |why: String| {
        let detail = "AWS cannot be asked who signed.";
        Refusal::new(Crn::FOREIGN_KEYS, detail).because("why", why)
    };
    let (url, sent) = asked(request, witness.at.as_ref())
        .ok_or_else(|| unreachable("the request cannot be sent".to_owned()))?;
    match outbound.ask(&url, &sent, &WANTED).await {
        Ok(answer) => Caller::parse(&answer.body)
            .ok_or_else(|| unreachable("its answer says nobody".to_owned())),
        Err(NotFetched::Status(status @ (401 | 403))) => {
            Err(aws::not_signed(&format!("AWS answered {status}")))
        }
        // 400 among them: with it AWS also says that it is asked too often.
        Err(other) => Err(unreachable(other.to_string())),
    }
}

/// The request as it was signed. What is not signed stays here, but for the signature.
fn asked(request: &SignedRequest, at: Option<&Url>) -> Option<(Url, Sent)> {
    let place = match at {
        Some(other) => other.as_str().trim_end_matches('/').to_owned(),
        None => format!("https://{}", request.host),
    };
    let url = Url::parse(&format!("{place}/?{QUERY}")).ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        if *name == "authorization" || request.is_signed(name) {
            let mut value = HeaderValue::try_from(value).ok()?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    let method = match request.method {
        "GET" => Method::GET,
        _ => Method::POST,
    };
    let sent = Sent {
        method,
        headers,
        ..Sent::default()
    };
    Some((url, sent))
}

#[cfg(test)]
mod tests;
