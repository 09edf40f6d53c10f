//! The real function: Lambda's runtime API and AWS's four are imitated, what it judges are real versions of the service over one database.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all_traffic;
mod comparison;
mod package;
mod prober;
mod reporting;
mod support;
mod telemetry;
mod test_traffic;
mod versions;

/// What `support::attributes` fails with: a sentence for whoever reads the failed test.
type Result<T> = std::result::Result<T, String>;
