//! Requests that were pushed (RFC 9126).
//!
//! 1. A push is judged as the request of a browser would be. What is kept is its parameters, and not what was
//!    concluded: when a browser brings the reference, everything is judged anew.
//! 2. The reference has 256 bits of chance, and the store has its digest: nobody guesses one (section 7.1).
//! 3. It is of the client that pushed. To every other it looks unknown (section 2.2, "bound to the client").
//! 4. It is good for a minute. When a browser has brought it and its person has something to do, for
//!    an hour from then.
//! 5. It gives one code: the store spends it in the commit that goes with the code (section 7.3).

use carnet_jose::Prefixed;
use carnet_wire::crn::Crn;

use crate::record::PushedRequest;
use crate::record::PushedState;
use crate::rule::Refusal;
use crate::store::Change;
use crate::store::Record;
use crate::value::ClientId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::Secret;
use crate::value::UnixTime;

/// How long a person may sign in and think.
pub const THINKS: Seconds = Seconds::minutes(60);

/// How many bytes the parameters may have.
const MOST: usize = 32 * 1024;

/// Keeps a request that was judged for `lifetime`. What comes out is its reference, and what to write.
pub fn push(
    client: &ClientId,
    parameters: String,
    lifetime: Seconds,
    (now, entropy): (UnixTime, &mut dyn Entropy),
) -> Result<(Secret, Change), Refusal> {
    if parameters.len() > MOST {
        let detail = format!("the parameters are larger than {MOST} bytes.");
        return Err(Refusal::new(Crn::FORM_OUT_OF_BOUNDS, detail));
    }
    let mut chance = [0; 32];
    entropy.fill(&mut chance);
    let reference = Secret::new(Prefixed::PushedRequest.encode(&chance));
    let row = PushedRequest {
        digest: reference.digest(),
        client: client.clone(),
        parameters,
        state: PushedState::Waiting,
        created: now,
        ends: now + lifetime,
    };
    Ok((reference, Change::Insert(Record::PushedRequest(row))))
}

/// What was found under the reference, if it is this client's.
pub fn find(found: Option<PushedRequest>, client_id: &str) -> Result<PushedRequest, Refusal> {
    let refuse = |why: &'static str| {
        let detail =
            "No request was pushed under this request_uri by this app, or it ended long ago.";
        Refusal::new(Crn::PUSHED_UNKNOWN, detail).because("why", why)
    };
    let row = found.ok_or_else(|| refuse("unknown reference"))?;
    if row.client.as_str() == client_id {
        Ok(row)
    } else {
        Err(refuse("pushed by another client").because("client_id", row.client.to_string()))
    }
}

/// Whether it may still give a code.
pub fn is_good(row: &PushedRequest, now: UnixTime) -> Result<(), Refusal> {
    if row.state == PushedState::Spent {
        return Err(given());
    }
    if row.ends <= now {
        let detail = "the pushed request has expired.";
        return Err(Refusal::new(Crn::PUSHED_OVER, detail));
    }
    Ok(())
}

/// What whoever comes second is told.
#[must_use]
pub fn given() -> Refusal {
    let detail = "the code of this pushed request was given already.";
    Refusal::new(Crn::PUSHED_OVER, detail)
}
