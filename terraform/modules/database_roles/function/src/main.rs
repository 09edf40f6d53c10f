//! What Lambda starts.

use lambda_runtime::{Error, service_fn};
use tracing::Level;

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Lambda adds the time, and takes one line for one record.
    tracing_subscriber::fmt().json().with_max_level(Level::INFO).without_time().init();
    lambda_runtime::run(service_fn(database_roles::handle)).await
}
