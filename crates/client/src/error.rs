//! The one error of this crate: opaque, cheap to clone, and able to answer questions.
//!
//! What went wrong is printed first, what to do about it second. A program does not read that text;
//! it asks [`Error::code`] (the server's `error`), [`Error::is_temporary`] and
//! [`Error::is_refused`]. Nothing secret is ever in an error, and what a server said is made
//! printable and cut before it is kept.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use carnet_jose::KeyRefused;
use carnet_jose::SignFault;
use carnet_wire::crn::Crn;
use carnet_wire::google::KeyFileError;
use carnet_wire::legal::legal;
use carnet_wire::token::ErrorResponse;

/// How much of a server's description is kept, in bytes.
const LONGEST_DESCRIPTION: usize = 1000;
/// How much of a server's shorter words is kept: codes, addresses, trace ids.
const LONGEST_WORD: usize = 200;

/// What Google's libraries take for trouble that passes, in `error` or `error_description`
/// (google-wire 2.4).
const PASSING: [&str; 3] = [
    "internal_failure",
    "server_error",
    "temporarily_unavailable",
];

/// Something did not work: a key file, a request, or the server said no.
#[derive(Clone)]
pub struct Error(Arc<Kind>);

/// An error of somebody else.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// What it can be.
pub(crate) enum Kind {
    /// A file cannot be read.
    File { path: PathBuf, cause: io::Error },
    /// Neither the environment nor the well-known place names a key file.
    NoCredential(String),
    /// The file is not a key file.
    KeyFile(KeyFileError),
    /// A member of a credential file is not what belongs there.
    Credential { member: String, because: String },
    /// What a credential has its own token from gave none.
    Source(String),
    /// The private key cannot be used.
    PrivateKey(KeyRefused),
    /// What the program gave is not what belongs there.
    Argument(String),
    /// The key did not sign.
    Sign(SignFault),
    /// No answer came.
    Unreachable { url: String, cause: Cause },
    /// The server said no, in OAuth's words.
    Refused(Refused),
    /// Something said no, in no words that we know.
    Status {
        url: String,
        status: u16,
        retry_after: Option<Duration>,
    },
    /// The answer is not what this endpoint answers.
    Answer { url: String, cause: Cause },
    /// A person was asked to sign in, and did not answer in time.
    NobodyAnswered,
    /// There is no refresh token, and the access token is over.
    NoRefreshToken,
    /// The caller could not keep new tokens.
    NotKept(io::Error),
    /// The error happened with this file.
    In { path: PathBuf, error: Error },
}

/// The server's own words, made printable.
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) description: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) crn: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Refused {
    /// Keeps what a server answered.
    pub(crate) fn new(
        status: u16,
        answer: &ErrorResponse<'_>,
        retry_after: Option<Duration>,
    ) -> Self {
        let word = |text: &str| cut(text, LONGEST_WORD);
        let description = answer.error_description.as_deref();
        let described = description.and_then(find_crn);
        Self {
            status,
            code: word(&answer.error),
            description: description.map(|text| cut(text, LONGEST_DESCRIPTION)),
            trace_id: answer.trace_id.as_deref().map(word),
            crn: described.or_else(|| answer.error_uri.as_deref().and_then(find_crn)),
            retry_after,
        }
    }

    fn is_temporary(&self) -> bool {
        let passing = |text: &str| PASSING.contains(&text);
        is_temporary_status(self.status)
            || passing(&self.code)
            || self.description.as_deref().is_some_and(passing)
    }
}

/// The statuses after which Google's libraries try again, and 502, which a proxy answers while the
/// server starts anew.
fn is_temporary_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The beginning of a text, in legal characters.
fn cut(text: &str, longest: usize) -> String {
    let legal = legal(text);
    // Every character is one byte now.
    legal.get(..longest).unwrap_or(&legal).to_owned()
}

