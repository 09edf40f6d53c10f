//! Relay connections ([GraphQL Cursor Connections](https://relay.dev/graphql/connections.htm)) over the catalogue's lists.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, Error, ID, Lookahead, ObjectType, OutputType, Result,
    connection::{self, Edge, EmptyFields},
};
use sea_orm::Condition;
use uuid::Uuid;

use super::{
    error::ErrorCode,
    loaders::{Children, Listing, TotalCount, load},
};
use crate::catalog::list::{Column, Cursor, List, Resource, Sort, Window};

/// Most edges of a page, and most ids of a list of ids.
pub const MAX_PAGE: i32 = 100;
/// Edges of a page when neither `first` nor `last` is given.
pub const DEFAULT_PAGE: i32 = 20;

/// The direction of an order. Nulls come last in both.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderDirection {
    /// From the least to the greatest.
    #[default]
    Asc,
    /// From the greatest to the least.
    Desc,
}

/// A GraphQL type that stands for a resource of the catalogue.
pub(super) trait NodeObject: OutputType + From<Self::Resource> {
    type Resource: Resource;
    /// What the connection has beside edges and page info.
    type Extra: ObjectType + From<Children<Self::Resource>>;

    /// What to read for the fields that a query selects of the node.
    fn include(selected: &Selected<'_>) -> <Self::Resource as Resource>::Include;
}

/// A page of nodes.
pub(super) type Connection<N> = connection::Connection<String, N, <N as NodeObject>::Extra>;

/// `first`, `after`, `last` and `before`, as the client gave them.
pub(super) struct PageArguments {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// What a query selects of a node, wherever the node stands.
pub(super) struct Selected<'a>(Vec<Lookahead<'a>>);

impl<'a> Selected<'a> {
    /// Of the nodes of the connection that is being resolved.
    pub fn of_connection(ctx: &'a Context<'_>) -> Self {
        let look = ctx.look_ahead();
        Self(vec![look.field("nodes"), look.field("edges").field("node")])
    }

    /// Of the object that is being resolved.
    pub fn of_object(ctx: &'a Context<'_>) -> Self {
        Self(vec![ctx.look_ahead()])
    }

    /// Whether the field is selected.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|look| look.field(field).exists())
    }
}

impl PageArguments {
    fn window(self, ctx: &Context<'_>) -> Result<Window> {
        let (backwards, limit) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(bad_input("`first` and `last` exclude each other; give one of them")),
            (None, Some(last)) => (true, page_size("last", last)?),
            (first, None) => (false, page_size("first", first.unwrap_or(DEFAULT_PAGE))?),
        };
        let page_info = ctx.look_ahead().field("pageInfo");
        Ok(Window {
            limit,
            backwards,
            look_beyond: page_info.field("hasPreviousPage").exists() || page_info.field("hasNextPage").exists(),
            after: cursor("after", self.after.as_deref())?,
            before: cursor("before", self.before.as_deref())?,
        })
    }
}

/// Checks the number of edges asked for.
pub(super) fn page_size(argument: &str, size: i32) -> Result<u64> {
    match u64::try_from(size) {
        Ok(wanted) if size <= MAX_PAGE => Ok(wanted),
        _ => Err(bad_input(format!("`{argument}` is {size}; it must be 0 to {MAX_PAGE}"))),
    }
}

fn cursor(argument: &str, text: Option<&str>) -> Result<Option<Cursor>> {
    text.map(|text| Cursor::decode(text).map_err(|error| bad_input(format!("`{argument}` {error}")))).transpose()
}

fn bad_input(message: impl Into<String>) -> Error {
    ErrorCode::BadUserInput.error(message)
}

/// Resolves a connection: of the whole catalogue, or of `parent` by the column that refers to it.
pub(super) async fn connect<N: NodeObject>(
    ctx: &Context<'_>,
    arguments: PageArguments,
    sort: Sort<Column<N::Resource>>,
    filter: Condition,
    parent: Option<(Column<N::Resource>, Uuid)>,
) -> Result<Connection<N>> {
    let list = List { filter, sort, window: arguments.window(ctx)?, include: N::include(&Selected::of_connection(ctx)) };
    list.check_cursors().map_err(|(argument, error)| bad_input(format!("`{argument}` {error}")))?;
    let by = parent.map(|(by, _)| by);
    let listing = Arc::new(Listing { list, by, position: ctx.item.pos });
    let children = Children { parent: parent.map(|(_, id)| id), list: listing.clone() };

    let extra = N::Extra::from(children.clone());
    let look = ctx.look_ahead();
    if !["nodes", "edges", "pageInfo"].into_iter().any(|field| look.field(field).exists()) {
        return Ok(Connection::<N>::with_additional_fields(false, false, extra));
    }
    let page = load(ctx, children).await?;
    let (rows, has_previous, has_next) = page.map_or_else(Default::default, |page| (page.rows, page.has_previous, page.has_next));
    let mut connection = Connection::<N>::with_additional_fields(has_previous, has_next, extra);
    connection.edges.extend(rows.into_iter().map(|row| {
        let cursor = listing.list.cursor(&row).encode();
        Edge::with_additional_fields(cursor, N::from(row), EmptyFields)
    }));
    Ok(connection)
}

/// Implements the connection fields of a list of which only the total count is told.
macro_rules! counted {
    ($fields:ident, $resource:ty) => {
        /// What concerns the whole list, not only the page.
        pub struct $fields($crate::graphql::loaders::Children<$resource>);

        impl From<$crate::graphql::loaders::Children<$resource>> for $fields {
            fn from(list: $crate::graphql::loaders::Children<$resource>) -> Self {
                Self(list)
            }
        }

        #[async_graphql::Object]
        impl $fields {
            /// How many nodes the filter leaves, on all pages. Counted only when selected.
            async fn total_count(&self, ctx: &async_graphql::Context<'_>) -> async_graphql::Result<i64> {
                $crate::graphql::connection::total_count(ctx, &self.0).await
            }
        }
    };
}

pub(super) use counted;

/// How many rows a list has, on all pages.
pub(super) async fn total_count<R: Resource>(ctx: &Context<'_>, list: &Children<R>) -> Result<i64> {
    Ok(load(ctx, TotalCount(list.clone())).await?.unwrap_or_default())
}

/// The keys of a list of ids, which may be no longer than a page.
pub(super) fn check_ids(argument: &str, ids: &[ID]) -> Result<()> {
    if ids.len() > MAX_PAGE as usize {
        return Err(bad_input(format!("`{argument}` has {} ids; the limit is {MAX_PAGE}", ids.len())));
    }
    Ok(())
}
