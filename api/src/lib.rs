//! Taproom: a beer-catalogue GraphQL API.
//!
//! Arrows run one way: `http → graphql → catalog → entity`. `cli::serve` puts the parts together; `docs/architecture.md` draws who uses
//! whom.

pub mod auth;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod error_code;
pub mod graphql;
pub mod http;
pub mod telemetry;
pub mod tls;
pub mod version;