/// The first `CRN-nnnn` of a text.
fn find_crn(text: &str) -> Option<String> {
    let start = text.find("CRN-")?;
    let found = text.get(start..start + "CRN-nnnn".len())?;
    let digits = found.get("CRN-".len()..)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| found.to_owned())
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Arc::new(kind))
    }

    pub(crate) fn argument(because: impl Into<String>) -> Self {
        Self::new(Kind::Argument(because.into()))
    }

    /// What a credential has its own token from gave none.
    pub(crate) fn source(because: impl Into<String>) -> Self {
        Self::new(Kind::Source(because.into()))
    }

    pub(crate) fn answer(url: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::new(Kind::Answer {
            url: url.into(),
            cause: cause.into(),
        })
    }

    /// The server's `error`, where it refused (RFC 6749 §5.2), such as `invalid_grant`.
    pub fn code(&self) -> Option<&str> {
        self.refused().map(|refused| refused.code.as_str())
    }

    /// The server's `error_description`, where it refused: what a developer reads.
    pub fn description(&self) -> Option<&str> {
        self.refused()?.description.as_deref()
    }

    /// The cause in Carnet's catalogue, such as `CRN-2104`: the server's where it named one, else
    /// ours. `carnet explain CRN-2104` tells more.
    pub fn crn(&self) -> Option<&str> {
        match &*self.0 {
            Kind::File { .. } => Some("CRN-7005"),
            Kind::NoCredential(_) => Some("CRN-7006"),
            Kind::KeyFile(_) | Kind::PrivateKey(_) | Kind::Credential { .. } => Some("CRN-7003"),
            Kind::Unreachable { .. } => Some("CRN-7004"),
            Kind::Answer { .. } => Some("CRN-7007"),
            Kind::Refused(refused) => refused.crn.as_deref(),
            Kind::In { error, .. } => error.crn(),
            Kind::Argument(_)
            | Kind::Source(_)
            | Kind::Sign(_)
            | Kind::Status { .. }
            | Kind::NobodyAnswered
            | Kind::NoRefreshToken
            | Kind::NotKept(_) => None,
        }
    }

    /// The name of the request in the server's logs; `carnet explain` opens its story.
    pub fn trace_id(&self) -> Option<&str> {
        self.refused()?.trace_id.as_deref()
    }

    /// The HTTP status, where there was an answer that said no.
    pub fn status(&self) -> Option<u16> {
        match &*self.0 {
            Kind::Refused(refused) => Some(refused.status),
            Kind::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match &*self.0 {
            Kind::Refused(refused) => refused.retry_after,
            Kind::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same request may succeed later, unchanged. It was already tried three times.
    pub fn is_temporary(&self) -> bool {
        match &*self.0 {
            Kind::Unreachable { .. } => true,
            Kind::Status { status, .. } => is_temporary_status(*status),
            Kind::Refused(refused) => refused.is_temporary(),
            _ => false,
        }
    }

    /// Whether the server understood and said no: trying again is no use before something changes.
    pub fn is_refused(&self) -> bool {
        self.refused()
            .is_some_and(|refused| !refused.is_temporary())
    }

    fn refused(&self) -> Option<&Refused> {
        match &*self.0 {
            Kind::Refused(refused) => Some(refused),
            Kind::In { error, .. } => error.refused(),
            _ => None,
        }
    }

    /// What to do about it.
    fn advice(&self) -> &'static str {
        match &*self.0 {
            Kind::File { .. } => "Look at the path and at the owner of the file.",
            Kind::NoCredential(_) => {
                "Set GOOGLE_APPLICATION_CREDENTIALS to the path of the key file."
            }
            Kind::KeyFile(KeyFileError::LiteralLineEnds) => ESCAPED,
            Kind::PrivateKey(refused) => key_advice(refused),
            Kind::KeyFile(KeyFileError::OtherType) => {
                "Create a key of a service account: carnet sa key create NAME."
            }
            Kind::KeyFile(_) => "Let Carnet name the fault: carnet sa key check FILE.",
            Kind::Sign(_) => "Create a new key: carnet sa key create NAME.",
            Kind::Unreachable { .. } => {
                "Try the address by hand; HTTPS_PROXY names a proxy, SSL_CERT_FILE the \
                 certificates to trust."
            }
            Kind::Status { status: 404, .. } => "Compare the address with the key file's.",
            Kind::Status { .. } if self.is_temporary() => "Try again later.",
            Kind::Answer { .. } | Kind::Status { .. } => {
                "Look whether a proxy answers in place of the server."
            }
            Kind::Refused(refused) => refused_advice(refused),
            Kind::In { error, .. } => error.advice(),
            Kind::NobodyAnswered | Kind::NoRefreshToken => "Sign in again.",
            Kind::NotKept(_) => "They are still in memory: try again once they can be kept.",
            Kind::Argument(_) | Kind::Credential { .. } | Kind::Source(_) => "",
        }
    }
}

/// The classic: a key went through an environment variable.
const ESCAPED: &str = "The value was escaped when it was put into an environment variable: replace \
                       each backslash and n by a line end when reading it, or keep the key in a \
                       file.";

fn key_advice(refused: &KeyRefused) -> &'static str {
    use carnet_jose::pem::NotPem;

    match refused {
        KeyRefused::Pem(NotPem::EscapedLineBreaks) => ESCAPED,
        KeyRefused::Pem(NotPem::EncodedTwice) => "Decode the base64 once before reading the key.",
        KeyRefused::Pem(NotPem::Encrypted) => {
            "Remove the password: openssl pkey -in KEY -out PLAIN."
        }
        _ => "Let Carnet name the fault: carnet sa key check FILE.",
    }
}

