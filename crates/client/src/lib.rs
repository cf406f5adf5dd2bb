//! Credentials for programs that call a protected API: service accounts today.
