//! Every integration test of the service, in one binary: it is linked once, and starts one PostgreSQL for all.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api_keys;
mod authorization;
mod bulk;
mod caching;
mod cli;
mod cli_catalog;
mod clients;
mod compression;
mod concurrency;
mod conformance;
mod connections;
mod cors;
mod csrf;
mod databases;
mod examples;
mod faults;
mod graphql_http;
mod health;
mod http_support;
mod idempotency;
mod import;
mod jwt;
mod lists;
mod mutations;
mod pagination;
mod persisted;
mod plans;
mod playground;
mod playground_browser;
mod postgres_connection;
mod program;
mod rate_limit;
mod rds_iam;
mod readme;
mod roles;
mod schema;
mod schema_version;
mod search;
mod security_headers;
mod seed;
mod shutdown;
mod statements;
mod support;
mod trusted_documents;
