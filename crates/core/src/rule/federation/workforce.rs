//! People of a workforce sign in in their browsers, and a program gets tokens in their name (google-wire 6.2, 8.1).
//!
//! 1. [`begin`]: a program sends the browser here. The program is Google's command line, which everybody knows the id and
//!    the secret of: PKCE is the proof that the code comes back to whoever asked, and the browser is sent to this
//!    machine of its person, or to no other place than a page of ours that shows the code ([`Back`]).
//! 2. The issuer vouches for the person, and [`signed_in`] holds that against the provider by the same condition and
//!    mapping as a token that is exchanged ([`super::exchange`]). Only then there is a row, and a code.
//! 3. [`redeem`]: the code is good once, for five minutes, for the program, the redirect URI and the verifier that it was
//!    given to. A second redemption ends what the first one gave.
//! 4. [`grant`]: each access token, the first and each refreshed one, is decided anew: the provider and its pool as they
//!    are, the condition and the mapping over what the issuer said. Who is somebody else by now gets none.
//! 5. The sign-in ends when the pool's session does, which began when the person signed in. The refresh token does
//!    not rotate, since the file that it is in is shared and never written by those who read it; it ends with the sign-in.

use carnet_jose::digest;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::pkce::CodeChallenge;
use carnet_wire::pkce::CodeVerifier;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::scope::Scope;
use serde_json::Value;

use crate::record::OidcProvider;
use crate::record::ProviderKind;
use crate::record::WebSignIn;
use crate::record::WhyEnded;
use crate::record::WorkforceSignIn;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::assertion::foreign::Vouched;
use crate::rule::federation::exchange;
use crate::rule::federation::exchange::Facts;
use crate::rule::federation::mapping::Mapping;
use crate::rule::grant::refresh_token::LONGEST_ACCESS_TOKEN;
use crate::rule::token::AccessGrant;
use crate::rule::token::Subject;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Record;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::UnixTime;

/// The ids of Google's command line, and of what it makes for programs. Their secrets are published: whoever says one of
/// these proves nothing, and is asked for nothing.
pub const PROGRAMS: [&str; 2] = [
    "32555940559.apps.googleusercontent.com",
    "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com",
];

/// Where Google's command line has a code shown to its person, who copies it. Nobody is sent there: the code is shown
/// on a page of ours.
const SHOWN: [&str; 2] = [
    "https://sdk.cloud.google/authcode.html",
    "https://sdk.cloud.google/applicationdefaultauthcode.html",
];

/// Where programs on the person's machine wait, on any port (RFC 8252 section 7.3).
const LOOPBACK: [&str; 3] = ["http://localhost/", "http://127.0.0.1/", "http://[::1]/"];

/// How long a code is good for: a person may have to copy it from one machine to another. RFC 6749 section 4.1.2 has ten
/// minutes at most.
pub const CODE_LIFETIME: Seconds = Seconds::minutes(5);

/// How many bytes what an issuer said may have, as JSON.
pub const LONGEST_CLAIMS: usize = 16 * 1024;

/// Where the browser ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Back {
    /// At the program, on the person's machine.
    Program,
    /// At a page of ours, which shows the code.
    Page,
}

/// What a program asks for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Its id.
    pub client: &'a str,
    /// Where the browser shall be sent back to.
    pub redirect_uri: &'a str,
    /// What for.
    pub scope: Option<&'a Scope>,
    /// PKCE.
    pub challenge: &'a str,
}

/// Whether this is a program that may ask, and where the browser ends: what must be known before any no is sent back.
pub fn addressed(client: &str, redirect_uri: &str) -> Result<Back, Refusal> {
    if !PROGRAMS.contains(&client) {
        let sent = Echo::of(client);
        let detail = format!("client_id is '{sent}', which is not Google's command line.");
        return Err(Refusal::new(Crn::CLIENT_UNKNOWN, detail));
    }
    if SHOWN.contains(&redirect_uri) {
        return Ok(Back::Page);
    }
    let fits =
        |known: &&str| RedirectUri::parse(known).is_ok_and(|known| known.accepts(redirect_uri));
    if LOOPBACK.iter().any(fits) {
        return Ok(Back::Program);
    }
    let sent = Echo::of(redirect_uri);
    let detail = format!("redirect_uri is '{sent}', which is no port of this machine.");
    Err(Refusal::new(Crn::REDIRECT_URI, detail))
}

/// How people sign in at the provider in their browsers, if they do.
pub fn web(facts: &Facts) -> Result<(&OidcProvider, &WebSignIn), Refusal> {
    if let ProviderKind::Oidc(oidc) = &facts.provider.kind
        && let Some(web) = &oidc.web
    {
        return Ok((oidc, web));
    }
    // As for a provider that is not there: nobody has proved anything.
    let detail = "the provider does not exist, or lets nobody in.";
    let refusal = Refusal::new(Crn::STS_TARGET, detail);
    Err(facts.tell(refusal.because("why", "nobody signs in there in a browser")))
}

