//! A brewery: where it is and how to reach it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "brewery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// `name` without case and accents: what it is sorted and matched by.
    pub name_folded: String,
    pub city: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    /// Name and place in one folded string, unique: two breweries of one name are two only in different places.
    pub place_key: String,
    pub website: Option<String>,
    /// Degrees, WGS 84. Set together with `longitude` or not at all.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    #[sea_orm(column_type = "Text")]
    pub description: Option<String>,
    /// Starts at 1 and grows by one with every update.
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_many)]
    #[serde(skip)]
    pub beers: HasMany<super::beer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
