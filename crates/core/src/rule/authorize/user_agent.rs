//! With what a person comes: with a browser, and not inside an app that could read what they type.
//!
//! RFC 8252 section 8.12: an authorization server may refuse embedded user agents. They say what they are in
//! `User-Agent`, unless they pretend, so this keeps apps from a habit and stops no thief. It is on for every app;
//! an administrator may switch it off for one that cannot do otherwise yet.

use carnet_wire::crn::Crn;
use carnet_wire::user_agent::Embedded;

use crate::record::Client;
use crate::rule::Refusal;

/// Whether people may come to this app's request with this.
pub fn admits(client: &Client, found: Option<Embedded>) -> Result<(), Refusal> {
    match found {
        Some(embedded) if !client.legacy.embedded_user_agents => {
            let name = embedded.name();
            let detail = format!(
                "The page was opened in an embedded user agent ({name}). Open it in the browser of the system: a \
                 Custom Tab, ASWebAuthenticationSession, or the default browser."
            );
            Err(Refusal::new(Crn::EMBEDDED_USER_AGENT, detail).because("embedded", name))
        }
        _ => Ok(()),
    }
}
