//! A beer of one brewery, with a summary of its ratings.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "beer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub brewery_id: Uuid,
    pub style_id: Option<Uuid>,
    pub name: String,
    /// `name` without case and accents: what it is sorted, matched and, within its brewery, unique by.
    pub name_folded: String,
    /// Alcohol by volume, percent.
    pub abv: Option<f64>,
    /// International Bitterness Units.
    pub ibu: Option<f64>,
    /// Colour, Standard Reference Method.
    pub srm: Option<f64>,
    #[sea_orm(column_type = "Text")]
    pub description: Option<String>,
    /// Starts at 1 and grows by one with every update of the beer itself; a review leaves it alone.
    pub revision: i32,
    /// Number of reviews, kept in the transaction that writes a review.
    pub rating_count: i32,
    /// Sum of their ratings.
    pub rating_sum: i32,
    /// `rating_sum / rating_count`, computed and stored by the database; null without reviews.
    pub rating_average: Option<f64>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "brewery_id", to = "id")]
    #[serde(skip)]
    pub brewery: BelongsTo<super::brewery::Entity>,
    #[sea_orm(belongs_to, from = "style_id", to = "id")]
    #[serde(skip)]
    pub style: BelongsTo<Option<super::style::Entity>>,
    #[sea_orm(has_many)]
    #[serde(skip)]
    pub reviews: HasMany<super::review::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
