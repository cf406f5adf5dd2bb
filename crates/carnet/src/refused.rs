//! What the token endpoint or the key file said no to, as a failure of a command.

use carnet_client::Error;
use carnet_wire::crn::Crn;

use crate::exit::Exit;
use crate::failure::Failure;

/// The failure that an error of the client library is.
pub(crate) fn of(error: &Error) -> Failure {
    let code = error.crn().and_then(|crn| crn.parse::<Crn>().ok());
    let what = match (error.code(), error.description()) {
        (Some(code), Some(description)) => format!("the server said {code}: {description}"),
        (Some(code), None) => format!("the server said {code}"),
        (None, _) => error.to_string(),
    };
    let failure = match code {
        Some(crn) => Failure::of(crn, what),
        None => Failure::new(Exit::Failed, what),
    };
    let failure = failure.traced(error.trace_id().map(str::to_owned));
    match (error.code(), error.status()) {
        (Some(code), _) => failure.exit_with(exit(code)),
        (None, Some(status)) => failure.exit_with(Exit::of_status(status)),
        (None, None) if error.is_temporary() => failure.exit_with(Exit::NotReachable),
        (None, None) => failure,
    }
}

/// What an `error` of the token endpoint means for a script.
fn exit(code: &str) -> Exit {
    match code {
        "unauthorized_client"
        | "access_denied"
        | "admin_policy_enforced"
        | "org_internal"
        | "disabled_client" => Exit::NotPermitted,
        "server_error" | "temporarily_unavailable" | "internal_failure" => Exit::NotReachable,
        _ => Exit::Failed,
    }
}
