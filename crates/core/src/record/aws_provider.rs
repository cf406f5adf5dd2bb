//! Accounts of Amazon's cloud and authorities of certificates, whose word counts at a provider (google-wire 6.4).

/// An account of Amazon's cloud: AWS says who signed a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AwsProvider {
    /// The account: twelve digits.
    pub account: String,
}

impl AwsProvider {
    /// Whether its account can be one.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Authorities whose certificates count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct X509Provider {
    /// The authorities, in DER: 1 to [`X509Provider::MOST_ANCHORS`].
    pub anchors: Vec<Vec<u8>>,
    /// Certificates between them and those of workloads, in DER, which workloads need not send:
    /// [`X509Provider::MOST_INTERMEDIATES`] at most.
    pub intermediates: Vec<Vec<u8>>,
}

impl X509Provider {
    /// The most authorities.
    pub const MOST_ANCHORS: usize = 3;

    /// The most certificates in between.
    pub const MOST_INTERMEDIATES: usize = 10;
}
