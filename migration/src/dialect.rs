//! The few places where the two databases want different words.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DatabaseBackend},
};

/// Whether the migration runs on PostgreSQL; otherwise it runs on SQLite.
pub fn is_postgres(manager: &SchemaManager) -> bool {
    manager.get_database_backend() == DatabaseBackend::Postgres
}

/// A text column that both databases compare byte by byte, so that they sort alike and a prefix search can use its index.
pub fn bytewise_text(manager: &SchemaManager, name: impl IntoIden) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    if is_postgres(manager) {
        column.extra(r#"COLLATE "C""#);
    }
    column
}

/// Runs each statement in turn.
pub async fn execute_all(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