/// Whether the request may go on to the issuer.
pub fn begin<'f>(
    asked: &Asked<'_>,
    facts: &'f Facts,
    catalog: &Catalog,
) -> Result<(&'f OidcProvider, &'f WebSignIn), Refusal> {
    let found = web(facts)?;
    CodeChallenge::parse(asked.challenge, Some("S256")).map_err(|_| {
        let detail = "code_challenge is no SHA-256 in base64url.";
        Refusal::new(Crn::CODE_CHALLENGE_MALFORMED, detail)
    })?;
    exchange::may_have(facts, asked.scope, catalog)?;
    Ok(found)
}

/// What is written when the person was vouched for.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// What the program asked for; it was asked about by [`begin`].
    pub asked: Asked<'a>,
    /// What the issuer said.
    pub vouched: &'a Vouched,
    /// The same, sealed.
    pub sealed: Vec<u8>,
    /// The id of the row.
    pub id: AuthorizationId,
}

/// The row of somebody whom the provider lets in.
pub fn signed_in(
    signed: Signed<'_>,
    facts: &Facts,
    mapping: &Mapping,
    catalog: &Catalog,
    now: UnixTime,
) -> Result<WorkforceSignIn, Refusal> {
    let mapped = exchange::principal(mapping, signed.vouched)?;
    exchange::may_have(facts, signed.asked.scope, catalog)?;
    let client: Result<ClientId, _> = signed.asked.client.parse();
    let client = client.map_err(|_| unknown_code())?;
    Ok(WorkforceSignIn {
        id: signed.id,
        provider: facts.provider.name.clone(),
        subject: mapped.subject,
        client,
        scope: signed.asked.scope.cloned().unwrap_or_default(),
        claims: signed.sealed,
        redirect: digest::sha256(signed.asked.redirect_uri),
        challenge: signed.asked.challenge.to_owned(),
        created: now,
        code_ends: now + CODE_LIFETIME,
        ends: now + facts.pool.pool.session,
        redeemed: None,
        ended: None,
    })
}

/// What writes it, with its audit entry: who signed in, where, for which program.
#[must_use]
pub fn written(row: WorkforceSignIn, context: &Context<'_>) -> Vec<Change> {
    let pool = row.provider.pool();
    let who = format!(
        "principal://iam.googleapis.com/{pool}/subject/{}",
        row.subject
    );
    let context = Context {
        actor: &who,
        ..*context
    };
    let detail = [
        ("client_id", row.client.to_string()),
        ("scope", row.scope.to_string()),
        ("sign_in", row.id.to_string()),
        ("ends", row.ends.rfc3339()),
    ];
    let audit = context.audited("workforce.sign_in", &row.provider, &detail);
    vec![Change::Insert(Record::WorkforceSignIn(row)), audit]
}

/// What comes with a code.
#[derive(Clone, Copy, Debug)]
pub struct Redemption<'a> {
    /// The program.
    pub client: &'a str,
    /// Where the browser was sent back to.
    pub redirect_uri: Option<&'a str>,
    /// The proof that this is the program that asked.
    pub verifier: Option<&'a CodeVerifier<'a>>,
}

/// Whether the code may be redeemed, and what that writes. The token is decided by [`grant`] before it is written.
#[must_use]
pub fn redeem<'r>(
    row: Option<&'r WorkforceSignIn>,
    shown: Redemption<'_>,
    now: UnixTime,
) -> Verdict<&'r WorkforceSignIn> {
    let of_client = |row: &&WorkforceSignIn| row.client.as_str() == shown.client;
    let Some(row) = row.filter(of_client) else {
        return Verdict::refuse(unknown_code());
    };
    if let Err(refusal) = presented(row, shown) {
        return Verdict::refuse(tell(refusal, row));
    }
    if row.redeemed.is_some() {
        return replayed(row, now);
    }
    if row.ended.is_some() {
        return Verdict::refuse(tell(unknown_code(), row));
    }
    if row.code_ends <= now {
        let (life, age) = (CODE_LIFETIME.0, (now - row.created).0);
        let detail = format!("The code was valid for {life} s; it is {age} s old.");
        return Verdict::refuse(tell(Refusal::new(Crn::CODE_EXPIRED, detail), row));
    }
    Verdict::allow(row, vec![Change::SignInRedeemed(row.id, now)])
}

/// The no to a code that comes a second time: what the first redemption gave ends.
#[must_use]
pub fn replayed<'r>(row: &WorkforceSignIn, now: UnixTime) -> Verdict<&'r WorkforceSignIn> {
    let detail = "The code was already used; its tokens have been revoked.";
    Verdict {
        changes: vec![end(row, WhyEnded::CodeReplayed, now)],
        outcome: Err(tell(Refusal::new(Crn::CODE_REUSED, detail), row)),
    }
}

/// Ends a sign-in, and with it the tokens that name it.
#[must_use]
pub fn end(row: &WorkforceSignIn, why: WhyEnded, now: UnixTime) -> Change {
    Change::AuthorizationEnded {
        id: row.id,
        since: now,
        why,
        until: now + LONGEST_ACCESS_TOKEN,
    }
}

