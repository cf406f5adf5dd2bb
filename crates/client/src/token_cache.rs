//! One token, kept and renewed: early, once, and by whoever needs it.
//!
//! google-wire 11. There is no background task; the callers do the work.
//!
//! 1. More than 3 minutes 45 seconds before its end a token is given out as it is. (A token that
//!    lives less than twice as long counts as young for the first half of its life.)
//! 2. Later the first caller fetches a new one; the others get the old one, which is still good.
//!    Should that fail, the caller too gets the old one: nothing is lost yet. It is one try then,
//!    and the next comes after half a minute.
//! 3. Past its end (less ten seconds, for the way to the API) all callers wait for one request.
//! 4. A failure is never kept. Those who waited for it share it; the next caller asks anew.

use std::future::Future;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::clock::Clock;
use crate::error::Error;
use crate::flight::Flight;
use crate::retry::Tries;
use crate::token::Token;

/// From when on a token is renewed: Google's 3 minutes 45 seconds.
const EARLY: i64 = 225;
/// How long before its end a token counts as over.
const MARGIN: i64 = 10;
/// How long after an early try that failed there is no other.
const PAUSE: i64 = 30;

/// The place of one token.
#[derive(Debug)]
pub(crate) struct TokenCache {
    flight: Flight<Token>,
    held: Mutex<Option<Held>>,
}

/// A token and what it means for the callers, by the time of day.
#[derive(Debug)]
struct Held {
    token: Token,
    /// From when on it is renewed.
    early_from: i64,
    /// From when on it is not given out.
    over_from: i64,
}

impl Held {
    fn new(token: Token, now: i64) -> Self {
        let life = token.expires().saturating_sub(now).max(0);
        Self {
            early_from: token.expires() - EARLY.min(life / 2),
            over_from: token.expires() - MARGIN.min(life / 4),
            token,
        }
    }
}

/// What may be done with the token that is held.
enum State {
    Fresh(Token),
    Early(Token),
    Over,
}

impl TokenCache {
    pub(crate) fn new() -> Self {
        Self {
            flight: Flight::new(),
            held: Mutex::new(None),
        }
    }

    /// The token; `fetch` gets a new one with as many tries as it is told.
    pub(crate) async fn token<F>(
        &self,
        clock: &Clock,
        fetch: impl Fn(Tries) -> F,
    ) -> Result<Token, Error>
    where
        F: Future<Output = Result<Token, Error>>,
    {
        match self.state(clock.now()) {
            State::Fresh(token) => Ok(token),
            State::Early(old) => {
                match self
                    .flight
                    .lead(self.renew(clock, &fetch, Tries::One))
                    .await
                {
                    Some(Ok(token)) => Ok(token),
                    Some(Err(_)) => {
                        self.put_off(clock.now() + PAUSE);
                        Ok(old)
                    }
                    None => Ok(old),
                }
            }
            State::Over => {
                let renew = self.renew(clock, &fetch, Tries::Three);
                self.flight.join(renew).await
            }
        }
    }

    /// Fetches a token and keeps it; unless somebody did between our look and our turn.
    async fn renew<F>(
        &self,
        clock: &Clock,
        fetch: &impl Fn(Tries) -> F,
        tries: Tries,
    ) -> Result<Token, Error>
    where
        F: Future<Output = Result<Token, Error>>,
    {
        if let State::Fresh(token) = self.state(clock.now()) {
            return Ok(token);
        }
        let token = fetch(tries).await?;
        *self.lock() = Some(Held::new(token.clone(), clock.now()));
        Ok(token)
    }

    /// Takes a token that came by another way.
    pub(crate) fn put(&self, token: &Token, now: i64) {
        *self.lock() = Some(Held::new(token.clone(), now));
    }

    /// Lets go of a token that an API refused before its time.
    pub(crate) fn forget(&self, refused: &Token) {
        self.lock().take_if(|held| held.token == *refused);
    }

    fn put_off(&self, early_from: i64) {
        if let Some(held) = self.lock().as_mut() {
            held.early_from = early_from;
        }
    }

    fn state(&self, now: i64) -> State {
        match self.lock().as_ref() {
            Some(held) if now >= held.over_from => State::Over,
            Some(held) if now >= held.early_from => State::Early(held.token.clone()),
            Some(held) => State::Fresh(held.token.clone()),
            None => State::Over,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
