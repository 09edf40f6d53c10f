//! Arguments of the lists: orders and filters.

mod combine;
mod filter;
mod order;
mod text;

pub use filter::{BeerFilter, BreweryFilter, ReviewFilter, StyleFilter};
pub use order::{BeerOrder, BreweryOrder, ReviewOrder, StyleOrder};
