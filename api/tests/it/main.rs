//! The integration tests, one binary: linking is what takes long.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what fails here is the test")]

mod graphql_http;
mod health;
mod http_support;
mod playground;
mod program;
mod shutdown;
