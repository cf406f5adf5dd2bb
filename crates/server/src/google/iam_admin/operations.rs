//! Operations: what a change of a pool or provider answers (google-wire 5.3).
//!
//! 1. A change is done when it is answered, so `done` is always there and `response` has the resource.
//! 2. The name of an operation is the resource's name and the version that the change made. One that is asked for
//!    again tells the resource as it is by then: nothing is kept of an operation itself.
//! 3. A version that there has not been names nothing.

use std::fmt::Display;

use carnet_core::value::Version;
use carnet_wire::google::iam_admin as wire;
use serde::Serialize;

use super::halt::Halt;
use super::halt::unknown;

/// What is told of the course of a change, by what the name of the resource begins with.
const METADATA: [(&str, &str); 2] = [
    (
        "projects/",
        "type.googleapis.com/google.iam.v1.WorkloadIdentityPoolOperationMetadata",
    ),
    (
        "locations/",
        "type.googleapis.com/google.iam.admin.v1.WorkforcePoolOperationMetadata",
    ),
];

/// A change that is done, and what the resource is now.
pub(super) fn done(name: impl Display, version: Version, response: impl Serialize) -> Vec<u8> {
    let name = format!("{name}/operations/v{}", version.0);
    let mut known = METADATA.into_iter();
    let kind = known.find(|(begins, _)| name.starts_with(begins));
    wire::print(&wire::Operation {
        name,
        metadata: wire::OperationMetadata {
            kind: kind.map_or("type.googleapis.com/google.protobuf.Empty", |(_, kind)| {
                kind
            }),
        },
        done: true,
        response,
    })
}

/// The version that an operation of a resource made which has this one now.
pub(super) fn made(id: &str, now: Version) -> Result<Version, Halt> {
    let number = id.strip_prefix('v').and_then(|id| id.parse().ok());
    number
        .filter(|number| (Version::FIRST.0..=now.0).contains(number))
        .map(Version)
        .ok_or_else(|| unknown("There is no such operation.".to_owned()))
}
