//! What full-text search reads: one row a beer and one a brewery, written with them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_document")]
pub struct Model {
    /// The id of the beer or brewery.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// [`KIND_BEER`] or [`KIND_BREWERY`].
    pub kind: i32,
    /// Its name, folded.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Where it belongs, folded: a beer's brewery and style, a brewery's place.
    #[sea_orm(column_type = "Text")]
    pub context: String,
    /// Its description, folded.
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// `kind` of a beer's document.
pub const KIND_BEER: i32 = 1;
/// `kind` of a brewery's document.
pub const KIND_BREWERY: i32 = 2;

impl ActiveModelBehavior for ActiveModel {}
