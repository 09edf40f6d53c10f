//! Indexes on tables that have rows: built while the service goes on writing.

use sea_orm_migration::{
    SchemaManagerConnection,
    prelude::*,
    sea_orm::{
        RuntimeErr, SqlxError,
        sqlx::{AssertSqlSafe, Connection as _, PgConnection},
    },
};

use crate::dialect::is_postgres;

/// An index for a migration that does nothing else, and says `Some(false)` in `use_transaction`.
///
/// PostgreSQL builds it in several transactions of its own (`CREATE INDEX CONCURRENTLY`), and waits in between for those that were
/// under way. An interrupted build leaves an index that is invalid, which costs every write and helps no query: when the migration
/// is repeated, it is dropped and built anew
/// (<https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>). SQLite has one writer at a time anyway
/// and gets a plain index.
#[derive(Clone, Copy, Debug)]
pub struct ConcurrentIndex {
    /// The index, in lower case, and no other's name in the schema: an index that is there under it is taken for this one.
    pub name: &'static str,
    /// The table.
    pub table: &'static str,
    /// What follows the table's name, as `(abv, id)`, in words that the database at hand knows.
    pub keys: &'static str,
    /// Whether no two rows may have the same keys. The previous release must keep to it already: this is a contract, then.
    pub unique: bool,
}

impl ConcurrentIndex {
    /// Builds the index, unless it is there.
    ///
    /// # Errors
    /// The migration runs in a transaction, rows are against a unique index, or the database fails. What is left of the build then
    /// does no harm but to be kept up to date; migrate again.
    pub async fn build(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { name, table, keys, .. } = self;
        let unique = if self.unique { "UNIQUE " } else { "" };
        if !is_postgres(manager) {
            let create = format!("CREATE {unique}INDEX IF NOT EXISTS {name} ON {table} {keys}");
            return manager.get_connection().execute_unprepared(&create).await.map(|_| ());
        }
        let mut connection = self.patient_connection(manager).await?;
        if self.is_unfinished(&mut connection).await? {
            execute(&mut connection, format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
        }
        execute(&mut connection, format!("CREATE {unique}INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} {keys}")).await?;
        connection.close().await.map_err(failed)
    }

    /// Drops the index, if it is there, without keeping anybody from the table.
    ///
    /// # Errors
    /// The migration runs in a transaction, or the database fails.
    pub async fn drop(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let name = self.name;
        if !is_postgres(manager) {
            return manager.get_connection().execute_unprepared(&format!("DROP INDEX IF EXISTS {name}")).await.map(|_| ());
        }
        let mut connection = self.patient_connection(manager).await?;
        execute(&mut connection, format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
        connection.close().await.map_err(failed)
    }

    /// A connection that waits for locks as long as it takes: reads and writes pass by whoever waits here. It is not given back to
    /// the pool, whose connections must not wait like this.
    async fn patient_connection(&self, manager: &SchemaManager<'_>) -> Result<PgConnection, DbErr> {
        let SchemaManagerConnection::Connection(db) = manager.get_connection() else {
            let message = format!("index {} is built outside a transaction; return Some(false) from use_transaction", self.name);
            return Err(DbErr::Migration(message));
        };
        let mut connection = db.get_postgres_connection_pool().acquire().await.map_err(failed)?.detach();
        execute(&mut connection, "SET lock_timeout = 0".to_owned()).await?;
        Ok(connection)
    }

    /// Whether an interrupted build left something. Of one that its client has abandoned, but the server not yet, dropping it waits
    /// for the end.
    async fn is_unfinished(&self, connection: &mut PgConnection) -> Result<bool, DbErr> {
        let invalid = "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid)";
        sea_orm_migration::sea_orm::sqlx::query_scalar(invalid).bind(self.name).fetch_one(connection).await.map_err(failed)
    }
}

async fn execute(connection: &mut PgConnection, statement: String) -> Result<(), DbErr> {
    sea_orm_migration::sea_orm::sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.map(|_| ()).map_err(failed)
}

fn failed(error: SqlxError) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
