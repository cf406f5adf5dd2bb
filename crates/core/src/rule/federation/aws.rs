//! A workload that AWS knows: the request that it signed to ask AWS who it is (google-wire 6.3, 6.4).
//!
//! 1. [`read`]: the request is that one request, to AWS and nobody else ([`SignedRequest`]); it names this provider;
//!    and it was signed at most 15 minutes ago, as long as AWS takes one.
//! 2. Who signed is known to a key that this server was given ([`LocalKey::signed`]), or to AWS, which is sent the
//!    request.
//! 3. [`vouched`]: who it is belongs to the account of the provider.
//!
//! The name of the provider is signed by Go's library, and not by Python's and Node's. Where it is not, whoever got hold
//! of a fresh request could have written it there; so nothing else may be signed that says for whom the request was made,
//! and `assertion.target_signed` lets a condition ask for more.

use carnet_jose::digest::constant_time_eq;
use carnet_jose::digest::hex;
use carnet_jose::digest::hmac_sha256;
use carnet_jose::digest::sha256;
use carnet_wire::crn::Crn;
use carnet_wire::google::aws::Caller;
use carnet_wire::google::aws::DATE;
use carnet_wire::google::aws::SESSION;
use carnet_wire::google::aws::SignedRequest;
use carnet_wire::google::aws::TARGET;
use carnet_wire::legal::Echo;
use serde_json::json;
use zeroize::Zeroizing;

use crate::record::AwsProvider;
use crate::rule::Refusal;
use crate::rule::assertion::foreign::Vouched;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How long a signed request is taken.
const FRESH: Seconds = Seconds::minutes(15);

/// By how much the clock of who signs may be ahead.
const AHEAD: Seconds = Seconds::minutes(5);

/// For how long AWS's word counts.
const COUNTS: Seconds = Seconds(3_600);

/// A key of AWS that this server was given, so that AWS need not be asked.
pub struct LocalKey {
    /// Its id.
    pub id: String,
    /// The secret.
    pub secret: Zeroizing<String>,
    /// The token of its session, if it is a temporary one.
    pub session: Option<Zeroizing<String>>,
    /// Whose it is.
    pub caller: Caller,
}

/// Without the secrets.
impl std::fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalKey")
            .field("id", &self.id)
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

/// Takes a subject token apart. `audiences`: the names of the provider.
pub fn read(text: &str, audiences: &[String], now: UnixTime) -> Result<SignedRequest, Refusal> {
    let request = SignedRequest::parse(text);
    let request = request.map_err(|why| {
        Refusal::new(
            Crn::FOREIGN_MALFORMED,
            format!("the signed request: {why}."),
        )
    })?;
    let target = request.header(TARGET).unwrap_or_default();
    if !audiences.iter().any(|taken| taken == target) {
        let sent = Echo::of(target);
        let detail = format!("{TARGET} is '{sent}', which is not the provider.");
        return Err(Refusal::new(Crn::FOREIGN_AUDIENCE, detail)
            .because("expected_audiences", audiences.join(" ")));
    }
    let Some(signed_at) = moment(request.header(DATE).unwrap_or_default()) else {
        let detail = format!("{DATE} is no moment like 20261126T101112Z.");
        return Err(Refusal::new(Crn::FOREIGN_TIMES, detail));
    };
    if now - signed_at > FRESH {
        let detail = format!("it was signed {} ago; {FRESH} are taken.", now - signed_at);
        return Err(Refusal::new(Crn::FOREIGN_EXPIRED, detail));
    }
    if signed_at - now > AHEAD {
        let detail = format!("it was signed {} in the future.", signed_at - now);
        return Err(Refusal::new(Crn::FOREIGN_TIMES, detail));
    }
    Ok(request)
}

/// What is known of who signed.
pub fn vouched(
    request: &SignedRequest,
    caller: &Caller,
    provider: &AwsProvider,
    now: UnixTime,
) -> Result<Vouched, Refusal> {
    if caller.account != provider.account {
        let detail = "it was signed for another account than the provider's.";
        return Err(Refusal::new(Crn::FOREIGN_ISSUER, detail)
            .because("account", caller.account.clone())
            .because("arn", caller.arn.clone())
            .because("expected_account", provider.account.clone()));
    }
    let claims = json!({
        "account": caller.account, "arn": caller.arn, "userid": caller.user,
        "target_signed": request.is_signed(TARGET),
    });
    Ok(Vouched::elsewhere(claims, now + COUNTS))
}

/// AWS says that the signature does not hold, or nobody whom it knows signed.
#[must_use]
pub fn not_signed(why: &str) -> Refusal {
    let detail = "the signature of the request does not hold.";
    Refusal::new(Crn::FOREIGN_SIGNATURE, detail).because("why", why)
}

impl LocalKey {
    /// Whether this key signed the request (AWS Signature Version 4).
    #[must_use]
    pub fn signed(&self, request: &SignedRequest) -> bool {
        let session = request.header(SESSION).unwrap_or_default();
        let own = self.session.as_ref().map_or("", |own| own.as_str());
        let signature = &request.signature;
        let expected = self.signature(request);
        constant_time_eq(session.as_bytes(), own.as_bytes())
            && signature.key == self.id
            && constant_time_eq(signature.hex.as_bytes(), expected.as_bytes())
    }

    fn signature(&self, request: &SignedRequest) -> String {
        let signature = &request.signature;
        let (day, region) = (&signature.day, &signature.region);
        let canonical = request.canonical(&hex(&sha256("")));
        let date = request.header(DATE).unwrap_or_default();
        let text = format!(
            "AWS4-HMAC-SHA256\n{date}\n{day}/{region}/sts/aws4_request\n{}",
            hex(&sha256(canonical))
        );
        let first = Zeroizing::new(format!("AWS4{}", self.secret.as_str()));
        let mut key = Zeroizing::new(hmac_sha256(first.as_bytes(), day.as_bytes()));
        for part in [region.as_str(), "sts", "aws4_request"] {
            key = Zeroizing::new(hmac_sha256(&*key, part.as_bytes()));
        }
        hex(&hmac_sha256(&*key, text.as_bytes()))
    }
}

/// `20261126T101112Z`.
fn moment(text: &str) -> Option<UnixTime> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(day, 8) || !digits(time, 6) {
        return None;
    }
    let (year, rest) = day.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let (hour, rest) = time.split_at_checked(2)?;
    let (minute, second) = rest.split_at_checked(2)?;
    UnixTime::from_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

#[cfg(test)]
mod tests;
