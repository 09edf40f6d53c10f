//! Whether the schema is new enough, on both databases.

use migration::{Migrator, MigratorTrait as _};
use sea_orm::ConnectionTrait as _;
use taproom::{
    config::DatabaseConfig,
    database::{begin, connect, missing_migrations},
};

use crate::support::{databases, postgres::unmigrated_postgres_database, sqlite};

#[tokio::test]
async fn knows_what_is_missing() {
    let required = migration::required_versions();
    for (db, _folder) in databases().await {
        assert!(missing_migrations(&db).await.unwrap().is_empty());

        Migrator::down(&db, Some(1)).await.unwrap();
        assert_eq!(missing_migrations(&db).await.unwrap(), required[required.len() - 1..]);

        // Green has migrated: for blue, the schema is new enough.
        Migrator::up(&db, None).await.unwrap();
        db.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_later', 0)")
            .await
            .unwrap();
        assert!(missing_migrations(&db).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn everything_is_missing_from_an_empty_database() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("empty.db").display())];
    urls.extend(unmigrated_postgres_database().await.map(|database| database.url));
    for url in urls {
        let db = connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
        assert_eq!(missing_migrations(&db).await.unwrap(), migration::required_versions());
    }
}

/// Twenty transactions that read before they write: deferred ones would fail with "database is locked".
#[tokio::test]
async fn sqlite_writers_queue() {
    let (db, _folder) = sqlite().await;
    db.execute_unprepared("CREATE TABLE counter (n integer); INSERT INTO counter VALUES (0)").await.unwrap();
    let writers = (0..20).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let transaction = begin(&db).await.unwrap();
            let read = sea_orm::Statement::from_string(db.get_database_backend(), "SELECT n FROM counter");
            let n: i64 = transaction.query_one_raw(read).await.unwrap().unwrap().try_get("", "n").unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            transaction.execute_unprepared(&format!("UPDATE counter SET n = {}", n + 1)).await.unwrap();
            transaction.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let read = sea_orm::Statement::from_string(db.get_database_backend(), "SELECT n FROM counter");
    let n: i64 = db.query_one_raw(read).await.unwrap().unwrap().try_get("", "n").unwrap();
    assert_eq!(n, 20);
}
