//! Filling a catalogue: with a small hand-written one ([`sample`]), or with as many made-up beers as wanted ([`generate`]).
//! Both are idempotent and leave what exists as it is.

mod generated;
mod sample;

pub use generated::{Generated, MAX_BEERS, generate};
pub use sample::{Counts, SAMPLE_PRINCIPAL, SampleSummary, sample, sample_if_empty};
use sea_orm::DbErr;

/// Why a catalogue was not filled. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The sample catalogue breaks a rule or refers to what it does not have: a mistake of this build, which a test holds right.
    #[error("the built-in sample catalogue is broken: {0}")]
    Sample(String),
    /// More beers were asked for than can be made up.
    #[error("{wanted} beers are too many; ask for at most {MAX_BEERS}")]
    TooMany {
        /// How many were asked for.
        wanted: u64,
    },
    /// The database failed.
    #[error("the database refused: {0}")]
    Database(#[from] DbErr),
}
