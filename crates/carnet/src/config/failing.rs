//! All that is wrong in the configuration, as one failure of a command.

use super::fault::Fault;
use crate::failure::Failure;

/// All that is wrong, as one failure. `what` says what could not be done because of it.
pub(crate) fn failure(what: &str, faults: &[Fault]) -> Failure {
    let Some(first) = faults.first() else {
        return Failure::new(crate::exit::Exit::Failed, what);
    };
    if let [only] = faults {
        let failure = Failure::of(only.code, format!("{what}: {}", only.what));
        let failure = match &only.fix {
            Some(fix) => failure.fix(fix.clone()),
            None => failure,
        };
        return match &only.origin {
            Some(origin) => failure.also(origin.to_string()),
            None => failure,
        };
    }
    let summary = format!("{what}: {} things are wrong", faults.len());
    let mut failure = Failure::of(first.code, summary)
        .why("all of them are listed, so that one round of corrections is enough")
        .fix("correct each of them; carnet explain CODE tells more of one");
    for fault in faults {
        failure = failure.also(fault.to_string());
    }
    failure
}
