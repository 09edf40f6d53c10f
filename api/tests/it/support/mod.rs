//! What the tests share.

pub mod app;
#[allow(dead_code, reason = "not every test binary builds other versions")]
pub mod other_version;
pub mod postgres;
pub mod program;
pub mod writing;

use std::{
    io::Write as _,
    process::{Command, Output},
};

use clap::{Args as _, FromArgMatches as _};
use migration::MigratorTrait as _;
use sea_orm::DatabaseConnection;
use taproom::{
    config::{DatabaseConfig, LogConfig, LogFormat, TelemetryConfig},
    database,
};
use tempfile::TempDir;

/// As the service is configured, but with time: a busy machine is no failure.
pub fn patient(url: &str) -> DatabaseConfig {
    let patience = 60_000;
    DatabaseConfig {
        acquire_timeout_ms: patience.into(),
        busy_timeout_ms: patience,
        lock_timeout_ms: patience,
        statement_timeout_ms: Some(patience),
        ..DatabaseConfig::at(url.parse().unwrap())
    }
}

/// A migrated SQLite database of its own. It is gone when the folder is dropped.
pub async fn sqlite() -> (DatabaseConnection, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let db = database::connect(&patient(&url)).await.unwrap();
    migration::Migrator::up(&db, None).await.unwrap();
    (db, folder)
}

/// Migrated databases of both kinds, PostgreSQL if it is there; with what keeps them.
pub async fn databases() -> Vec<(DatabaseConnection, Option<TempDir>)> {
    let (sqlite, folder) = sqlite().await;
    let mut databases = vec![(sqlite, Some(folder))];
    if let Some(postgres) = postgres::postgres_database().await {
        databases.push((postgres.connect().await, None));
    }
    databases
}

/// Telemetry by default, and logs in JSON.
pub fn telemetry() -> (LogConfig, TelemetryConfig) {
    let matches = TelemetryConfig::augment_args(clap::Command::new("test")).get_matches_from(["test"]);
    let logs = LogConfig { log_filter: "info".to_owned(), log_format: LogFormat::Json };
    (logs, TelemetryConfig::from_arg_matches(&matches).unwrap())
}

/// Another process that runs only `test`, which is ignored otherwise: for what is the process's, such as a panic hook.
pub fn alone(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]);
    command
}

/// The real program, in an environment without any of our variables.
pub fn taproom() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taproom"));
    let ours = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        ["TAPROOM_", "PG", "AWS_", "OTEL_", "ECS_"].iter().any(|prefix| name.starts_with(prefix))
    });
    for name in ours {
        command.env_remove(name);
    }
    command
}

/// Standard output of a success.
pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one line on standard error of a failure with exit code `code`.
pub fn failure(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(output.stdout.is_empty(), "{output:?}");
    text
}

/// Says loudly that a test is skipped because something it needs is not there; under `CI=true` the test fails.
pub fn skip(test: &str, hint: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{hint}");
    // Past the test harness, which would keep it to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {hint}");
}
