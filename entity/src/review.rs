//! What somebody thought of a beer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub beer_id: Uuid,
    pub author: String,
    /// 1 (worst) to 5 (best).
    pub rating: i32,
    #[sea_orm(column_type = "Text")]
    pub body: Option<String>,
    /// The credential that wrote it, the only one beside an admin that may change it. Never shown.
    pub principal: String,
    /// Starts at 1 and grows by one with every update.
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "beer_id", to = "id")]
    #[serde(skip)]
    pub beer: BelongsTo<super::beer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
