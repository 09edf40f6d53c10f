//! Taproom: a beer-catalogue GraphQL API.
//!
//! Arrows run one way: `http → graphql → catalog → entity`; `cli` and `http` meet only in `config` and `catalog`.

pub mod auth;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod database;
pub mod graphql;
pub mod http;
pub mod telemetry;
pub mod tls;
pub mod version;
