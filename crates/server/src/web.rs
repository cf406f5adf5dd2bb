//! What a person sees, and what a click does.

pub mod account;
pub mod asset;
pub mod authorize;
pub mod csrf;
pub mod device;
pub mod error_code;
pub mod failed;
pub mod form;
pub mod home;
pub mod nothing_here;
pub mod onward;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod sign_out;
pub mod turned_away;
pub mod visit;
pub mod workforce;

mod around;
mod caller;
mod cookie;
mod page;
mod permissions;
mod stopped;

pub use around::around;
pub use page::{answer, answer_toward, frame, private, see, wants_page};
