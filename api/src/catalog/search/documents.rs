//! What full-text search reads: one document a beer and one a brewery, written in the transaction that writes the row.

use entity::{
    beer, brewery,
    search_document::{Column, Entity, KIND_BEER, KIND_BREWERY},
    style,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait,
    sea_query::{Alias, BinOper, Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use crate::catalog::text::words;

/// Documents written, or ids looked up, by one statement: 5 parameters each, far below both databases' limits.
const CHUNK: usize = 2_000;

/// A beer or brewery as it is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The id of the beer or brewery.
    pub id: Uuid,
    /// [`KIND_BEER`] or [`KIND_BREWERY`].
    pub kind: i32,
    /// Its name, as [`words`].
    pub title: String,
    /// Where it belongs, as [`words`]: a beer's brewery and style, a brewery's place.
    pub context: String,
    /// Its description, as [`words`]; empty without one.
    pub body: String,
}

impl Document {
    /// The document of a beer, from what is stored.
    #[must_use]
    pub fn beer(id: Uuid, name: &str, brewery: &str, style: Option<&str>, description: Option<&str>) -> Self {
        let context = joined([Some(brewery), style]);
        Self { id, kind: KIND_BEER, title: words(name), context, body: description.map(words).unwrap_or_default() }
    }

    /// The document of a brewery, from what is stored; `place` is its city, region and country.
    #[must_use]
    pub fn brewery(id: Uuid, name: &str, place: [Option<&str>; 3], description: Option<&str>) -> Self {
        let context = joined(place);
        Self { id, kind: KIND_BREWERY, title: words(name), context, body: description.map(words).unwrap_or_default() }
    }
}

fn joined<const N: usize>(parts: [Option<&str>; N]) -> String {
    parts.into_iter().flatten().map(words).collect::<Vec<_>>().join(" ")
}

/// Writes documents, in place of those of the same ids. One that is the same already is not written.
///
/// # Errors
/// The database's.
pub async fn index<C: ConnectionTrait>(db: &C, documents: &[Document]) -> Result<(), DbErr> {
    const TEXTS: [Column; 3] = [Column::Title, Column::Context, Column::Body];
    let excluded = |column: Column| Expr::col((Alias::new("excluded"), column));
    let differs = TEXTS
        .map(|column| excluded(column).binary(BinOper::Custom("IS DISTINCT FROM"), Expr::col((Entity, column))))
        .into_iter()
        .fold(Expr::val(false), |any, differs| any.or(differs));
    let on_conflict = OnConflict::column(Column::Id).update_columns(TEXTS).action_and_where(differs).to_owned();

    for chunk in documents.chunks(CHUNK) {
        let mut insert = Query::insert();
        insert.into_table(Entity).columns([Column::Id, Column::Kind, Column::Title, Column::Context, Column::Body]);
        for Document { id, kind, title, context, body } in chunk {
            insert
                .values([(*id).into(), (*kind).into(), title.as_str().into(), context.as_str().into(), body.as_str().into()])
                .map_err(|error| DbErr::Query(sea_orm::RuntimeErr::Internal(error.to_string())))?;
        }
        insert.on_conflict(on_conflict.clone());
        db.execute(&insert).await?;
    }
    Ok(())
}

/// Removes the document of a beer or brewery, if there is one.
///
/// # Errors
/// The database's.
pub async fn remove<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct BeerText {
    id: Uuid,
    name: String,
    brewery: String,
    style: Option<String>,
    description: Option<String>,
}

/// Writes the documents of these beers as the rows are now. Call it after a beer, or the name of its brewery or style, has changed.
///
/// # Errors
/// The database's.
pub async fn index_beers<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<(), DbErr> {
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<BeerText> = beer::Entity::find()
            .select_only()
            .columns([beer::Column::Id, beer::Column::Name, beer::Column::Description])
            .column_as(brewery::Column::Name, "brewery")
            .column_as(style::Column::Name, "style")
            .join(JoinType::InnerJoin, beer::Relation::Brewery.def())
            .join(JoinType::LeftJoin, beer::Relation::Style.def())
            .filter(beer::Column::Id.is_in(chunk.iter().copied()))
            .into_model()
            .all(db)
            .await?;
        let documents: Vec<Document> = rows
            .iter()
            .map(|row| Document::beer(row.id, &row.name, &row.brewery, row.style.as_deref(), row.description.as_deref()))
            .collect();
        index(db, &documents).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct BreweryText {
    id: Uuid,
    name: String,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    description: Option<String>,
}

/// Writes the documents of these breweries as the rows are now; those of their beers are [`index_beers`]' affair.
///
/// # Errors
/// The database's.
pub async fn index_breweries<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<(), DbErr> {
    use brewery::Column::{City, Country, Description, Id, Name, Region};
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<BreweryText> = brewery::Entity::find()
            .select_only()
            .columns([Id, Name, City, Region, Country, Description])
            .filter(Id.is_in(chunk.iter().copied()))
            .into_model()
            .all(db)
            .await?;
        let documents: Vec<Document> = rows
            .iter()
            .map(|row| {
                let place = [row.city.as_deref(), row.region.as_deref(), row.country.as_deref()];
                Document::brewery(row.id, &row.name, place, row.description.as_deref())
            })
            .collect();
        index(db, &documents).await?;
    }
    Ok(())
}
