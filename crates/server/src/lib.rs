//! Listener, endpoints, the one status map, the admin API, jobs.
