//! `taproom schema`.

use std::io::Write;

use super::CliError;
use crate::graphql;

/// Options of `schema`.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// In which form
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// GraphQL schema definition language
    #[default]
    Sdl,
    /// A guide for people who write queries
    Markdown,
}

impl Schema {
    /// Prints it.
    pub fn run(self, out: &mut dyn Write) -> Result<(), CliError> {
        let text = match self.format {
            Format::Sdl => graphql::sdl(),
            Format::Markdown => graphql::guide(),
        };
        Ok(out.write_all(text.as_bytes())?)
    }
}
