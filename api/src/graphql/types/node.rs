use async_graphql::{Context, ID, Interface, Result};
use entity::{brewery, style};

use super::{Beer, Brewery, Review, Style};
use crate::{
    catalog::resource,
    graphql::{
        connection::{NodeObject, Selected},
        id::{NodeType, parse},
        loaders::{Row, load},
    },
};

/// Anything with a global id ([GraphQL Global Object Identification](https://relay.dev/graphql/objectidentification.htm)).
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identifies it among all objects; opaque."))]
pub enum Node {
    Beer(Beer),
    Brewery(Brewery),
    Review(Review),
    Style(Style),
}

impl Node {
    /// The object with this id; none if there is none, or no such type.
    pub(in crate::graphql) async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Some((kind, id)) = parse(id) else { return Ok(None) };
        let selected = Selected::of_object(ctx);
        Ok(match kind {
            NodeType::Beer => {
                let include = <Beer as NodeObject>::include(&selected);
                load(ctx, Row::<resource::Beer> { id, include }).await?.map(|beer| Self::Beer(beer.into()))
            }
            NodeType::Brewery => {
                load(ctx, Row::<brewery::Model> { id, include: () }).await?.map(|brewery| Self::Brewery(brewery.into()))
            }
            NodeType::Review => {
                let include = <Review as NodeObject>::include(&selected);
                load(ctx, Row::<resource::Review> { id, include }).await?.map(|review| Self::Review(review.into()))
            }
            NodeType::Style => load(ctx, Row::<style::Model> { id, include: () }).await?.map(|style| Self::Style(style.into())),
        })
    }
}
