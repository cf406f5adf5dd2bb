//! Flow tests of the admin API: through the routes of the whole server, on the in-memory store.

mod document;
mod hostile;
mod installation;
mod service_accounts;
