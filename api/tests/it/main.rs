//! The integration tests, in one binary.

mod databases;
mod import;
mod seed;
