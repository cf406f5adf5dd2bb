//! Why a document was not fetched, for the log and for the stranger who named it.

/// Why a document was not fetched. Its text is for operators: it says what was found inside the
/// network. [`NotFetched::told`] is for everybody else.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotFetched {
    /// The URL is not one that is fetched.
    #[error("{0}")]
    Url(&'static str),
    /// Its host has no address.
    #[error("its host has no address: {0}")]
    NoAddress(String),
    /// Its host has an address that is not public.
    #[error("{0} is not a public address, and outbound.allow does not list it")]
    NotPublic(std::net::IpAddr),
    /// Nobody answers, or not in HTTP.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// Its certificate is not good.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// It took too long.
    #[error("it took longer than {0} seconds")]
    TooSlow(u64),
    /// As much as allowed is being fetched already.
    #[error("too much is being fetched already")]
    Busy,
    /// The answer is not 200. Redirects are not followed.
    #[error("it was answered with status {0}")]
    Status(u16),
    /// The answer is not of the type that was wanted.
    #[error("its content type is not the one that is read")]
    ContentType,
    /// The answer is compressed, though nobody asked for that.
    #[error("it has a content encoding")]
    Encoded,
    /// The answer is too large.
    #[error("it has more than {0} bytes")]
    TooLarge(usize),
}

impl NotFetched {
    /// What whoever named the URL may know. Whether a host inside the network exists, listens or
    /// speaks TLS is not for them: those are one text.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Url(why) => (*why).to_owned(),
            Self::NoAddress(_)
            | Self::NotPublic(_)
            | Self::Unreachable(_)
            | Self::Tls(_)
            | Self::TooSlow(_)
            | Self::Busy => "it could not be fetched".to_owned(),
            Self::Status(status @ 300..=399) => {
                format!("it was answered with status {status}, and redirects are not followed")
            }
            Self::Status(_) | Self::ContentType | Self::Encoded | Self::TooLarge(_) => {
                self.to_string()
            }
        }
    }

    /// Whether it may be different soon: nothing is wrong with the document itself.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(
            self,
            Self::NoAddress(_)
                | Self::Unreachable(_)
                | Self::Tls(_)
                | Self::TooSlow(_)
                | Self::Busy
                | Self::Status(429 | 500..=599)
        )
    }
}
