//! A compute metadata server, as google-wire 7 has it: a program on this machine asks
//! `http://metadata.google.internal/computeMetadata/v1/…` and gets tokens of the service account that the machine
//! runs as, without a key file.
//!
//! Who asks proves nothing but that it can reach the listener. So the listener belongs on loopback or into a network of
//! containers, and what a browser or a careless proxy could send is refused ([`hosts`], `refused`).
//!
//! # One request
//!
//! 1. `refused`: the method, the `Host`, `X-Forwarded-For`, `Metadata-Flavor`.
//! 2. `question`: what the query asks, within bounds.
//! 3. `tree`: the directory or the value that the path names; with `wait_for_change` not before it is another
//!    (`waiting`).
//! 4. `tokens`: for `token` and `identity` the one that is kept, or a new one of the [`Source`].
//! 5. `answer`: text or JSON, with Google's headers.
//!
//! | file | what |
//! |---|---|
//! | [`instance`] | what the machine says about itself |
//! | [`source`] | where tokens come from |
//! | [`hosts`] | by which names it may be called |
//! | `server` | the five steps |

mod answer;
pub mod hosts;
pub mod instance;
mod question;
mod refused;
mod server;
pub mod source;
mod tokens;
mod tree;
mod waiting;

pub use hosts::Hosts;
pub use instance::Attached;
pub use instance::Instance;
pub use server::Metadata;
pub use source::Source;
pub use source::Unavailable;
pub use source::Wanted;
