//! What resolvers ask for one by one and the catalogue reads together: one statement for a level of the query.
//!
//! Made anew for every request: nothing is cached beyond it, and no viewer sees what was loaded for another.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use async_graphql::{
    Context, Error, Pos,
    dataloader::{DataLoader, Loader},
};
use sea_orm::{DatabaseConnection, DbErr, EntityName as _};
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::{
    batching::{NoDelay, Queue},
    error::{client_error, report},
};
use crate::catalog::{
    list::{self, BeerStatistics, Bucket, Column, List, Page, Resource, rows_of},
    resource,
};
use crate::telemetry::trace::step;

/// Reads from the catalogue in batches.
pub(super) struct CatalogLoader(DatabaseConnection);

/// The loader of one request.
pub(super) type Loaders = DataLoader<CatalogLoader>;

pub(super) fn loaders(db: DatabaseConnection, queue: Queue) -> Loaders {
    DataLoader::new(CatalogLoader(db), queue, NoDelay).max_batch_size(usize::MAX)
}

/// Loads one value; absent if there is none.
pub(super) async fn load<K>(ctx: &Context<'_>, key: K) -> Result<Option<<CatalogLoader as Loader<K>>::Value>, Error>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    CatalogLoader: Loader<K, Error = Arc<DbErr>>,
{
    ctx.data::<Loaders>()?.load_one(key).await.map_err(|error| client_error(&error))
}

/// A row by its key.
pub(super) struct Row<R: Resource> {
    pub id: Uuid,
    pub include: R::Include,
}

/// A list of one parent, or of none.
pub(super) struct Children<R: Resource> {
    pub parent: Option<Uuid>,
    pub list: Arc<Listing<R>>,
}

/// A list as it was asked for.
pub(super) struct Listing<R: Resource> {
    pub list: List<R>,
    /// The column that refers to the parent.
    pub by: Option<Column<R>>,
    /// Where the document asks for it. Lists asked for at one place differ only in their parent.
    pub position: Pos,
}

/// How many rows a list has in all.
pub(super) struct TotalCount<R: Resource>(pub Children<R>);

/// Figures over all the beers of a list.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Statistics(pub Children<resource::Beer>);

/// Beers of a list by style.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ByStyle(pub Children<resource::Beer>);

/// Beers of a list by their brewery's country.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ByCountry(pub Children<resource::Beer>);

impl<R: Resource> Loader<Row<R>> for CatalogLoader {
    type Value = R;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[Row<R>]) -> Result<HashMap<Row<R>, R>, Self::Error> {
        let load = async {
            let mut found = HashMap::new();
            for (include, ids) in grouped(keys, |key| (key.include, key.id)) {
                let rows = rows_of::<R>(&self.0, &ids, include).await?;
                found.extend(rows.into_iter().map(|row| (Row { id: row.id(), include }, row)));
            }
            Ok(found)
        };
        traced(load, span::<R>("rows", keys.len())).await
    }
}

impl<R: Resource> Loader<Children<R>> for CatalogLoader {
    type Value = Page<R>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[Children<R>]) -> Result<HashMap<Children<R>, Page<R>>, Self::Error> {
        let load = async {
            let mut found = HashMap::new();
            for (listing, parents) in listings(keys) {
                if let Some(by) = listing.by {
                    let pages = listing.list.pages(&self.0, by, &parents).await?;
                    found.extend(
                        pages.into_iter().map(|(parent, page)| (Children { parent: Some(parent), list: listing.clone() }, page)),
                    );
                } else {
                    found.insert(Children { parent: None, list: listing.clone() }, listing.list.page(&self.0).await?);
                }
            }
            Ok(found)
        };
        traced(load, span::<R>("pages", keys.len())).await
    }
}

impl<R: Resource> Loader<TotalCount<R>> for CatalogLoader {
    type Value = i64;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[TotalCount<R>]) -> Result<HashMap<TotalCount<R>, i64>, Self::Error> {
        let load = async {
            let mut found = HashMap::new();
            for (listing, parents) in listings(keys.iter().map(|key| &key.0)) {
                let counts = list::count::<R>(&self.0, &listing.list.filter, listing.by.map(|by| (by, &parents[..]))).await?;
                found.extend(
                    counts.into_iter().map(|(parent, count)| (TotalCount(Children { parent, list: listing.clone() }), count)),
                );
            }
            Ok(found)
        };
        traced(load, span::<R>("counts", keys.len())).await
    }
}

