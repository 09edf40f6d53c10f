//! What the tests share.

#[path = "../../../../../../../codedeploy/hooks/tests/it/support/lambda.rs"]
pub mod lambda;
#[allow(dead_code, reason = "the service's own tests use the rest")]
#[path = "../../../../../../../api/tests/it/support/postgres.rs"]
pub mod postgres;
pub mod secrets_manager;
pub mod world;

use std::io::Write as _;
use std::time::Duration;

use taproom::config::DatabaseConfig;

/// A busy machine is no failure.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// What is called, for `lambda`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_database-roles");

/// For `postgres`: with time.
pub fn patient(url: &str) -> DatabaseConfig {
    DatabaseConfig { acquire_timeout_ms: 60_000, ..DatabaseConfig::at(url.parse().unwrap()) }
}

/// For `postgres`: says loudly what is skipped because it is not installed; under `CI=true` the test fails.
pub fn skip(test: &str, hint: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{hint}");
    // Past the test harness, which would keep it to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {hint}");
}
