//! What a commit touched, as far as anybody keeps a copy of it.

use std::fmt;
use std::str::FromStr;

use crate::value::ClientId;
use crate::value::OrganizationId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::TokenId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// Something of which copies may be kept: by this node's caches, and by other nodes'.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Topic {
    /// A service account or its keys. With the e-mail where the account itself was written, since
    /// under that name somebody may remember that there was none; else empty.
    Account(UniqueId, String),
    /// An OAuth client or its secrets.
    Client(ClientId),
    /// A project.
    Project(ProjectId),
    /// An organization or one of its policies.
    Organization(OrganizationId),
    /// Which organization a domain belongs to, users, groups, memberships.
    People,
    /// Any API or scope.
    Apis,
    /// The delegations of this client ID.
    Delegations(UniqueId),
    /// Who may do what with this service account.
    AccountPolicy(UniqueId),
    /// Who holds which role.
    Roles,
    /// A pool or one of its providers.
    Pool(PoolName),
    /// An issuer elsewhere that is trusted.
    TrustedIssuer(TrustedIssuerId),
    /// Our own keys.
    SigningKeys,
    /// A token was revoked; it would have lived until then.
    Revoked(TokenId, UnixTime),
    /// What was revoked under this id is not any more.
    Restored(TokenId),
    /// Unknown, or more than can be said (a feed was interrupted): drop every copy.
    Everything,
}

impl fmt::Display for Topic {
    /// One line, as the feed between nodes carries it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id, email) => write!(f, "account {id} {email}"),
            Self::Client(id) => write!(f, "client {id}"),
            Self::Project(id) => write!(f, "project {id}"),
            Self::Organization(id) => write!(f, "organization {id}"),
            Self::People => f.write_str("people"),
            Self::Apis => f.write_str("apis"),
            Self::Delegations(id) => write!(f, "delegations {id}"),
            Self::AccountPolicy(id) => write!(f, "account-policy {id}"),
            Self::Roles => f.write_str("roles"),
            Self::Pool(name) => write!(f, "pool {name}"),
            Self::TrustedIssuer(id) => write!(f, "trusted-issuer {id}"),
            Self::SigningKeys => f.write_str("signing-keys"),
            Self::Revoked(id, until) => write!(f, "revoked {id} {}", until.0),
            Self::Restored(id) => write!(f, "restored {id}"),
            Self::Everything => f.write_str("everything"),
        }
    }
}

impl FromStr for Topic {
    type Err = std::convert::Infallible;

    /// A line that this version does not know means [`Topic::Everything`]: a newer node may speak
    /// of things that we keep too.
    fn from_str(line: &str) -> Result<Self, Self::Err> {
        Ok(known(line).unwrap_or(Self::Everything))
    }
}

fn known(line: &str) -> Option<Topic> {
    let mut words = line.split(' ');
    let topic = match words.next()? {
        "account" => Topic::Account(words.next()?.parse().ok()?, words.next()?.to_owned()),
        "client" => Topic::Client(words.next()?.parse().ok()?),
        "project" => Topic::Project(words.next()?.parse().ok()?),
        "organization" => Topic::Organization(words.next()?.parse().ok()?),
        "people" => Topic::People,
        "apis" => Topic::Apis,
        "delegations" => Topic::Delegations(words.next()?.parse().ok()?),
        "account-policy" => Topic::AccountPolicy(words.next()?.parse().ok()?),
        "roles" => Topic::Roles,
        "pool" => Topic::Pool(words.next()?.parse().ok()?),
        "trusted-issuer" => Topic::TrustedIssuer(words.next()?.parse().ok()?),
        "signing-keys" => Topic::SigningKeys,
        "revoked" => Topic::Revoked(
            words.next()?.parse().ok()?,
            UnixTime(words.next()?.parse().ok()?),
        ),
        "restored" => Topic::Restored(words.next()?.parse().ok()?),
        _ => return None,
    };
    words.next().is_none().then_some(topic)
}

#[cfg(test)]
mod tests {
    use super::Topic;
    use crate::value::Counting;
    use crate::value::TokenId;
    use crate::value::TrustedIssuerId;
    use crate::value::UniqueId;
    use crate::value::UnixTime;

    #[test]
    fn a_topic_crosses_the_feed_as_a_line() {
        let id = UniqueId::mint(&mut Counting(0));
        for topic in [
            Topic::Account(id.clone(), "ci@demo.iam.gserviceaccount.com".to_owned()),
            Topic::Client("demo-web".parse().unwrap()),
            Topic::Delegations(id.clone()),
            Topic::AccountPolicy(id),
            Topic::People,
            Topic::Apis,
            Topic::Roles,
            Topic::Pool(
                "locations/global/workforcePools/acme-staff"
                    .parse()
                    .unwrap(),
            ),
            Topic::TrustedIssuer(TrustedIssuerId::mint(UnixTime(5), &mut Counting(0))),
            Topic::SigningKeys,
            Topic::Revoked(TokenId::mint(UnixTime(5), &mut Counting(0)), UnixTime(77)),
            Topic::Restored(TokenId::mint(UnixTime(5), &mut Counting(0))),
        ] {
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
    }

    #[test]
    fn a_line_from_the_future_drops_every_copy() {
        assert_eq!("weather fine".parse(), Ok(Topic::Everything));
        assert_eq!("account 12".parse(), Ok(Topic::Everything));
    }
}
