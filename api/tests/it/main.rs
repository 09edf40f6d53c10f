//! Every integration test of the service, in one binary: it is linked once, and starts one PostgreSQL for all.

mod api_keys;
mod cli;
mod jwt;
mod postgres_connection;
mod rds_iam;
mod roles;
mod schema_version;
mod support;
