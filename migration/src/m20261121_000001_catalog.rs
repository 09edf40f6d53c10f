//! Expand: styles, breweries, beers and reviews, with an index for every order and filter that the API offers.

use sea_orm_migration::prelude::*;

use crate::dialect::{bytewise_text, execute_all, is_postgres};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Style {
    Table,
    Id,
    Name,
    NameFolded,
    Category,
    Revision,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Brewery {
    Table,
    Id,
    Name,
    NameFolded,
    City,
    Region,
    Country,
    PlaceKey,
    Website,
    Latitude,
    Longitude,
    Description,
    Revision,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Beer {
    Table,
    Id,
    BreweryId,
    StyleId,
    Name,
    NameFolded,
    Abv,
    Ibu,
    Srm,
    Description,
    Revision,
    RatingCount,
    RatingSum,
    RatingAverage,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Review {
    Table,
    Id,
    BeerId,
    Author,
    Rating,
    Body,
    Principal,
    Revision,
    CreatedAt,
    UpdatedAt,
}

/// `CREATE [UNIQUE] INDEX` statements. Within a brewery or style every order has its own index, so that a page of nested beers
/// reads no more rows than it returns. Order of creation is the order of the keys.
const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX style_name_category_key ON style (name_folded, category)",
    "CREATE INDEX style_name_idx ON style (name_folded, id)",
    "CREATE INDEX style_category_idx ON style (category)",
    "CREATE UNIQUE INDEX brewery_place_key ON brewery (place_key)",
    "CREATE INDEX brewery_name_idx ON brewery (name_folded, id)",
    "CREATE INDEX brewery_country_idx ON brewery (country, city)",
    "CREATE INDEX brewery_region_idx ON brewery (region)",
    "CREATE INDEX brewery_city_idx ON brewery (city)",
    "CREATE INDEX beer_name_idx ON beer (name_folded, id)",
    "CREATE INDEX beer_abv_idx ON beer (abv, id)",
    "CREATE INDEX beer_ibu_idx ON beer (ibu, id)",
    "CREATE INDEX beer_srm_idx ON beer (srm)",
    "CREATE INDEX beer_rating_idx ON beer (rating_average, id)",
    "CREATE INDEX beer_rating_count_idx ON beer (rating_count)",
    "CREATE UNIQUE INDEX beer_brewery_name_key ON beer (brewery_id, name_folded)",
    "CREATE INDEX beer_brewery_abv_idx ON beer (brewery_id, abv, id)",
    "CREATE INDEX beer_brewery_ibu_idx ON beer (brewery_id, ibu, id)",
    "CREATE INDEX beer_brewery_rating_idx ON beer (brewery_id, rating_average, id)",
    "CREATE INDEX beer_brewery_created_idx ON beer (brewery_id, id)",
    "CREATE INDEX beer_style_name_idx ON beer (style_id, name_folded, id)",
    "CREATE INDEX beer_style_abv_idx ON beer (style_id, abv, id)",
    "CREATE INDEX beer_style_ibu_idx ON beer (style_id, ibu, id)",
    "CREATE INDEX beer_style_rating_idx ON beer (style_id, rating_average, id)",
    "CREATE INDEX beer_style_created_idx ON beer (style_id, id)",
    "CREATE INDEX review_author_idx ON review (author)",
    "CREATE INDEX review_rating_idx ON review (rating, id)",
    "CREATE INDEX review_beer_rating_idx ON review (beer_id, rating, id)",
    "CREATE INDEX review_beer_created_idx ON review (beer_id, id)",
];

/// `name contains` on PostgreSQL. `pg_trgm` is a trusted extension: the database's owner may create it.
const TRIGRAM_INDEXES: &[&str] = &[
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX style_name_trigram_idx ON style USING gin (name_folded gin_trgm_ops)",
    "CREATE INDEX brewery_name_trigram_idx ON brewery USING gin (name_folded gin_trgm_ops)",
    "CREATE INDEX beer_name_trigram_idx ON beer USING gin (name_folded gin_trgm_ops)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(style(manager)).await?;
        manager.create_table(brewery(manager)).await?;
        manager.create_table(beer(manager)).await?;
        manager.create_table(review()).await?;
        execute_all(manager, INDEXES).await?;
        if is_postgres(manager) {
            execute_all(manager, TRIGRAM_INDEXES).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute_all(manager, &["DROP TABLE review", "DROP TABLE beer", "DROP TABLE brewery", "DROP TABLE style"]).await
    }
}

fn style(manager: &SchemaManager) -> TableCreateStatement {
    Table::create()
        .table(Style::Table)
        .col(ColumnDef::new(Style::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Style::Name).text().not_null())
        .col(bytewise_text(manager, Style::NameFolded))
        .col(ColumnDef::new(Style::Category).text().not_null())
        .col(ColumnDef::new(Style::Revision).integer().not_null().default(1))
        .col(ColumnDef::new(Style::CreatedAt).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(Style::UpdatedAt).timestamp_with_time_zone().not_null())
        .to_owned()
}

fn brewery(manager: &SchemaManager) -> TableCreateStatement {
    Table::create()
        .table(Brewery::Table)
        .col(ColumnDef::new(Brewery::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Brewery::Name).text().not_null())
        .col(bytewise_text(manager, Brewery::NameFolded))
        .col(ColumnDef::new(Brewery::City).text())
        .col(ColumnDef::new(Brewery::Region).text())
        .col(ColumnDef::new(Brewery::Country).text())
        .col(bytewise_text(manager, Brewery::PlaceKey))
        .col(ColumnDef::new(Brewery::Website).text())
        .col(ColumnDef::new(Brewery::Latitude).double())
        .col(ColumnDef::new(Brewery::Longitude).double())
        .col(ColumnDef::new(Brewery::Description).text())
        .col(ColumnDef::new(Brewery::Revision).integer().not_null().default(1))
        .col(ColumnDef::new(Brewery::CreatedAt).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(Brewery::UpdatedAt).timestamp_with_time_zone().not_null())
        .to_owned()
}

fn beer(manager: &SchemaManager) -> TableCreateStatement {
    let average = "CASE WHEN rating_count > 0 THEN CAST(rating_sum AS DOUBLE PRECISION) / rating_count END";
    Table::create()
        .table(Beer::Table)
        .col(ColumnDef::new(Beer::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Beer::BreweryId).uuid().not_null())
        .col(ColumnDef::new(Beer::StyleId).uuid())
        .col(ColumnDef::new(Beer::Name).text().not_null())
        .col(bytewise_text(manager, Beer::NameFolded))
        .col(ColumnDef::new(Beer::Abv).double())
        .col(ColumnDef::new(Beer::Ibu).double())
        .col(ColumnDef::new(Beer::Srm).double())
        .col(ColumnDef::new(Beer::Description).text())
        .col(ColumnDef::new(Beer::Revision).integer().not_null().default(1))
        .col(ColumnDef::new(Beer::RatingCount).integer().not_null().default(0))
        .col(ColumnDef::new(Beer::RatingSum).integer().not_null().default(0))
        .col(ColumnDef::new(Beer::RatingAverage).double().generated(Expr::cust(average), true))
        .col(ColumnDef::new(Beer::CreatedAt).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(Beer::UpdatedAt).timestamp_with_time_zone().not_null())
        .foreign_key(
            ForeignKey::create().name("beer_brewery_fk").from(Beer::Table, Beer::BreweryId).to(Brewery::Table, Brewery::Id),
        )
        .foreign_key(ForeignKey::create().name("beer_style_fk").from(Beer::Table, Beer::StyleId).to(Style::Table, Style::Id))
        .check((
            "beer_rating_summary_check",
            Expr::cust("rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count"),
        ))
        .to_owned()
}

fn review() -> TableCreateStatement {
    Table::create()
        .table(Review::Table)
        .col(ColumnDef::new(Review::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Review::BeerId).uuid().not_null())
        .col(ColumnDef::new(Review::Author).text().not_null())
        .col(ColumnDef::new(Review::Rating).integer().not_null())
        .col(ColumnDef::new(Review::Body).text())
        .col(ColumnDef::new(Review::Principal).text().not_null())
        .col(ColumnDef::new(Review::Revision).integer().not_null().default(1))
        .col(ColumnDef::new(Review::CreatedAt).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(Review::UpdatedAt).timestamp_with_time_zone().not_null())
        .foreign_key(ForeignKey::create().name("review_beer_fk").from(Review::Table, Review::BeerId).to(Beer::Table, Beer::Id))
        .check(("review_rating_check", Expr::cust("rating BETWEEN 1 AND 5")))
        .to_owned()
}
