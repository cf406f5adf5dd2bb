//! Why a request was not done: a no, or our fault. And the no of a rule of administration in Google's envelope.

use carnet_core::rule::Refusal;
use carnet_core::rule::admin;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiStatus;
use carnet_wire::google::iam_credentials::NotARequest;

use crate::expressions::Busy;
use crate::google::envelope::No;
use crate::key_pair::BUSY;
use crate::key_pair::NotMade;

/// Google's sentence about a state that was not the one that was read.
const CONCURRENT: &str = "There were concurrent policy changes. Please retry the whole read-modify-write with \
                          exponential backoff.";

/// Google's sentence about an eleventh key.
const FULL: &str = "Maximum number of keys on account reached.";

/// Why a request was not done.
#[derive(Debug)]
pub(super) enum Halt {
    /// A no.
    No(Box<No>),
    /// Our fault.
    Fault(Fault),
}

impl From<No> for Halt {
    fn from(no: No) -> Self {
        Self::No(Box::new(no))
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NotARequest> for Halt {
    fn from(fault: NotARequest) -> Self {
        No::from(fault).into()
    }
}

impl From<NotMade> for Halt {
    fn from(not: NotMade) -> Self {
        match not {
            NotMade::Busy => {
                let refusal = Refusal::new(Crn::TOO_MANY_REQUESTS, BUSY);
                No::new(ApiStatus::ResourceExhausted, BUSY, refusal).into()
            }
            NotMade::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<admin::No> for Halt {
    fn from(no: admin::No) -> Self {
        const STATUS: [(Crn, ApiStatus); 6] = [
            (Crn::NOT_FOUND, ApiStatus::NotFound),
            (Crn::ALREADY_EXISTS, ApiStatus::AlreadyExists),
            (Crn::ETAG_MISMATCH, ApiStatus::Aborted),
            (Crn::STATE_DOES_NOT_ALLOW, ApiStatus::FailedPrecondition),
            (Crn::TOO_MANY_KEYS, ApiStatus::FailedPrecondition),
            (Crn::ADMIN_ROLE, ApiStatus::PermissionDenied),
        ];
        let mut known = STATUS.into_iter();
        let status = known
            .find(|(crn, _)| *crn == no.crn)
            .map_or(ApiStatus::InvalidArgument, |(_, status)| status);
        let message = if no.crn == Crn::ETAG_MISMATCH {
            CONCURRENT.to_owned()
        } else if no.crn == Crn::TOO_MANY_KEYS {
            FULL.to_owned()
        } else {
            no.detail.clone()
        };
        let wrongs = no
            .wrongs
            .into_iter()
            .map(|wrong| (field(&wrong.pointer), wrong.detail));
        let wrongs = wrongs.collect();
        let refusal = Refusal::new(no.crn, no.detail);
        No::new(status, message, refusal).violated(wrongs).into()
    }
}

/// Why a commit was not made, for a change that the rules had found right. `full` is said where there is no room.
pub(super) fn not_committed(why: Why, full: fn() -> admin::No) -> Halt {
    let no = match why {
        Why::Stale => admin::No::new(
            Crn::ETAG_MISMATCH,
            "It was changed or removed in the meantime.",
        ),
        Why::Taken => admin::No::taken("A name, address or number of it is in use."),
        Why::Referenced => {
            admin::No::state("What it belongs to is gone, or others still belong to it.")
        }
        Why::LastOwner => admin::role::last_owner(),
        Why::Full => full(),
    };
    no.into()
}

/// A JSON pointer as Google writes the path of a field.
fn field(pointer: &str) -> String {
    let path = pointer.strip_prefix('/').unwrap_or(pointer);
    path.replace('/', ".").replace("~1", "/").replace("~0", "~")
}

/// A no of a rule whose names of members are not Google's: from those here to Google's.
pub(super) fn renamed(mut no: admin::No, names: &[(&str, &str)]) -> Halt {
    for wrong in &mut no.wrongs {
        let known = names.iter().find_map(|(ours, googles)| {
            let rest = wrong.pointer.strip_prefix(ours)?;
            let whole = rest.is_empty() || rest.starts_with('/');
            whole.then(|| format!("{googles}{rest}"))
        });
        if let Some(known) = known {
            wrong.pointer = known;
        }
    }
    no.into()
}

/// A member of the request is wrong.
pub(super) fn wrong(field: &'static str, why: impl Into<String>) -> Halt {
    admin::No::field(format!("/{field}"), why).into()
}

/// Something that Google has and this server does not. It is the request's fault and not ours: clients ask again
/// after a 501, and tell of a network that is broken.
pub(super) fn not_offered(what: &'static str) -> Halt {
    let refusal = Refusal::new(Crn::IAM_ARGUMENT, what);
    No::new(ApiStatus::InvalidArgument, what, refusal).into()
}

/// The thread that compiles has too much to do.
pub(super) fn come_back(busy: Busy) -> Halt {
    let detail = format!("Come back: {busy}.");
    let refusal = Refusal::new(Crn::UNAVAILABLE, detail.clone());
    No::new(ApiStatus::Unavailable, detail, refusal).into()
}

/// There is no such thing, and the caller may know that.
pub(super) fn unknown(what: String) -> Halt {
    let refusal = Refusal::new(Crn::NOT_FOUND, what.clone());
    No::new(ApiStatus::NotFound, what, refusal).into()
}
