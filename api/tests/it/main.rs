//! The integration tests, one binary: linking is what takes long.

mod graphql_http;
mod health;
mod http_support;
mod playground;
mod program;
mod shutdown;
