//! The integration tests, in one binary.

mod bulk;
mod databases;
mod import;
mod seed;
