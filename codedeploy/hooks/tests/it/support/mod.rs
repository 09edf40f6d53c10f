//! What the tests share.

#[allow(dead_code, reason = "the service's own tests use the rest")]
#[path = "../../../../../api/tests/telemetry/collector/attributes.rs"]
pub mod attributes;
pub mod aws;
pub mod emf;
pub mod lambda;
#[allow(dead_code, reason = "the service's own tests use the rest")]
#[path = "../../../../../api/tests/it/support/other_version.rs"]
pub mod other_version;
pub mod proxy;
#[allow(dead_code, reason = "the service's own tests use the rest")]
#[path = "../../../../../api/tests/telemetry/receiver.rs"]
pub mod receiver;
pub mod taproom;
pub mod world;

use std::time::Duration;

/// A busy machine is no failure.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// What is called, for `lambda`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_bootstrap");
