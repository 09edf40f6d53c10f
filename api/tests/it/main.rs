//! Every integration test of the service, in one binary: it is linked once, and starts one PostgreSQL for all.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api_keys;
mod authorization;
mod bulk;
mod cli;
mod cli_catalog;
mod clients;
mod concurrency;
mod conformance;
mod databases;
mod examples;
mod graphql_http;
mod guards;
mod health;
mod http_support;
mod idempotency;
mod import;
mod jwt;
mod lists;
mod mutations;
mod pagination;
mod plans;
mod playground;
mod playground_browser;
mod postgres_connection;
mod program;
mod rds_iam;
mod readme;
mod roles;
mod schema;
mod schema_version;
mod search;
mod seed;
mod shutdown;
mod statements;
mod support;
