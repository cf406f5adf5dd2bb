//! A redirect URI that was sent to us for an app and is not registered for it: whoever set the app up sees
//! that a slash is missing, without asking anybody.

use carnet_wire::redirect_uri::Difference;

use crate::value::ClientId;
use crate::value::UnixTime;

/// What was sent, how often and when. Collected in memory and written in batches, as
/// [`KeyUse`](crate::record::KeyUse) is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefusedRedirect {
    /// The app.
    pub client: ClientId,
    /// What was sent, without user information, query and fragment, as printable ASCII; at most
    /// [`Self::LONGEST`] bytes.
    pub uri: String,
    /// The registered one that it nearly was, the last time.
    pub near: Option<Near>,
    /// When first.
    pub first: UnixTime,
    /// When last.
    pub last: UnixTime,
    /// How often: in a change the number to add, in a reading the sum.
    pub count: i64,
}

/// Which registered URI it nearly was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Near {
    /// The registered one.
    pub registered: String,
    /// The one thing by which they differ.
    pub difference: Difference,
}

impl RefusedRedirect {
    /// How many are kept of an app. Where there are more, those that are near to nothing go first, then
    /// those that were not sent for the longest.
    pub const MOST: u16 = 20;
    /// How long one may be, in bytes.
    pub const LONGEST: usize = 300;
}
