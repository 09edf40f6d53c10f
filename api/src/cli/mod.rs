//! STAND-IN for the command line, until the real one is merged.

use std::process::ExitCode;

use clap::Parser;

pub mod healthcheck;
pub mod serve;

#[derive(Parser)]
enum Cli {
    Serve(Box<serve::Serve>),
    Healthcheck(healthcheck::Healthcheck),
}

/// Runs the command line's command.
pub async fn main() -> ExitCode {
    let result = match Cli::parse() {
        Cli::Serve(serve) => serve.run().await.map_err(|error| error.to_string()),
        Cli::Healthcheck(healthcheck) => healthcheck.run().await.map_err(|error| error.to_string()),
    };
    result.map_or_else(
        |error| {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}
