//! A migrated, empty database of each kind.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};

/// Runs `test` against an empty SQLite database and, where there is one, an empty PostgreSQL database.
pub async fn on_each_database(test: impl AsyncFn(&DatabaseConnection)) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("taproom.db").display());
    let sqlite = migrated(ConnectOptions::new(url)).await;
    test(&sqlite).await;
    sqlite.close().await.unwrap();
    if let Some(postgres) = postgres().await {
        test(&postgres).await;
        postgres.close().await.unwrap();
    }
}

/// To be replaced by the support module's `postgres_database()`.
async fn postgres() -> Option<DatabaseConnection> {
    let server = std::env::var("TAPROOM_TEST_POSTGRES").ok()?;
    let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    Some(migrated(ConnectOptions::new(format!("{server}/{name}"))).await)
}

async fn migrated(options: ConnectOptions) -> DatabaseConnection {
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    db
}
