//! A beer style, such as "American IPA" of the category "IPA".

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "style")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// `name` without case and accents: what it is sorted, matched and, within `category`, unique by.
    pub name_folded: String,
    pub category: String,
    /// Starts at 1 and grows by one with every update.
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_many)]
    #[serde(skip)]
    pub beers: HasMany<super::beer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
