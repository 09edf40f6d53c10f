//! `taproom serve`.

use super::CliError;
use crate::config::{DatabaseConfig, JwtConfig};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    jwt: JwtConfig,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self) -> Result<(), CliError> {
        self.jwt.issuer()?;
        crate::database::connect(&self.database).await?;
        Err(CliError::ServeMissing)
    }
}
