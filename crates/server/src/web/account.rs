//! `/account`: a person's own pages (`Caller`). What a form changes is told on the page that comes next,
//! so that reloading it changes nothing again.

pub mod activity;
pub mod apps;
pub mod devices;
pub mod home;
pub mod password;
mod removed_app;

use crate::web::caller::Caller;

/// A moment as pages have it.
fn seconds(at: carnet_core::value::UnixTime) -> u64 {
    u64::try_from(at.0).unwrap_or_default()
}
