//! A catalogue of as many made-up beers as wanted, to measure and to try things on.

mod rows;
mod words;

use entity::{beer, brewery, search_document::KIND_BEER, style};
use rows::Identity;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Statement,
    sea_query::{InsertStatement, IntoIden, OnConflict, Query},
};
use uuid::Uuid;

use super::{SeedError, sample};
use crate::{
    catalog::{
        bulk::MAX_PARAMETERS,
        progress::{Progress, Unit},
        search::documents::{self, Document},
        text::{fold, place_key},
    },
    database,
};

/// Most beers that [`generate`] makes up.
pub const MAX_BEERS: u64 = 1_000_000;

/// Rows of one statement: the widest of them has 12 columns.
const CHUNK: u64 = MAX_PARAMETERS as u64 / 12;

/// SQLite's page cache while beers are made up, KiB.
const CACHE_KIB: u32 = 256 * 1_024;

/// What [`generate`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Beers that are new; the others were there already.
    pub beers: u64,
    /// Breweries that are new.
    pub breweries: u64,
}

/// Makes up the first `count` beers with their breweries and styles, in one transaction. Rows that are there already stay as they
/// are, so that the same call does nothing a second time and one with a larger count adds what is missing.
///
/// # Errors
/// See [`SeedError`].
pub async fn generate(db: &DatabaseConnection, count: u64, progress: &dyn Progress) -> Result<Generated, SeedError> {
    if count > MAX_BEERS {
        return Err(SeedError::TooMany { wanted: count });
    }
    let transaction = database::begin(db).await?;
    let cache = enlarge_cache(&transaction).await?;
    let styles = styles(&transaction).await?;
    let breweries = breweries(&transaction, rows::brewery_count(count), progress).await?;
    let beers = beers(&transaction, count, &styles, progress).await?;
    restore_cache(&transaction, cache).await?;
    transaction.commit().await?;
    if beers > 0 && db.get_database_backend() == DatabaseBackend::Postgres {
        // Before autovacuum comes round, its planner would know neither the rows nor that an index alone can answer for them.
        db.execute_unprepared("VACUUM (ANALYZE) style, brewery, beer, search_document").await?;
    }
    Ok(Generated { beers, breweries })
}

/// Lets SQLite keep the indexes in memory that every beer goes into, at random places: twice as fast. The connection's old setting.
async fn enlarge_cache(db: &DatabaseTransaction) -> Result<Option<i64>, DbErr> {
    if db.get_database_backend() != DatabaseBackend::Sqlite {
        return Ok(None);
    }
    let setting = db.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA cache_size")).await?;
    db.execute_unprepared(&format!("PRAGMA cache_size = -{CACHE_KIB}")).await?;
    setting.map(|row| row.try_get("", "cache_size")).transpose()
}

async fn restore_cache(db: &DatabaseTransaction, setting: Option<i64>) -> Result<(), DbErr> {
    if let Some(setting) = setting {
        db.execute_unprepared(&format!("PRAGMA cache_size = {setting}")).await?;
    }
    Ok(())
}

/// The sample's styles as they are stored, in the sample's order; missing ones are written.
async fn styles(db: &DatabaseTransaction) -> Result<Vec<Uuid>, SeedError> {
    use style::Column::{Category, CreatedAt, Id, Name, NameFolded, UpdatedAt};
    let wanted = sample::catalogue()?.styles.into_iter().map(sample::Style::checked).collect::<Result<Vec<_>, _>>()?;
    let mut insert = insert_into(style::Entity, [Id, Name, NameFolded, Category, CreatedAt, UpdatedAt]);
    for (number, style) in (0..).zip(&wanted) {
        let Identity { id, created_at } = rows::style(number);
        let (name, category) = (style.name.as_str(), style.category.as_str());
        insert
            .values([id.into(), name.into(), fold(name).into(), category.into(), created_at.into(), created_at.into()])
            .map_err(internal)?;
    }
    db.execute(&insert).await?;
    let mut ids = Vec::with_capacity(wanted.len());
    for style in &wanted {
        let same = style::Entity::find().filter(NameFolded.eq(fold(&style.name))).filter(Category.eq(style.category.as_str()));
        let id: Option<Uuid> = same.select_only().column(Id).into_tuple().one(db).await?;
        ids.extend(id);
    }
    Ok(ids)
}

