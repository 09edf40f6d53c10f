//! How the GraphQL API behaves.

use std::time::Duration;

/// How the GraphQL API behaves.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "GraphQL")]
pub struct GraphqlConfig {
    /// Let admins fill in the sample catalogue by the mutation `seedCatalog`
    #[arg(long, env = "TAPROOM_SEED_MUTATION")]
    pub seed_mutation: bool,

    /// How long an idempotency key is remembered, such as 7d or 12h; a retry that comes later is taken for a new call
    #[arg(long, env = "TAPROOM_IDEMPOTENCY_RETENTION", default_value = "7d", value_parser = retention, value_name = "DURATION")]
    pub idempotency_retention: Duration,
}

/// Clients retry for seconds to minutes: less would make a key worthless.
fn retention(text: &str) -> Result<Duration, String> {
    let retention = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if retention < Duration::from_secs(60) { Err("is shorter than a minute".to_owned()) } else { Ok(retention) }
}
