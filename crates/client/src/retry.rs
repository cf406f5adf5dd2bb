//! Trying again, as Google's libraries do (google-wire 2.4, 11).
//!
//! 1. Three tries in all, with one second and then two between them, each a tenth more or less.
//! 2. Only where the failure may pass: no answer, or the statuses and codes that [`Error`] knows.
//! 3. Where the server says `Retry-After`, that long is waited; more than half a minute is not
//!    waited for, the caller is told instead.

use std::time::Duration;

use http::HeaderMap;
use http::Request;
use http::Response;
use http::header::RETRY_AFTER;

use crate::clock::Clock;
use crate::error::Error;
use crate::transport::Transport;

/// What lies between the tries.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];
/// The longest wait that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How often a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tries {
    /// Once: a failure costs nothing yet, or somebody waits.
    One,
    /// As rule 1 says.
    Three,
}

/// The two edges that a request needs.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub(crate) transport: Transport,
    pub(crate) clock: Clock,
}

impl Outside {
    /// The machine's own.
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self {
            transport: Transport::new()?,
            clock: Clock::system(),
        })
    }

    /// Sends a request and judges the answer, again where that may help.
    pub(crate) async fn ask<T>(
        &self,
        request: &Request<Vec<u8>>,
        tries: Tries,
        judge: impl Fn(&Response<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.ask_anew(|| Ok(request.clone()), tries, judge).await
    }

    /// The same where each try has a request of its own: what is signed for one is not shown twice.
    pub(crate) async fn ask_anew<T>(
        &self,
        build: impl Fn() -> Result<Request<Vec<u8>>, Error>,
        tries: Tries,
        judge: impl Fn(&Response<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let pauses = match tries {
            Tries::One => [].as_slice(),
            Tries::Three => &PAUSES,
        };
        for pause in pauses {
            let error = match self.once(build()?, &judge).await {
                Err(error) if error.is_temporary() => error,
                done => return done,
            };
            let asked = error.retry_after().unwrap_or_default();
            if asked > LONGEST_PAUSE {
                return Err(error);
            }
            self.clock.sleep(self.clock.spread(*pause).max(asked)).await;
        }
        self.once(build()?, &judge).await
    }

    async fn once<T>(
        &self,
        request: Request<Vec<u8>>,
        judge: &impl Fn(&Response<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        judge(&self.transport.send(request).await?)
    }
}

/// The seconds of `Retry-After`. Its other form, a date, is passed over: no server that we know
/// sends it, and it needs clocks that agree.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds.parse().ok().map(Duration::from_secs)
}
