use async_graphql::{
    Context, Result, Union,
    connection::{Connection, ConnectionNameType, EdgeNameType, EmptyFields},
};
use entity::brewery;
use futures_util::future::try_join_all;

use super::{Beer, Brewery};
use crate::{
    catalog::{
        resource,
        search::{Hit, Kind},
    },
    graphql::{
        connection::{NodeObject, Selected},
        loaders::{Row, load},
    },
};

/// Something that a search finds.
#[derive(Union)]
#[expect(clippy::large_enum_variant, reason = "lives as long as it takes to resolve it; a box would cost an allocation a node")]
pub enum SearchResult {
    Beer(Beer),
    Brewery(Brewery),
}

/// A page of what a search found, best first.
pub(in crate::graphql) type SearchConnection =
    Connection<String, SearchResult, EmptyFields, EmptyFields, SearchConnectionName, SearchConnectionName>;

/// Names the connection and its edges after the field, not the union.
pub struct SearchConnectionName;

impl ConnectionNameType for SearchConnectionName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchConnection".to_owned()
    }
}

impl EdgeNameType for SearchConnectionName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchEdge".to_owned()
    }
}

impl SearchResult {
    /// Loads what was found, in the same order; what has been deleted meanwhile is left out.
    pub(in crate::graphql) async fn load_all(ctx: &Context<'_>, hits: &[Hit]) -> Result<Vec<Option<Self>>> {
        let include = <Beer as NodeObject>::include(&Selected::of_connection(ctx));
        try_join_all(hits.iter().map(async |hit| {
            Ok(match hit.kind {
                Kind::Beer => load(ctx, Row::<resource::Beer> { id: hit.id, include }).await?.map(|beer| Self::Beer(beer.into())),
                Kind::Brewery => load(ctx, Row::<brewery::Model> { id: hit.id, include: () })
                    .await?
                    .map(|brewery| Self::Brewery(brewery.into())),
            })
        }))
        .await
    }
}
