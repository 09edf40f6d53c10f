//! Full-text search over beers and breweries.

pub mod documents;
