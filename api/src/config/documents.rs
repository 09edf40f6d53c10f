//! Which GraphQL documents are known beforehand, or remembered.

use std::path::PathBuf;

/// Which GraphQL documents are known beforehand, or remembered.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Trusted and persisted documents")]
pub struct DocumentsConfig {
    /// Whether documents of the manifest are the only ones executed
    #[arg(long, env = "TAPROOM_TRUSTED_DOCUMENTS", value_enum, default_value_t = TrustedDocuments::Off, value_name = "MODE")]
    pub trusted_documents: TrustedDocuments,

    /// The manifest, a JSON file: documents by their hashes as GraphQL Code Generator and Relay write them, or Apollo's form
    #[arg(long, env = "TAPROOM_TRUSTED_DOCUMENTS_FILE", value_name = "FILE")]
    pub trusted_documents_file: Option<PathBuf>,

    /// Memory for automatic persisted queries, in bytes; the least used are forgotten. 0 switches them off
    #[arg(long, env = "TAPROOM_PERSISTED_QUERIES_BYTES", default_value_t = 16_777_216, value_name = "BYTES")]
    pub persisted_queries_bytes: u64,
}

/// Whether only documents of the manifest are executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TrustedDocuments {
    /// Only they are; automatic persisted queries are off
    Only,
    /// They can be asked for by their hash, and every other document is executed, too
    Prefer,
    /// There is no manifest
    #[default]
    Off,
}
