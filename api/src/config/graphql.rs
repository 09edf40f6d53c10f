//! What of the GraphQL API is switched on.

/// What of the GraphQL API is switched on.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "GraphQL")]
pub struct GraphqlConfig {
    /// Let admins fill in the sample catalogue by the mutation `seedCatalog`
    #[arg(long, env = "TAPROOM_SEED_MUTATION")]
    pub seed_mutation: bool,
}
