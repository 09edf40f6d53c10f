//! Writing many rows at once: what `importBeers`, the CSV import and the seed share.
//!
//! Every function takes any connection, so that the caller owns the transaction ([`begin`](crate::database::begin)), and finds rows by
//! their natural key: a style by (folded name, category), a brewery by its place key, a beer by (brewery, folded name). Per row it
//! - creates it when the key is new: revision 1, a UUIDv7;
//! - updates it when a given value differs from the stored one: revision + 1. A value that is *absent* (`None`) says nothing and
//!   leaves what is stored alone: an import does not erase what somebody filled in. Ratings are never touched;
//! - writes nothing otherwise.
//!
//! The functions named `insert_…` create just the same and never update.
//!
//! Search documents are written along. One statement inserts or updates ([`upsert`]), so that two writers of one key do not fail but
//! follow each other; rows are sorted by key, so that they do not deadlock either.
//!
//! Fields come checked (`rules`): nothing is checked again here.

mod beers;
mod breweries;
mod styles;
mod upsert;

pub use beers::{BeerRow, insert_beers, upsert_beers};
pub use breweries::{insert_breweries, upsert_breweries};
pub use styles::{insert_styles, upsert_styles};
pub use upsert::{Change, Outcome};

/// Most parameters of one statement: SQLite's limit, the lower one (<https://sqlite.org/limits.html#max_variable_number>).
pub(super) const MAX_PARAMETERS: usize = 32_766;