macro_rules! load_figures {
    ($key:ident, $value:ty, $read:path, $name:literal) => {
        impl Loader<$key> for CatalogLoader {
            type Value = $value;
            type Error = Arc<DbErr>;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Self::Error> {
                let load = async {
                    let mut found = HashMap::new();
                    for (listing, parents) in listings(keys.iter().map(|key| &key.0)) {
                        let parents = listing.by.map(|by| (by, &parents[..]));
                        let figures = $read(&self.0, &listing.list.filter, parents).await?;
                        found.extend(
                            figures
                                .into_iter()
                                .map(|(parent, figure)| ($key(Children { parent, list: listing.clone() }), figure)),
                        );
                    }
                    Ok(found)
                };
                traced(load, span::<resource::Beer>($name, keys.len())).await
            }
        }
    };
}

load_figures!(Statistics, BeerStatistics, list::beer_statistics::<resource::Beer>, "statistics");
load_figures!(ByStyle, Vec<Bucket<Option<Uuid>>>, list::beers_by_style::<resource::Beer>, "by style");
load_figures!(ByCountry, Vec<Bucket<Option<String>>>, list::beers_by_country::<resource::Beer>, "by country");

/// The span of a load of `what`, for so many keys at once.
fn span<R: Resource>(what: &str, keys: usize) -> Span {
    let (table, keys) = (R::Entity::default(), i64::try_from(keys).unwrap_or(i64::MAX));
    step!("graphql.load", otel.name = format!("load {} {what}", table.table_name()), graphql.load.keys = keys)
}

/// `load` within `span`. Its error, for which several fields may wait, is reported once.
async fn traced<T>(load: impl Future<Output = Result<T, Arc<DbErr>>>, span: Span) -> Result<T, Arc<DbErr>> {
    async { load.await.inspect_err(|error| report(error)) }.instrument(span).await
}

/// The parents of each listing among the keys.
fn listings<'a, R: Resource>(keys: impl IntoIterator<Item = &'a Children<R>>) -> Vec<(Arc<Listing<R>>, Vec<Uuid>)> {
    let mut groups: HashMap<Pos, (Arc<Listing<R>>, Vec<Uuid>)> = HashMap::new();
    for key in keys {
        let (_, parents) = groups.entry(key.list.position).or_insert_with(|| (key.list.clone(), Vec::new()));
        parents.extend(key.parent);
    }
    groups.into_values().collect()
}

fn grouped<'a, T: 'a, G: Hash + Eq, V>(items: &'a [T], split: impl Fn(&'a T) -> (G, V)) -> HashMap<G, Vec<V>> {
    let mut groups: HashMap<G, Vec<V>> = HashMap::new();
    for item in items {
        let (group, value) = split(item);
        groups.entry(group).or_default().push(value);
    }
    groups
}

impl<R: Resource> Clone for Row<R> {
    fn clone(&self) -> Self {
        Self { id: self.id, include: self.include }
    }
}

impl<R: Resource> PartialEq for Row<R> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.include == other.include
    }
}

impl<R: Resource> Eq for Row<R> {}

impl<R: Resource> Hash for Row<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.include.hash(state);
    }
}

impl<R: Resource> Clone for Children<R> {
    fn clone(&self) -> Self {
        Self { parent: self.parent, list: self.list.clone() }
    }
}

impl<R: Resource> PartialEq for Children<R> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && self.list.position == other.list.position
    }
}

impl<R: Resource> Eq for Children<R> {}

impl<R: Resource> Hash for Children<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.list.position.hash(state);
    }
}

impl<R: Resource> Clone for TotalCount<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: Resource> PartialEq for TotalCount<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<R: Resource> Eq for TotalCount<R> {}

impl<R: Resource> Hash for TotalCount<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
