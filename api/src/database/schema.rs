//! Whether the schema is as new as this build needs it.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbErr, RuntimeErr, SqlxError, Statement};

/// The migrations that this build needs and the database does not have, oldest first.
///
/// One statement. Migrations that this build does not know are none of its business: during a rollout the previous version works on
/// the next one's schema.
///
/// # Errors
/// The database cannot be asked. That nobody has migrated it yet is no error: everything is missing then.
pub async fn missing_migrations(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let applied =
        match db.query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT version FROM seaql_migrations")).await {
            Ok(rows) => rows.iter().map(|row| row.try_get("", "version")).collect::<Result<HashSet<String>, _>>()?,
            Err(error) if is_missing_table(&error) => HashSet::new(),
            Err(error) => return Err(error),
        };
    Ok(migration::required_versions().into_iter().filter(|version| !applied.contains(version)).collect())
}

fn is_missing_table(error: &DbErr) -> bool {
    let (DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause))) = error else { return false };
    let SqlxError::Database(cause) = cause.as_ref() else { return false };
    // 42P01: undefined_table, https://www.postgresql.org/docs/15/errcodes-appendix.html. SQLite has no code of its own for it.
    cause.code().is_some_and(|code| code == "42P01") || cause.message().starts_with("no such table")
}
