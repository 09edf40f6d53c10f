//! What the service is run for.

/// What the service is run for: decides the defaults of what a stranger may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Whoever sends a request may see the schema, and any page may send queries by GET.
    #[default]
    Development,
    /// Strangers see no schema and get no suggestions; a query by GET needs a header that a foreign page cannot set, or is persisted.
    Production,
}
