//! The real function on a real PostgreSQL server; Lambda's runtime API and Secrets Manager are imitated.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod introspection_key;
mod refusals;
mod roles;
mod support;
