//! What a person sees, and what a click does.

pub mod asset;
pub mod error_code;
pub mod home;
pub mod nothing_here;
pub mod setup;

mod around;
mod page;

pub use around::around;
pub use page::{answer, frame};
