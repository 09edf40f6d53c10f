//! What dashboards and alarms ask CloudWatch for.

pub mod alarm;
pub mod aws;
pub mod dashboard;
pub mod insights;
pub mod rollout;
pub mod template;

use std::path::{Path, PathBuf};

/// A file of the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

pub fn read(name: &str) -> crate::Result<String> {
    std::fs::read_to_string(path(name)).map_err(|error| format!("{name}: {error}"))
}
