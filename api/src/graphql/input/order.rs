//! `orderBy` of each list.

use async_graphql::{Enum, InputObject};
use entity::{beer, brewery, review, style};

use crate::{catalog::list::Sort, graphql::connection::OrderDirection};

/// Declares the fields that a list can be ordered by, and the order itself.
macro_rules! order {
    ($order:ident, $field:ident, $column:ty, $what:literal, { $($(#[$doc:meta])* $variant:ident => $sort:expr),+ $(,)? }) => {
        #[doc = concat!("What ", $what, " can be ordered by. Equals follow each other in order of creation, in the same direction.")]
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $field {
            $($(#[$doc])* $variant),+
        }

        #[doc = concat!("An order of ", $what, ".")]
        #[derive(InputObject, Clone, Copy, Debug)]
        pub struct $order {
            /// What to order by.
            pub field: $field,
            /// In which direction. Nodes without a value come last in both.
            #[graphql(default)]
            pub direction: OrderDirection,
        }

        impl From<$order> for Sort<$column> {
            fn from(order: $order) -> Self {
                let column = match order.field {
                    $($field::$variant => $sort),+
                };
                Self { column, descending: order.direction == OrderDirection::Desc }
            }
        }
    };
}

order!(BeerOrder, BeerOrderField, beer::Column, "beers", {
    /// Name, without regard to case and accents.
    Name => Some(beer::Column::NameFolded),
    /// Alcohol by volume.
    Abv => Some(beer::Column::Abv),
    /// Bitterness.
    Ibu => Some(beer::Column::Ibu),
    /// Mean rating.
    Rating => Some(beer::Column::RatingAverage),
    /// Time of creation.
    CreatedAt => None,
});

order!(BreweryOrder, BreweryOrderField, brewery::Column, "breweries", {
    /// Name, without regard to case and accents.
    Name => Some(brewery::Column::NameFolded),
    /// Time of creation.
    CreatedAt => None,
});

order!(StyleOrder, StyleOrderField, style::Column, "styles", {
    /// Name, without regard to case and accents.
    Name => Some(style::Column::NameFolded),
    /// Time of creation.
    CreatedAt => None,
});

order!(ReviewOrder, ReviewOrderField, review::Column, "reviews", {
    /// Stars.
    Rating => Some(review::Column::Rating),
    /// Time of creation.
    CreatedAt => None,
});

impl Default for BeerOrder {
    fn default() -> Self {
        Self { field: BeerOrderField::Name, direction: OrderDirection::Asc }
    }
}

impl Default for BreweryOrder {
    fn default() -> Self {
        Self { field: BreweryOrderField::Name, direction: OrderDirection::Asc }
    }
}

impl Default for StyleOrder {
    fn default() -> Self {
        Self { field: StyleOrderField::Name, direction: OrderDirection::Asc }
    }
}

impl Default for ReviewOrder {
    fn default() -> Self {
        Self { field: ReviewOrderField::CreatedAt, direction: OrderDirection::Desc }
    }
}
