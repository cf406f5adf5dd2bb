//! Flow tests of the admin API: through the routes of the whole server, on the in-memory store.

mod account_policies;
mod authorization;
mod clients;
mod delegations;
mod directories;
mod document;
mod hostile;
mod initial_tokens;
mod installation;
mod ledger;
mod lent;
mod passwords;
mod service_accounts;
mod trusted_issuer_checks;
mod trusted_issuers;
mod web_sign_in;
mod workload_checks;
mod workload_pools;
mod workload_saml;

use installation::Said;
