//! The authorization code flow from the first request to the end of the refresh token: endpoints in process,
//! over a store in memory, with a clock that stands still. The person has signed in before, but for the
//! walk, which begins with that in a browser of its own.

pub(crate) mod actor;
mod endings;
mod expected;
mod languages;
mod redirector;
mod refusals;
mod steps;
mod unrotated;
mod walk;
