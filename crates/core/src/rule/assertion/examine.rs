//! Every check that can be made of an assertion without its trust, each on its own: for a person who
//! looks at one, where the engine stops at the first fault.

use carnet_wire::assertion::AssertionClaims;

use super::identity::{for_itself, identity};
use super::judge::{OwnAudiences, Wanted, audience, delegated, wanted, window};
use super::prove::issuer;
use crate::rule::Refusal;
use crate::value::{ServiceIdentity, UnixTime};

/// A check: what was looked at, and what was found or why it is refused.
pub type Examined = (&'static str, Result<String, Refusal>);

/// Makes all of them. Google's audiences count as ours, since whether they do depends on the key.
#[must_use]
pub fn examine(
    claims: &AssertionClaims<'_>,
    own: Option<&OwnAudiences>,
    now: UnixTime,
) -> Vec<Examined> {
    if let Ok(identity) = identity(claims) {
        return of_identity(claims, &identity, own, now);
    }
    let iss = issuer(claims).map(str::to_owned);
    let account = claims.iss.text().unwrap_or_default();
    let mut checks = vec![
        ("iss", iss),
        (
            "time",
            window(claims, now).map(|expires| good_until(expires, now)),
        ),
        ("scope", wanted(claims).map(|(wanted, _)| asked(&wanted))),
        (
            "sub",
            delegated(claims, &[account]).map(|user| match user {
                Some(user) => format!("acts for {user}"),
                None => "the account acts for itself".to_owned(),
            }),
        ),
    ];
    checks.extend(own.map(|own| for_us(claims, own)));
    checks
}

/// The same of a service identity's token, whose API the request names and not the token.
fn of_identity(
    claims: &AssertionClaims<'_>,
    identity: &ServiceIdentity,
    own: Option<&OwnAudiences>,
    now: UnixTime,
) -> Vec<Examined> {
    let time = window(claims, now).map(|expires| good_until(expires, now));
    let sub = for_itself(claims).map(|()| "the identity asks for itself".to_owned());
    let iss = format!("{identity}, which is {}", identity.email());
    let mut checks = vec![("iss", Ok(iss)), ("time", time), ("sub", sub)];
    checks.extend(own.map(|own| for_us(claims, own)));
    checks
}

fn for_us(claims: &AssertionClaims<'_>, own: &OwnAudiences) -> Examined {
    let names: Vec<_> = claims.aud.iter().collect();
    ("aud", audience(claims, own, true).map(|()| names.join(" ")))
}

fn good_until(expires: UnixTime, now: UnixTime) -> String {
    if expires > now {
        format!("valid for {} more", expires - now)
    } else {
        format!("ended {} ago, which clocks are forgiven", now - expires)
    }
}

fn asked(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Access(scope) => format!("an access token with {scope}"),
        Wanted::Id(audience) => format!("an ID token for {audience}"),
        Wanted::At { api, .. } => format!("an access token for {api}"),
    }
}

#[cfg(test)]
mod tests {
    use carnet_wire::assertion::AssertionClaims;
    use carnet_wire::crn::Crn;

    use super::{OwnAudiences, examine};
    use crate::value::UnixTime;

    const NOW: UnixTime = UnixTime(1_800_000_000);

    fn codes(json: &str) -> Vec<(&'static str, Option<Crn>)> {
        let claims = AssertionClaims::parse(json.as_bytes()).unwrap();
        let own = OwnAudiences::of("https://auth.example");
        let checks = examine(&claims, Some(&own), NOW);
        let codes = checks
            .into_iter()
            .map(|(about, found)| (about, found.err().map(|refusal| refusal.crn)));
        codes.collect()
    }

    #[test]
    fn every_fault_is_found_not_only_the_first() {
        let found = codes(
            r#"{"iss":"sync","iat":1800000900,"exp":1800001000,"scopes":"a","sub":"dana","aud":"https://other.example"}"#,
        );
        assert_eq!(
            found,
            [
                ("iss", Some(Crn::ISS_NOT_AN_ACCOUNT)),
                ("time", Some(Crn::IAT_IN_THE_FUTURE)),
                ("scope", Some(Crn::SCOPES_MISNAMED)),
                ("sub", Some(Crn::SUB_NOT_AN_EMAIL)),
                ("aud", Some(Crn::AUDIENCE)),
            ]
        );
    }

    #[test]
    fn google_wire_8_4_a_service_identity_is_looked_at_as_one() {
        let found = codes(
            r#"{"iss":"system:serviceaccount:a-project:sync","sub":"sync","iat":1800000000,"exp":1800003600,"aud":"https://auth.example/token"}"#,
        );
        let faults: Vec<_> = found.iter().filter(|(_, fault)| fault.is_some()).collect();
        assert_eq!(faults, [&("sub", Some(Crn::IDENTITY_SUBJECT))]);
        assert!(!found.iter().any(|(about, _)| *about == "scope"));
    }

    #[test]
    fn a_good_assertion_has_no_fault() {
        let found = codes(
            r#"{"iss":"a@b.example","iat":1800000000,"exp":1800003600,"scope":"x","sub":"a@b.example","aud":"https://auth.example/token"}"#,
        );
        assert!(found.iter().all(|(_, fault)| fault.is_none()), "{found:?}");
    }
}
