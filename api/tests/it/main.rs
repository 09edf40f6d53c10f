//! Every integration test of the service, in one binary: it is linked once, and starts one PostgreSQL for all.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api_keys;
mod bulk;
mod cli;
mod databases;
mod graphql_http;
mod health;
mod http_support;
mod import;
mod jwt;
mod playground;
mod postgres_connection;
mod program;
mod rds_iam;
mod roles;
mod schema_version;
mod seed;
mod shutdown;
mod support;
