//! Expand: API keys, and the outcomes of mutations sent with an idempotency key.

use sea_orm_migration::prelude::*;

use crate::dialect::execute_all;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum ApiKey {
    Table,
    Id,
    Name,
    SecretHash,
    Scopes,
    CreatedAt,
    RevokedAt,
}

#[derive(DeriveIden)]
enum IdempotencyRecord {
    Table,
    Principal,
    Mutation,
    Key,
    InputHash,
    Outcome,
    CreatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let api_key = Table::create()
            .table(ApiKey::Table)
            .col(ColumnDef::new(ApiKey::Id).uuid().not_null().primary_key())
            .col(ColumnDef::new(ApiKey::Name).text().not_null())
            .col(ColumnDef::new(ApiKey::SecretHash).binary().not_null())
            .col(ColumnDef::new(ApiKey::Scopes).text().not_null())
            .col(ColumnDef::new(ApiKey::CreatedAt).timestamp_with_time_zone().not_null())
            .col(ColumnDef::new(ApiKey::RevokedAt).timestamp_with_time_zone())
            .to_owned();
        let idempotency_record = Table::create()
            .table(IdempotencyRecord::Table)
            .col(ColumnDef::new(IdempotencyRecord::Principal).text().not_null())
            .col(ColumnDef::new(IdempotencyRecord::Mutation).text().not_null())
            .col(ColumnDef::new(IdempotencyRecord::Key).text().not_null())
            .col(ColumnDef::new(IdempotencyRecord::InputHash).binary().not_null())
            .col(ColumnDef::new(IdempotencyRecord::Outcome).text().not_null())
            .col(ColumnDef::new(IdempotencyRecord::CreatedAt).timestamp_with_time_zone().not_null())
            .primary_key(
                Index::create().col(IdempotencyRecord::Principal).col(IdempotencyRecord::Mutation).col(IdempotencyRecord::Key),
            )
            .to_owned();
        manager.create_table(api_key).await?;
        manager.create_table(idempotency_record).await?;
        execute_all(manager, &["CREATE INDEX idempotency_record_created_idx ON idempotency_record (created_at)"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute_all(manager, &["DROP TABLE idempotency_record", "DROP TABLE api_key"]).await
    }
}
