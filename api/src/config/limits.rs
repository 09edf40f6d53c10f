//! How much a GraphQL document may ask for.

use clap::value_parser;

/// How much a GraphQL document may ask for, judged before it is validated. Fragments count as often as they are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Limits of a GraphQL document")]
pub struct LimitsConfig {
    /// Largest document, in bytes
    #[arg(long, env = "TAPROOM_MAX_DOCUMENT_BYTES", default_value_t = 16_384, value_name = "BYTES", value_parser = value_parser!(u64).range(1..=1_048_576))]
    pub max_document_bytes: u64,

    /// Most tokens: names, values, punctuators
    #[arg(long, env = "TAPROOM_MAX_TOKENS", default_value_t = 2_000, value_name = "COUNT", value_parser = value_parser!(u64).range(1..=100_000))]
    pub max_tokens: u64,

    /// Deepest nesting of braces, brackets and parentheses; and, fragments included, of selection sets
    #[arg(long, env = "TAPROOM_MAX_NESTING", default_value_t = 64, value_name = "LEVELS", value_parser = value_parser!(u64).range(1..=100))]
    pub max_nesting: u64,

    /// Deepest nesting of fields
    #[arg(long, env = "TAPROOM_MAX_DEPTH", default_value_t = 20, value_name = "LEVELS", value_parser = value_parser!(u64).range(1..=100))]
    pub max_depth: u64,

    /// Highest cost of an operation; a point is a field that may be resolved, see the API guide
    #[arg(long, env = "TAPROOM_MAX_COST", default_value_t = 100_000, value_name = "POINTS", value_parser = value_parser!(u64).range(1..))]
    pub max_cost: u64,

    /// Most fields of a document, whatever the lengths of lists
    #[arg(long, env = "TAPROOM_MAX_FIELDS", default_value_t = 2_000, value_name = "COUNT", value_parser = value_parser!(u64).range(1..=100_000))]
    pub max_fields: u64,

    /// Most aliases of a document
    #[arg(long, env = "TAPROOM_MAX_ALIASES", default_value_t = 100, value_name = "COUNT", value_parser = value_parser!(u64).range(0..=100_000))]
    pub max_aliases: u64,

    /// Most root fields of an operation
    #[arg(long, env = "TAPROOM_MAX_ROOT_FIELDS", default_value_t = 20, value_name = "COUNT", value_parser = value_parser!(u64).range(1..=100_000))]
    pub max_root_fields: u64,

    /// Most directives of a document
    #[arg(long, env = "TAPROOM_MAX_DIRECTIVES", default_value_t = 50, value_name = "COUNT", value_parser = value_parser!(u64).range(0..=100_000))]
    pub max_directives: u64,

    /// Most fragment definitions of a document
    #[arg(long, env = "TAPROOM_MAX_FRAGMENTS", default_value_t = 50, value_name = "COUNT", value_parser = value_parser!(u64).range(0..=1_000))]
    pub max_fragments: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_document_bytes: 16_384,
            max_tokens: 2_000,
            max_nesting: 64,
            max_depth: 20,
            max_cost: 100_000,
            max_fields: 2_000,
            max_aliases: 100,
            max_root_fields: 20,
            max_directives: 50,
            max_fragments: 50,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::LimitsConfig;

    #[derive(clap::Parser)]
    struct Arguments {
        #[command(flatten)]
        limits: LimitsConfig,
    }

    #[test]
    fn the_defaults_are_one_set() {
        assert_eq!(Arguments::try_parse_from(["taproom"]).unwrap().limits, LimitsConfig::default());
    }
}
