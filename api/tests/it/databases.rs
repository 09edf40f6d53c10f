//! A migrated, empty database of each kind.

use sea_orm::DatabaseConnection;

use crate::support::databases;

/// Runs `test` against an empty SQLite database and, where there is one, an empty PostgreSQL database.
pub async fn on_each_database(test: impl AsyncFn(&DatabaseConnection)) {
    for (db, _folder) in databases().await {
        test(&db).await;
        db.close().await.unwrap();
    }
}
