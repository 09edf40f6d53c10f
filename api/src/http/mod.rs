//! HTTP: the GraphQL endpoint, the playground, health, and stopping without losing a request. Knows the schema, not the catalogue.

mod access_log;
pub mod credentials;
mod graphql_endpoint;
mod graphql_request;
mod graphql_response;
pub mod health;
pub mod lifecycle;
pub mod load_shed;
pub mod playground;
mod router;
pub mod settings;
pub mod shutdown;
mod state;

pub use router::router;
pub use state::AppState;
