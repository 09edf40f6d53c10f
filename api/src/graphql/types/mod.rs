//! The object types, one file each.

mod beer;
mod beer_aggregates;
mod brewery;
mod node;
mod review;
mod search;
mod style;
mod user_error;

pub use beer::Beer;
pub use brewery::Brewery;
pub use node::Node;
pub use review::Review;
pub(super) use search::SearchConnection;
pub use search::SearchResult;
pub use style::Style;
pub use user_error::UserError;
