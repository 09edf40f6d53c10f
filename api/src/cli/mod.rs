//! The command line: one file a command.

mod error;
mod file_limit;
mod healthcheck;
pub mod import;
mod key;
mod migrate;
mod progress;
mod roles;
mod schema;
pub mod seed;
mod serve;
mod telemetry;
mod usage;

use std::{ffi::OsString, io::Write, process::ExitCode};

use clap::Parser as _;
use migration::MigratorTrait as _;
use sea_orm::DatabaseConnection;

pub use error::CliError;

use crate::{config::DatabaseConfig, database};

/// A beer catalogue behind a GraphQL API
///
/// Without a command, `taproom` serves. Every option can be given by its environment variable, too; where both are, the option wins.
#[derive(Debug, clap::Parser)]
#[command(name = "taproom", version, subcommand_required = true, override_usage = "taproom [COMMAND] [OPTIONS]")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do. A variant without words of its own has those of its options' struct.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Serve(Box<serve::Serve>),
    Healthcheck(healthcheck::Healthcheck),
    /// Change the database's schema, or show how it stands
    Migrate(migrate::Migrate),
    /// Fill the catalogue: with the sample, or with made-up beers
    ///
    /// The sample is real styles, breweries and beers, and a few reviews that say that they are samples. What exists is left alone. With
    /// --beers, made-up ones instead, the same every time; a larger number later adds the missing ones.
    Seed {
        #[command(flatten)]
        seed: seed::SeedArgs,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Load the Open Beer DB's files
    ///
    /// Reads categories.csv, styles.csv, breweries.csv, geocodes.csv and beers.csv of a folder in one transaction. A row that cannot be
    /// stored is skipped, and a value that cannot be stored is left out; both are listed in the rejects file with file, line and reason.
    /// Any other failure leaves nothing behind. A second run changes nothing.
    ///
    /// An ABV of 99.98 % is above 70 and left out: the beer stays without one. 0 in abv, ibu and srm means unknown. Of duplicates
    /// (styles by name and category, breweries by name and place, beers by brewery and name, case and accents aside) the first row
    /// counts, and what belongs to another one goes to it. Orphans, such as a geocode or beer of an unknown brewery, are skipped; a beer
    /// of an unknown style stays without style. A value that the files do not have does not erase the stored one.
    Import {
        #[command(flatten)]
        import: import::ImportArgs,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Print the GraphQL schema, or the guide to the API that is made of it
    Schema(schema::Schema),
    /// Print the guide to the traces, metrics and logs that the service tells of itself
    Telemetry(telemetry::Telemetry),
    /// Make, list and revoke API keys
    Key(key::Key),
    Roles(roles::Roles),
}

/// Runs the program: 0 for success, 1 for failure and 2 for a wrong command line or environment.
#[must_use]
pub fn main() -> ExitCode {
    crate::tls::install_provider();
    let arguments = with_default_command(std::env::args_os().collect());
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error, &arguments),
    };
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)
        .and_then(|runtime| runtime.block_on(run(cli, &mut std::io::stdout())));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has seen enough, as with `taproom key list | head -1`.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let line = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            // There is nobody left to tell that standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {line}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command, its results going to `out`.
///
/// # Errors
/// Why it failed, for one line on standard error.
pub async fn run(cli: Cli, out: &mut dyn Write) -> Result<(), CliError> {
    match cli.command {
        Command::Serve(serve) => Ok(serve.run().await.map_err(Box::new)?),
        Command::Healthcheck(healthcheck) => Ok(healthcheck.run().await?),
        Command::Migrate(migrate) => migrate.run(out).await,
        Command::Seed { seed, database } => Ok(seed::run(seed, connect(&database.for_long_statements()).await?).await?),
        Command::Import { import, database } => Ok(import::run(import, connect(&database.for_long_statements()).await?).await?),
        Command::Schema(schema) => schema.run(out),
        Command::Telemetry(telemetry) => telemetry.run(out),
        Command::Key(key) => key.run(out).await,
        Command::Roles(roles) => roles.run(out).await,
    }
}

/// Connects to a database whose schema is at least as new as this version needs. The embedded default is brought up to date by itself.
async fn connect(config: &DatabaseConfig) -> Result<DatabaseConnection, CliError> {
    let db = database::connect(config).await?;
    if config.is_embedded_default() {
        migration::Migrator::up(&db, None).await?;
    }
    let missing = database::missing_migrations(&db).await?;
    if missing.is_empty() { Ok(db) } else { Err(CliError::SchemaMissing(missing)) }
}

/// `taproom` and `taproom --some-option` serve.
fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let general = ["-h", "--help", "-V", "--version"];
    let first = arguments.get(1).map(|first| first.to_string_lossy().into_owned());
    let named = first.is_some_and(|first| !first.starts_with('-') || general.contains(&first.as_str()));
    if !named {
        arguments.insert(arguments.len().min(1), "serve".into());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serves_by_default() {
        let arguments = |line: &str| with_default_command(line.split(' ').map(OsString::from).collect()).join(" ".as_ref());
        assert_eq!(arguments("taproom"), "taproom serve");
        assert_eq!(arguments("taproom --database-url=x"), "taproom serve --database-url=x");
        assert_eq!(arguments("taproom --help"), "taproom --help");
        assert_eq!(arguments("taproom key list"), "taproom key list");
    }
}
