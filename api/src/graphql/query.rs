//! The root of all queries.

use async_graphql::{Context, ID, Object, Result, connection::Edge};
use futures_util::future::try_join_all;
use sea_orm::DatabaseConnection;

use super::{
    cache_hints::{CATALOGUE, REVIEWS, cache_control},
    connection::{Connection, DEFAULT_PAGE, NodeObject, PageArguments, Selected, check_ids, connect, page_size},
    error::{ErrorCode, database_error},
    id::NodeType,
    input::{BeerFilter, BeerOrder, BreweryFilter, BreweryOrder, ReviewFilter, ReviewOrder, StyleFilter, StyleOrder},
    loaders::{Row, load},
    types::{Beer, Brewery, Node, Review, SearchConnection, SearchResult, Style},
};
use crate::catalog::search::{Search, search};

/// Longest text to search for, characters.
const MAX_SEARCH: usize = 200;
/// A ranking changes with every write, so that its far end means little.
const MAX_SEARCH_DEPTH: u32 = 1_000;

/// Reading the catalogue. Public: needs no credential.
pub struct Query;

/// Reading the catalogue. Public: needs no credential.
// What may be null is an `Option<Result<_>>`: async-graphql lets the error of a `Result<Option<_>>` take the whole parent with it.
#[Object]
impl Query {
    /// Any object by its global id; null if there is none.
    #[graphql(directive = cache_control::apply(Some(REVIEWS), None, None))]
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The object's id.")] id: ID) -> Option<Result<Node>> {
        Node::load(ctx, &id).await.transpose()
    }

    /// Objects by their global ids, in the same order; null where there is none.
    #[graphql(directive = cache_control::apply(Some(REVIEWS), None, None))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The objects' ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        check_ids("ids", &ids)?;
        try_join_all(ids.iter().map(|id| Node::load(ctx, id))).await
    }

    /// A beer by its id; null if there is none.
    async fn beer(&self, ctx: &Context<'_>, #[graphql(desc = "The beer's id.")] id: ID) -> Option<Result<Beer>> {
        one(ctx, NodeType::Beer, &id).await.transpose()
    }

    /// A brewery by its id; null if there is none.
    async fn brewery(&self, ctx: &Context<'_>, #[graphql(desc = "The brewery's id.")] id: ID) -> Option<Result<Brewery>> {
        one(ctx, NodeType::Brewery, &id).await.transpose()
    }

    /// A style by its id; null if there is none.
    async fn style(&self, ctx: &Context<'_>, #[graphql(desc = "The style's id.")] id: ID) -> Option<Result<Style>> {
        one(ctx, NodeType::Style, &id).await.transpose()
    }

    /// A review by its id; null if there is none.
    async fn review(&self, ctx: &Context<'_>, #[graphql(desc = "The review's id.")] id: ID) -> Option<Result<Review>> {
        one(ctx, NodeType::Review, &id).await.transpose()
    }

    /// Beers; by name unless ordered otherwise.
    #[graphql(directive = cache_control::apply(Some(CATALOGUE), None, None))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn beers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(BeerOrder::default())", desc = "The order.")] order_by: Option<BeerOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            BeerFilter,
        >,
    ) -> Result<Connection<Beer>> {
        let page = PageArguments { first, after, last, before };
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, None).await
    }

    /// Breweries; by name unless ordered otherwise.
    #[graphql(directive = cache_control::apply(Some(CATALOGUE), None, None))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn breweries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(BreweryOrder::default())", desc = "The order.")] order_by: Option<BreweryOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            BreweryFilter,
        >,
    ) -> Result<Connection<Brewery>> {
        let page = PageArguments { first, after, last, before };
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, None).await
    }

    /// Styles; by name unless ordered otherwise.
    #[graphql(directive = cache_control::apply(Some(CATALOGUE), None, None))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn styles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(StyleOrder::default())", desc = "The order.")] order_by: Option<StyleOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            StyleFilter,
        >,
    ) -> Result<Connection<Style>> {
        let page = PageArguments { first, after, last, before };
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, None).await
    }

    /// Reviews; the newest first unless ordered otherwise.
    #[graphql(directive = cache_control::apply(Some(REVIEWS), None, None))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(ReviewOrder::default())", desc = "The order.")] order_by: Option<ReviewOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            ReviewFilter,
        >,
    ) -> Result<Connection<Review>> {
        let page = PageArguments { first, after, last, before };
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, None).await
    }

    /// Beers and breweries that match a text, best first. Case, accents and small typing errors do not matter; the last word may be
    /// unfinished. A match in a name counts most, then one in the brewery, style or place, then one in the description.
    #[graphql(directive = cache_control::apply(Some(CATALOGUE), None, None))]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for, at most 200 characters.")] query: String,
        #[graphql(default_with = "Some(DEFAULT_PAGE)", desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor; a search goes no deeper than 1,000.")] after: Option<String>,
    ) -> Result<SearchConnection> {
        let length = query.chars().count();
        if length > MAX_SEARCH {
            return Err(ErrorCode::BadUserInput.error(format!("`query` has {length} characters; the limit is {MAX_SEARCH}")));
        }
        let limit = u32::try_from(page_size("first", first.unwrap_or(DEFAULT_PAGE))?)?;
        let offset = after.as_deref().map_or(Ok(0), search_offset)?;
        let wanted = Search { query: &query, limit: limit + 1, offset };
        let mut hits = search(ctx.data::<DatabaseConnection>()?, &wanted).await.map_err(|error| database_error(&error))?;
        let has_next = hits.len() > limit as usize && offset + limit <= MAX_SEARCH_DEPTH;
        hits.truncate(limit as usize);
        let found = SearchResult::load_all(ctx, &hits).await?;
        let mut connection = SearchConnection::new(offset > 0, has_next);
        let places = (offset + 1..).map(search_cursor);
        connection.edges.extend(places.zip(found).filter_map(|(cursor, node)| Some(Edge::new(cursor, node?))));
        Ok(connection)
    }
}

async fn one<N: NodeObject>(ctx: &Context<'_>, kind: NodeType, id: &ID) -> Result<Option<N>> {
    let id = kind.key(id).map_err(|message| ErrorCode::BadUserInput.error(format!("`id`: {message}")))?;
    let include = N::include(&Selected::of_object(ctx));
    Ok(load(ctx, Row::<N::Resource> { id, include }).await?.map(N::from))
}

fn search_cursor(place: u32) -> String {
    format!("s{place}")
}

fn search_offset(cursor: &str) -> Result<u32> {
    // `parse` would take a sign.
    let place = cursor.strip_prefix('s').filter(|place| place.bytes().all(|digit| digit.is_ascii_digit()));
    match place.map(str::parse::<u32>) {
        Some(Ok(place)) if place <= MAX_SEARCH_DEPTH => Ok(place),
        Some(Ok(_)) => Err(ErrorCode::BadUserInput.error(format!("a search goes no deeper than {MAX_SEARCH_DEPTH}; refine it"))),
        _ => {
            Err(ErrorCode::BadUserInput.error("`after` is not a cursor of a search; take it unchanged from pageInfo or an edge"))
        }
    }
}
