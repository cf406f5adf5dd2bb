//! Tokens that are kept until shortly before their end.
//!
//! google-wire 7.2. Google's libraries renew a token 3 minutes 45 seconds before its end by asking again. They would go
//! round in circles if they got the same one back, so here it is renewed before that: [`EARLY`].
//!
//! 1. A young token is given out as it is.
//! 2. An older one is renewed by whoever comes first; the others get the old one meanwhile, and so do all while the
//!    source is in trouble.
//! 3. Where there is none, all who want it wait for one request. If that fails they share the failure, and for a second
//!    so do those who come after.
//! 4. At most [`MOST`] are kept: who asks for ever other scopes pushes out what was not wanted for longest. At most
//!    [`AT_ONCE`] are fetched at a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use carnet_client::Clock;
use carnet_client::Token;
use tokio::sync::Mutex as Turn;
use tokio::sync::Semaphore;

use crate::source::Source;
use crate::source::Unavailable;
use crate::source::Wanted;

/// How long before its end a token is renewed, in seconds: between the libraries' 225 and five minutes.
const EARLY: i64 = 270;

/// How long before its end a token counts as over, in seconds: the way to an API takes time.
const MARGIN: i64 = 10;

/// How long a failure is shared, in seconds.
const FAILED: i64 = 1;

/// The most tokens that are kept.
const MOST: usize = 64;

/// The most requests to the source at a time.
const AT_ONCE: usize = 8;

/// The tokens of one source.
pub(crate) struct Tokens {
    source: Arc<dyn Source>,
    clock: Clock,
    slots: Mutex<HashMap<Wanted, Arc<Slot>>>,
    fetches: Semaphore,
}

/// The place of one token.
#[derive(Default)]
struct Slot {
    state: Mutex<State>,
    turn: Turn<()>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    failed: Option<(i64, Unavailable)>,
    wanted_at: i64,
}

#[derive(Clone)]
struct Held {
    token: Token,
    early_from: i64,
}

/// What may be done with what is held.
enum Found {
    Young(Token),
    Old(Token),
    Failed(Unavailable),
    Nothing,
}

impl Tokens {
    pub(crate) fn new(source: Arc<dyn Source>, clock: Clock) -> Self {
        Self {
            source,
            clock,
            slots: Mutex::default(),
            fetches: Semaphore::new(AT_ONCE),
        }
    }

    /// The token, and how long it is good, in seconds.
    pub(crate) async fn token(&self, wanted: &Wanted) -> Result<(Token, i64), Unavailable> {
        let slot = self.slot(wanted);
        let token = match slot.found(self.clock.now()) {
            Found::Young(token) => token,
            Found::Failed(why) => return Err(why),
            Found::Old(old) => match slot.turn.try_lock() {
                Ok(_turn) => match self.renew(&slot, wanted).await {
                    Ok(token) => token,
                    Err(why) => {
                        tracing::warn!(cause = %why, "a token could not be renewed; the old one is given out");
                        old
                    }
                },
                Err(_) => old,
            },
            Found::Nothing => {
                let _turn = slot.turn.lock().await;
                match slot.found(self.clock.now()) {
                    Found::Young(token) | Found::Old(token) => token,
                    Found::Failed(why) => return Err(why),
                    Found::Nothing => self.renew(&slot, wanted).await?,
                }
            }
        };
        let left = token.expires().saturating_sub(self.clock.now());
        Ok((token, left))
    }

    async fn renew(&self, slot: &Slot, wanted: &Wanted) -> Result<Token, Unavailable> {
        let fetched = match self.fetches.acquire().await {
            Ok(_permit) => self.source.token(wanted).await,
            Err(closed) => Err(Unavailable::because(closed)),
        };
        let now = self.clock.now();
        let mut state = lock(&slot.state);
        match fetched {
            Ok(token) => {
                let life = token.expires().saturating_sub(now).max(0);
                state.failed = None;
                state.held = Some(Held {
                    early_from: token.expires() - EARLY.min(life / 2),
                    token: token.clone(),
                });
                Ok(token)
            }
            Err(why) => {
                state.failed = Some((now, why.clone()));
                Err(why)
            }
        }
    }

    fn slot(&self, wanted: &Wanted) -> Arc<Slot> {
        let now = self.clock.now();
        let mut slots = lock(&self.slots);
        if !slots.contains_key(wanted) && slots.len() >= MOST {
            let longest_ago = slots
                .iter()
                .min_by_key(|(_, slot)| lock(&slot.state).wanted_at)
                .map(|(wanted, _)| wanted.clone());
            if let Some(wanted) = longest_ago {
                slots.remove(&wanted);
            }
        }
        let slot = Arc::clone(slots.entry(wanted.clone()).or_default());
        lock(&slot.state).wanted_at = now;
        slot
    }
}

impl Slot {
    fn found(&self, now: i64) -> Found {
        let state = lock(&self.state);
        match &state.held {
            Some(held) if now < held.early_from => Found::Young(held.token.clone()),
            Some(held) if now < held.token.expires().saturating_sub(MARGIN) => {
                Found::Old(held.token.clone())
            }
            _ => match &state.failed {
                Some((at, why)) if now < at.saturating_add(FAILED) => Found::Failed(why.clone()),
                _ => Found::Nothing,
            },
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
