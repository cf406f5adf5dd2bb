//! Flow tests of the admin API.