async fn breweries(db: &DatabaseTransaction, count: u64, progress: &dyn Progress) -> Result<u64, DbErr> {
    use brewery::Column::{
        City, Country, CreatedAt, Description, Id, Latitude, Longitude, Name, NameFolded, PlaceKey, Region, UpdatedAt,
    };
    progress.begin("breweries", count, Unit::Rows);
    let mut written = 0;
    for start in (0..count).step_by(CHUNK as usize) {
        let mut insert = insert_into(
            brewery::Entity,
            [Id, Name, NameFolded, City, Region, Country, PlaceKey, Latitude, Longitude, Description, CreatedAt, UpdatedAt],
        );
        let mut texts = Vec::new();
        for number in start..count.min(start + CHUNK) {
            let (Identity { id, created_at }, brewery) = rows::brewery(number);
            let place = [brewery.city.as_deref(), brewery.region.as_deref(), brewery.country.as_deref()];
            texts.push(Document::brewery(id, &brewery.name, place, brewery.description.as_deref()));
            let (key, name_folded) = (place_key(&brewery), fold(&brewery.name));
            insert
                .values([
                    id.into(),
                    brewery.name.into(),
                    name_folded.into(),
                    brewery.city.into(),
                    brewery.region.into(),
                    brewery.country.into(),
                    key.into(),
                    brewery.latitude.into(),
                    brewery.longitude.into(),
                    brewery.description.into(),
                    created_at.into(),
                    created_at.into(),
                ])
                .map_err(internal)?;
        }
        let added = db.execute(&insert).await?.rows_affected();
        if added > 0 {
            documents::index(db, &texts).await?;
        }
        written += added;
        progress.reach(count.min(start + CHUNK));
    }
    progress.end();
    Ok(written)
}

async fn beers(db: &DatabaseTransaction, count: u64, styles: &[Uuid], progress: &dyn Progress) -> Result<u64, DbErr> {
    progress.begin("beers", count, Unit::Rows);
    let mut written = 0;
    for start in (0..count).step_by(CHUNK as usize) {
        let end = count.min(start + CHUNK);
        let added = db.execute(&insert_beers(start, end, styles)?).await?.rows_affected();
        if added > 0 {
            index_beers(db, rows::beer(start).identity.id, rows::beer(end - 1).identity.id).await?;
        }
        written += added;
        progress.reach(end);
    }
    progress.end();
    Ok(written)
}

fn insert_beers(start: u64, end: u64, styles: &[Uuid]) -> Result<InsertStatement, DbErr> {
    use beer::Column::{Abv, BreweryId, CreatedAt, Description, Ibu, Id, Name, NameFolded, Srm, StyleId, UpdatedAt};
    let mut insert =
        insert_into(beer::Entity, [Id, BreweryId, StyleId, Name, NameFolded, Abv, Ibu, Srm, Description, CreatedAt, UpdatedAt]);
    for number in start..end {
        let rows::Beer { identity, brewery_id, style, fields } = rows::beer(number);
        let style = style.and_then(|style| styles.get(style.checked_rem(styles.len())?).copied());
        let name_folded = fields.name.to_lowercase();
        insert
            .values([
                identity.id.into(),
                brewery_id.into(),
                style.into(),
                fields.name.into(),
                name_folded.into(),
                fields.abv.into(),
                fields.ibu.into(),
                fields.srm.into(),
                fields.description.into(),
                identity.created_at.into(),
                identity.created_at.into(),
            ])
            .map_err(internal)?;
    }
    Ok(insert)
}

/// Writes the documents of the beers from `first` to `last`, whose ids are in the order of their creation. What they are made of is
/// stored folded, but for the description, and folding a made-up one is lower-casing it.
async fn index_beers(db: &DatabaseTransaction, first: Uuid, last: Uuid) -> Result<(), DbErr> {
    let sql = "INSERT INTO search_document (id, kind, title, context, body)
        SELECT beer.id, $1, beer.name_folded, brewery.name_folded || coalesce(' ' || style.name_folded, ''),
            lower(coalesce(beer.description, ''))
        FROM beer JOIN brewery ON brewery.id = beer.brewery_id LEFT JOIN style ON style.id = beer.style_id
        WHERE beer.id BETWEEN $2 AND $3 ORDER BY beer.id
        ON CONFLICT (id) DO NOTHING";
    let values = [KIND_BEER.into(), first.into(), last.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// An insert that leaves existing rows alone.
fn insert_into<E: EntityTrait, const N: usize>(table: E, columns: [E::Column; N]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(table.into_iden()).columns(columns).on_conflict(OnConflict::new().do_nothing().to_owned());
    insert
}

/// As many values as columns are given above; sea-query counts them all the same.
fn internal(error: sea_orm::sea_query::error::Error) -> DbErr {
    DbErr::Query(sea_orm::RuntimeErr::Internal(error.to_string()))
}
