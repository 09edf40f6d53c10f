//! HTTP: the GraphQL endpoint, the playground, health, and stopping without losing a request. Knows the schema, not the catalogue.

mod access_log;
mod caching;
mod client_address;
mod compression;
pub mod connections;
mod cors;
pub mod credentials;
mod csrf;
mod graphql_endpoint;
mod graphql_request;
mod graphql_response;
mod guarded_body;
pub mod health;
pub mod lifecycle;
pub mod load_shed;
mod metering;
mod observation;
mod operation_cost;
mod places;
pub mod playground;
mod rate_limit;
mod router;
mod security_headers;
pub mod settings;
pub mod shutdown;
mod state;
mod under_way;

pub use router::router;
pub use state::AppState;
