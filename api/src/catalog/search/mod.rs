//! Ranked full-text search over beers and breweries, tolerant of case, accents and small typing errors.
//!
//! All words of the query have to occur, the last one as a prefix. First come names that are the query, then those that have all the
//! words, then what has them together with what it belongs to, then what needs its description; frequency decides among equals. If
//! nothing has all the words, names that share enough trigrams with the query are found instead.

pub mod documents;
mod postgres;
mod sqlite;
mod trigram;

use entity::search_document::{KIND_BEER, KIND_BREWERY};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};
use uuid::Uuid;

use super::text::words;
use crate::database::MIN_SIMILARITY;

/// Most matches that are ranked: beyond, a query is too general for an order to mean anything.
const MAX_RANKED: u32 = 10_000;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Beer,
    Brewery,
}

impl Kind {
    const fn from_stored(kind: i32) -> Option<Self> {
        match kind {
            KIND_BEER => Some(Self::Beer),
            KIND_BREWERY => Some(Self::Brewery),
            _ => None,
        }
    }
}

/// Something found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    pub id: Uuid,
}

/// A search: what for, and which part of the ranking.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    pub query: &'a str,
    /// Most hits to return.
    pub limit: u32,
    /// Hits of the ranking to skip.
    pub offset: u32,
}

/// The hits, best first.
///
/// # Errors
/// If the database fails.
pub async fn search(db: &impl ConnectionTrait, search: &Search<'_>) -> Result<Vec<Hit>, DbErr> {
    let text = words(search.query);
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    match db.get_database_backend() {
        DatabaseBackend::Postgres => postgres::search(db, search, &text, &words).await,
        _ => sqlite::search(db, search, &text, &words).await,
    }
}
