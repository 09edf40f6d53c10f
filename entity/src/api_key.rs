//! An API key. Only a hash of its secret is kept.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// The public half of the key: names it in lists, finds it when it is presented.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is for, in its owner's words.
    pub name: String,
    /// SHA-256 of the secret half. The secret is 256 random bits, so that a slow password hash would add nothing.
    pub secret_hash: Vec<u8>,
    /// Scopes separated by one space, as in OAuth 2.0 ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    pub scopes: String,
    pub created_at: DateTimeUtc,
    /// From then on it is refused; null while it is good.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
