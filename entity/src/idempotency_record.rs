//! The outcome of a mutation that was sent with an idempotency key.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_record")]
pub struct Model {
    /// Whose key it is: two credentials may use the same one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    /// Name of the mutation's field, such as `createBeer`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mutation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the input as the client sent it.
    pub input_hash: Vec<u8>,
    /// What the first call returned, as JSON. Empty only inside the transaction that is making it.
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
