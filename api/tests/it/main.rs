//! The integration tests, in one binary.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are tests, too"
)]

mod bulk;
mod databases;
mod import;
mod seed;
