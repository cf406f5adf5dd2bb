//! The words with which an authorization request chooses: closed lists.
//!
//! OAuth 2.0 Multiple Response Type Encoding Practices §2 and §3, its Form Post Response Mode §2,
//! OpenID Connect Core §3.1.2.1.

use std::fmt;

/// A set of response types: `code`, or `code id_token`, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// A code.
    Code,
    /// An access token (the implicit grant).
    Token,
    /// An ID token.
    IdToken,
    /// Both tokens.
    IdTokenToken,
    /// A code and an ID token.
    CodeIdToken,
    /// A code and an access token.
    CodeToken,
    /// All three.
    CodeIdTokenToken,
    /// Nothing: only whether the user agrees.
    None,
}

impl ResponseType {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Code,
        Self::Token,
        Self::IdToken,
        Self::IdTokenToken,
        Self::CodeIdToken,
        Self::CodeToken,
        Self::CodeIdTokenToken,
        Self::None,
    ];

    /// The words, in their usual order.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Token => "token",
            Self::IdToken => "id_token",
            Self::IdTokenToken => "id_token token",
            Self::CodeIdToken => "code id_token",
            Self::CodeToken => "code token",
            Self::CodeIdTokenToken => "code id_token token",
            Self::None => "none",
        }
    }

    /// RFC 6749 §3.1.1: "the order of values does not matter". A word that comes twice is an error.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words: Vec<&str> = text.split(' ').take(4).collect();
        words.sort_unstable();
        let sorted = words.join(" ");
        Self::ALL.into_iter().find(|known| known.as_str() == sorted)
    }

    /// Whether a code is asked for.
    pub const fn has_code(self) -> bool {
        matches!(
            self,
            Self::Code | Self::CodeIdToken | Self::CodeToken | Self::CodeIdTokenToken
        )
    }

    /// Whether an access token comes through the browser.
    pub const fn has_token(self) -> bool {
        matches!(
            self,
            Self::Token | Self::IdTokenToken | Self::CodeToken | Self::CodeIdTokenToken
        )
    }

    /// Whether an ID token comes through the browser.
    pub const fn has_id_token(self) -> bool {
        matches!(
            self,
            Self::IdToken | Self::IdTokenToken | Self::CodeIdToken | Self::CodeIdTokenToken
        )
    }

    /// How the answer travels where the request does not say: tokens never in a query (§3.0 and §5
    /// of the response types).
    pub const fn default_mode(self) -> ResponseMode {
        if self.has_token() || self.has_id_token() {
            ResponseMode::Fragment
        } else {
            ResponseMode::Query
        }
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment, which no server sees.
    Fragment,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// The mode that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

/// What the user shall be asked again: a set.
#[expect(
    clippy::struct_excessive_bools,
    reason = "it is a set of words, and each is there or is not"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prompt {
    /// No page may be shown; alone (OpenID Connect Core §3.1.2.1).
    pub none: bool,
    /// Sign in again.
    pub login: bool,
    /// Agree again.
    pub consent: bool,
    /// Choose an account.
    pub select_account: bool,
    /// Make an account (Initiating User Registration 1.0 §4).
    pub create: bool,
}

impl Prompt {
    /// Reads the words; `None` where one is unknown, or where `none` is not alone.
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let place = match word {
                "none" => &mut prompt.none,
                "login" => &mut prompt.login,
                "consent" => &mut prompt.consent,
                "select_account" => &mut prompt.select_account,
                "create" => &mut prompt.create,
                _ => return None,
            };
            *place = true;
        }
        let asks = prompt.login || prompt.consent || prompt.select_account || prompt.create;
        (!(prompt.none && asks)).then_some(prompt)
    }
}