/// The likeliest remedy that the catalogue knows for the server's own code.
fn refused_advice(refused: &Refused) -> &'static str {
    let crn = refused
        .crn
        .as_deref()
        .and_then(|crn| crn.parse::<Crn>().ok());
    match crn.and_then(|crn| crn.entry().fixes.first()) {
        Some(fix) => fix.action,
        None if refused.is_temporary() => "Try again later.",
        None => "Compare the request with what the server allows this account.",
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what(f)?;
        match self.advice() {
            "" => Ok(()),
            advice => write!(f, ". {advice}"),
        }
    }
}

impl Error {
    /// What went wrong, without the advice.
    fn what(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(crn), false) = (
            self.crn(),
            matches!(&*self.0, Kind::Refused(_) | Kind::In { .. }),
        ) {
            write!(f, "{crn}: ")?;
        }
        match &*self.0 {
            Kind::File { path, cause } => write!(f, "{} cannot be read: {cause}", path.display()),
            Kind::NoCredential(looked) => write!(f, "there is no credential: {looked}"),
            Kind::KeyFile(fault) => write!(f, "{fault}"),
            Kind::PrivateKey(fault) => write!(f, "private_key cannot be used: {fault}"),
            Kind::Argument(because) | Kind::Source(because) => f.write_str(because),
            Kind::Credential { member, because } => write!(f, "{member}: {because}"),
            Kind::Sign(fault) => write!(f, "{fault}"),
            Kind::Unreachable { url, cause } => write!(f, "{url} gave no answer: {cause}"),
            Kind::Status { url, status, .. } => {
                write!(f, "{url} answered with status {status} and no error code")
            }
            Kind::Answer { url, cause } => write!(f, "{url} answered something else: {cause}"),
            Kind::Refused(refused) => write!(f, "{refused}"),
            Kind::NobodyAnswered => f.write_str("nobody answered in time"),
            Kind::NoRefreshToken => {
                f.write_str("the access token is over, and there is no refresh token")
            }
            Kind::NotKept(cause) => write!(f, "the new tokens could not be kept: {cause}"),
            Kind::In { path, error } => {
                write!(f, "{}: ", path.display())?;
                error.what(f)
            }
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused: {}", self.code)?;
        if let Some(description) = &self.description {
            write!(f, ": {}", description.trim_end_matches('.'))?;
        }
        match &self.trace_id {
            Some(trace_id) => write!(f, " (trace {trace_id})"),
            None => Ok(()),
        }
    }
}

/// The same words as `Display`: tests and `main` print errors so.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::File { cause, .. } | Kind::NotKept(cause) => Some(cause),
            Kind::KeyFile(fault) => Some(fault),
            Kind::PrivateKey(fault) => Some(fault),
            Kind::Sign(fault) => Some(fault),
            Kind::Unreachable { cause, .. } | Kind::Answer { cause, .. } => Some(&**cause),
            Kind::In { error, .. } => error.source(),
            Kind::NoCredential(_)
            | Kind::Argument(_)
            | Kind::Credential { .. }
            | Kind::Source(_)
            | Kind::Refused(_)
            | Kind::Status { .. }
            | Kind::NobodyAnswered
            | Kind::NoRefreshToken => None,
        }
    }
}

#[cfg(test)]
mod tests;