fn presented(row: &WorkforceSignIn, shown: Redemption<'_>) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::PKCE_MISMATCH, detail));
    let Some(verifier) = shown.verifier else {
        return refuse("code_verifier is missing; the request had a challenge.");
    };
    let held = CodeChallenge::parse(row.challenge.as_str(), Some("S256"))
        .is_ok_and(|challenge| challenge.holds(verifier, |bytes| digest::sha256(bytes)));
    if !held {
        return refuse("code_verifier does not match this code.");
    }
    let sent = shown.redirect_uri.map(digest::sha256);
    if sent != Some(row.redirect) {
        let detail = match sent {
            Some(_) => "redirect_uri differs from the one in the authorization request.",
            None => "redirect_uri is missing; the authorization request had one.",
        };
        return Err(Refusal::new(Crn::CODE_REDIRECT_URI, detail));
    }
    Ok(())
}

/// Whether a refresh token of this sign-in stands.
pub fn refreshed<'r>(
    row: Option<&'r WorkforceSignIn>,
    client: &str,
    now: UnixTime,
) -> Result<&'r WorkforceSignIn, Refusal> {
    let of_client = |row: &&WorkforceSignIn| row.client.as_str() == client;
    let Some(row) = row.filter(of_client) else {
        return Err(unknown_refresh());
    };
    if row.ended.is_some() || row.redeemed.is_none() {
        return Err(tell(
            unknown_refresh().because("why", "the sign-in has ended"),
            row,
        ));
    }
    if row.ends <= now {
        return Err(over(row, now));
    }
    Ok(row)
}

/// The access token of a sign-in that stands, as everything is now.
pub fn grant(
    row: &WorkforceSignIn,
    facts: &Facts,
    (mapping, claims): (&Mapping, Value),
    catalog: &Catalog,
    (now, entropy): (UnixTime, &mut dyn Entropy),
) -> Result<AccessGrant, Refusal> {
    let (oidc, web) = web(facts).map_err(|refusal| tell(refusal, row))?;
    still_vouched(&claims, oidc, web).map_err(|refusal| tell(facts.tell(refusal), row))?;
    // The pool's session may have become shorter since.
    let ends = row.ends.min(row.created + facts.pool.pool.session);
    if ends <= now {
        return Err(over(row, now));
    }
    let vouched = Vouched::elsewhere(claims, ends);
    let granted = exchange::principal(mapping, &vouched).and_then(|mapped| {
        if mapped.subject != row.subject {
            let detail = "the mapping of google.subject gives somebody else by now.";
            return Err(Refusal::new(Crn::FOREIGN_MAPPING, detail));
        }
        let chance = (now, entropy);
        exchange::decide(facts, (&vouched, mapped), Some(&row.scope), catalog, chance)
    });
    let mut granted = granted.map_err(|refusal| tell(facts.tell(refusal), row))?;
    if let Subject::Federated(who) = &mut granted.subject {
        who.sign_in = Some(row.id);
    }
    Ok(granted)
}

/// What was said was said by the issuer that the provider names now, to the client that it names now: whoever leaves an
/// issuer behind leaves its people behind.
fn still_vouched(claims: &Value, oidc: &OidcProvider, web: &WebSignIn) -> Result<(), Refusal> {
    if claims.get("iss").and_then(Value::as_str) != Some(oidc.issuer.as_str()) {
        let detail = "the provider has another issuer by now.";
        return Err(Refusal::new(Crn::FOREIGN_ISSUER, detail));
    }
    let client = web.client_id.as_str();
    let is_for_client = match claims.get("aud") {
        Some(Value::String(audience)) => audience == client,
        Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience == client),
        _ => false,
    };
    if is_for_client {
        return Ok(());
    }
    let detail = "the provider has another client_id by now.";
    Err(Refusal::new(Crn::FOREIGN_AUDIENCE, detail))
}

fn over(row: &WorkforceSignIn, now: UnixTime) -> Refusal {
    let age = (now - row.created).0;
    let detail = format!("The session of the pool is over: the person signed in {age} s ago.");
    tell(Refusal::new(Crn::REFRESH_TOKEN_AGE, detail), row)
}

fn tell(refusal: Refusal, row: &WorkforceSignIn) -> Refusal {
    let known = |name: &str| refusal.story.iter().any(|(told, _)| *told == name);
    let (provider, refusal) = (known("provider"), refusal);
    let refusal = refusal.because("sign_in", row.id.to_string());
    if provider {
        return refusal;
    }
    refusal.because("provider", row.provider.to_string())
}

/// The same for whatever is not a code of this program.
#[must_use]
pub fn unknown_code() -> Refusal {
    Refusal::new(Crn::CODE_UNKNOWN, "The code is not valid.")
}

/// The same for whatever is not a refresh token of this program.
#[must_use]
pub fn unknown_refresh() -> Refusal {
    Refusal::new(
        Crn::REFRESH_TOKEN_UNKNOWN,
        "The refresh token is not valid.",
    )
}

#[cfg(test)]
mod tests;
