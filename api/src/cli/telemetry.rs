//! `taproom telemetry`.

use std::io::Write;

use super::CliError;
use crate::telemetry;

/// Options of `telemetry`: none.
#[derive(Debug, clap::Args)]
pub struct Telemetry;

impl Telemetry {
    /// Prints the guide.
    pub fn run(self, out: &mut dyn Write) -> Result<(), CliError> {
        Ok(out.write_all(telemetry::guide().as_bytes())?)
    }
}
