//! What the catalogue tells people to ask is where they ask it.

use carnet_wire::crn::Crn;

#[test]
fn the_catalogue_asks_the_public_listener_for_nothing_that_is_on_the_other() {
    for crn in Crn::all() {
        let snippets = crn.entry().fixes.iter().flat_map(|fix| fix.snippets);
        for snippet in snippets {
            for path in ["/livez", "/readyz", "/healthz", "/metrics"] {
                let wrong = format!("ISSUER{path}");
                assert!(!snippet.code.contains(&wrong), "{crn}: {}", snippet.code);
            }
        }
    }
}
