//! Short texts with a limit, and the names that follow a pattern of Google's.

use std::fmt;
use std::str::FromStr;

use carnet_wire::client_metadata::DocumentId;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::redirect_uri::RedirectUriKind;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::value::DomainName;
use crate::value::Entropy;

/// The text does not fit its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NotAText(&'static str);

/// No control characters: a text of ours may end in a log line, a header or a page.
fn printable(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// Lower-case letters, digits and hyphens; begins with a letter, does not end with a hyphen.
fn slug(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $why:literal, $sound:expr) => {
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAText;

            fn from_str(text: &str) -> Result<Self, NotAText> {
                let sound: fn(&str) -> bool = $sound;
                if sound(text) { Ok(Self(text.into())) } else { Err(NotAText($why)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text!(
    /// What a thing is called on a page: 0 to 100 bytes, no control characters.
    Title,
    "at most 100 bytes, without control characters",
    |text| text.len() <= 100 && printable(text)
);
text!(
    /// A sentence about a thing: 0 to 256 bytes, no control characters.
    Description,
    "at most 256 bytes, without control characters",
    |text| text.len() <= 256 && printable(text)
);
text!(
    /// A project's id, chosen once: 4 to 30 of `[a-z0-9-]`, first a letter, last not a hyphen.
    ProjectId,
    "4 to 30 lower-case letters, digits and hyphens, first a letter, last not a hyphen",
    |text| (4..=30).contains(&text.len()) && slug(text)
);
text!(
    /// The local part of a service account's e-mail: 2 to 30 of `[a-z0-9-]` (Google asks for 6; a
    /// short name such as `ci` harms nobody).
    AccountId,
    "2 to 30 lower-case letters, digits and hyphens, first a letter, last not a hyphen",
    |text| (2..=30).contains(&text.len()) && slug(text)
);
text!(
    /// What an API is called in `aud`: an absolute URI without fragment, at most 255 characters of
    /// printable ASCII (RFC 8707 section 2).
    ApiIdentifier,
    "an absolute URI without fragment, at most 255 characters",
    |text| {
        text.len() <= 255
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !text.contains(['#', '"', '\\'])
            && text.split_once(':').is_some_and(|(scheme, rest)| {
                !rest.is_empty()
                    && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                    && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            })
    }
);
text!(
    /// A service account's e-mail: `NAME@PROJECT.iam.gserviceaccount.com`.
    ServiceAccountEmail,
    "not a service account's e-mail",
    |text| {
        text.len() <= 254
            && text.split_once('@').is_some_and(|(name, domain)| {
                !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                    && domain.parse::<DomainName>().is_ok()
                    && !domain.bytes().any(|byte| byte.is_ascii_uppercase())
            })
    }
);
text!(
    /// An OAuth client's `client_id`: 1 to 128 of `[A-Za-z0-9._~-]`, so that it means the same in a
    /// URL, a form and a header (RFC 6749 section 2.2). Not digits alone: those are service accounts.
    /// Or the URL of a document about the client ([`DocumentId`]).
    ClientId,
    "1 to 128 letters, digits and ._~-, not digits alone",
    |text| {
        if DocumentId::claims(text) {
            return DocumentId::parse(text).is_ok();
        }
        (1..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
            && !text.bytes().all(|byte| byte.is_ascii_digit())
    }
);
text!(
    /// A page about an app that people may open: https, at most 2048 printable ASCII characters,
    /// without user information, fragment or another spelling of an IP address. It is held to what
    /// a redirect URI is held to, since a browser follows it too.
    WebPage,
    "an https:// address of at most 2048 characters, without a fragment",
    |text| {
        text.parse::<RedirectUri>()
            .is_ok_and(|uri| uri.kind() == RedirectUriKind::Https)
    }
);

text!(
    /// The issuer of somebody else's tokens, byte for byte as it writes itself: an http or https URL of at
    /// most 2000 printable ASCII characters, without user, query and fragment (OpenID Connect Discovery 1.0
    /// section 3). Plain http is for issuers on this machine; whether it is reached is not decided here.
    IssuerUri,
    "an https:// URL of at most 2000 characters, without query and fragment",
    |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.map(|rest| rest.split('/').next().unwrap_or_default());
        text.len() <= 2_000
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !text.contains(['?', '#', '@', '"', '\\', '<', '>'])
            && host.is_some_and(|host| !host.is_empty())
    }
);
text!(
    /// An `aud` that a provider takes: 1 to 256 printable characters.
    AllowedAudience,
    "1 to 256 characters, without control characters",
    |text| (1..=256).contains(&text.chars().count()) && printable(text)
);

text!(
    /// Which `sub` of an issuer elsewhere is taken: this one, or with a `*` at its end each one that begins so. 1 to 255
    /// printable characters.
    SubjectPattern,
    "1 to 255 characters, with a * at the end at most",
    |text| (1..=255).contains(&text.chars().count())
        && printable(text)
        && !text.trim_end_matches('*').contains('*')
        && !text.ends_with("**")
);

impl SubjectPattern {
    /// Whether it fits this `sub`.
    #[must_use]
    pub fn takes(&self, sub: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => sub.starts_with(beginning),
            None => *self.0 == *sub,
        }
    }
}

impl ClientId {
    /// The document about the client, where its id is the URL of one.
    #[must_use]
    pub fn document(&self) -> Option<DocumentId> {
        DocumentId::claims(&self.0).then(|| DocumentId::parse(&self.0).ok())?
    }

    /// A new one, which begins like the name of the app so that a log can be read.
    #[must_use]
    pub fn mint(title: &Title, entropy: &mut dyn Entropy) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut slug = String::new();
        for letter in title.as_str().chars().take(64) {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = match slug.trim_end_matches('-') {
            "" => "app",
            slug => slug,
        };
        let mut bytes = [0; 6];
        entropy.fill(&mut bytes);
        let tail = bytes.iter().filter_map(|byte| {
            let letter = LETTERS.get(usize::from(byte & 31))?;
            Some(char::from(*letter))
        });
        Self(format!("{slug}-{}", tail.collect::<String>()).into())
    }
}

impl Default for Title {
    fn default() -> Self {
        Self("".into())
    }
}

impl Default for Description {
    fn default() -> Self {
        Self("".into())
    }
}

impl NotAText {
    /// A text that does not fit for this reason.
    #[must_use]
    pub const fn of(why: &'static str) -> Self {
        Self(why)
    }
}

impl ServiceAccountEmail {
    /// The e-mail of an account with this name in this project.
    #[must_use]
    pub fn of(name: &AccountId, project: &ProjectId) -> Self {
        Self(format!("{name}@{project}.iam.gserviceaccount.com").into())
    }
}

#[cfg(test)]
mod tests {
    use super::AccountId;
    use super::ApiIdentifier;
    use super::ClientId;
    use super::ProjectId;
    use super::ServiceAccountEmail;
    use super::Title;
    use super::WebPage;
    use crate::value::Counting;

    #[test]
    fn google_wire_1_3_an_account_has_googles_email_form() {
        let name: AccountId = "invoice-sync".parse().expect("a name");
        let project: ProjectId = "billing".parse().expect("a project");
        let email = ServiceAccountEmail::of(&name, &project);
        assert_eq!(
            email.as_str(),
            "invoice-sync@billing.iam.gserviceaccount.com"
        );
        assert_eq!(email.as_str().parse(), Ok(email));
    }

    #[test]
    fn rfc6749_2_2_a_client_id_is_plain_and_never_a_service_accounts() {
        for text in ["demo-web", "a", "A.b_c~d", "0x", "https://app.example/c"] {
            assert!(text.parse::<ClientId>().is_ok(), "{text}");
        }
        let long = "a".repeat(129);
        for text in [
            "",
            "a b",
            "a:b",
            "http://app.example/c",
            "https://app.example",
            "é",
            "104857291830027466113",
            long.as_str(),
        ] {
            assert!(text.parse::<ClientId>().is_err(), "{text}");
        }
        for (title, begins) in [("Acme Web!", "acme-web-"), ("日本", "app-"), ("42", "42-")] {
            let title: Title = title.parse().expect("a title");
            let id = ClientId::mint(&title, &mut Counting(0));
            assert!(id.as_str().starts_with(begins), "{id}");
            assert_eq!(id.as_str().parse(), Ok(id));
        }
    }

    #[test]
    fn a_page_about_an_app_is_https_and_harmless() {
        for text in ["https://a.example", "https://a.example:8443/terms?x=1"] {
            assert!(text.parse::<WebPage>().is_ok(), "{text}");
        }
        let long = format!("https://a.example/{}", "a".repeat(2_048));
        for text in [
            "",
            "http://a.example/",
            "http://127.0.0.1/",
            "javascript:alert(1)",
            "com.a:/x",
            "https://a@b.example/",
            "https://a.example/\n",
            "https://a.example/\"onerror=",
            "https://0x7f.1/",
            long.as_str(),
        ] {
            assert!(text.parse::<WebPage>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_follow_their_pattern() {
        for text in ["", "Abcd", "1abc", "abc-", "ab", "a_bc", &"a".repeat(31)] {
            assert!(text.parse::<ProjectId>().is_err(), "{text}");
        }
        assert!("line\nbreak".parse::<Title>().is_err());
        assert!(
            "https://api.acme.example/invoices"
                .parse::<ApiIdentifier>()
                .is_ok()
        );
        for text in ["invoices", "https://a/#b", "https://a/\"", ":x", "https:"] {
            assert!(text.parse::<ApiIdentifier>().is_err(), "{text}");
        }
    }
}
