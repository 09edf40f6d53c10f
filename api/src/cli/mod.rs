//! The command line, one file a subcommand.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod healthcheck;
pub mod serve;

/// A beer-catalogue GraphQL API.
#[derive(Debug, Parser)]
#[command(name = "taproom", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::ServeArgs>),
    Healthcheck(healthcheck::HealthcheckArgs),
}

/// Runs the command line's command.
pub async fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        None => serve::run(cli.serve).await.map_err(|error| error.to_string()),
        Some(Command::Serve(args)) => serve::run(*args).await.map_err(|error| error.to_string()),
        Some(Command::Healthcheck(args)) => healthcheck::run(&args).await.map_err(|error| error.to_string()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
