//! The `taproom` program.

use std::process::ExitCode;

use clap::Parser;
use taproom::cli::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    run(Cli::parse()).await
}
