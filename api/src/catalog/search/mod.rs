//! Search over beers and breweries.

pub mod documents;
