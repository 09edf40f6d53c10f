//! An index that is built while others write, is interrupted, and built again.

use std::{
    io::Read as _,
    process::{Child, Command, Stdio},
};

use migration::{Step, history};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait as _, TryGetable,
};
use sea_orm_migration::MigratorTraitSelf as _;
use taproom::{
    config::DatabaseConfig,
    database::{self, connect},
};
use tokio::task::JoinHandle;

use crate::{
    checker::Path,
    samples::{INDEX, IndexSample},
    support::{
        failure,
        other_version::OtherVersion,
        patient,
        postgres::{PgDatabase, postgres_database},
        sqlite,
    },
};

const WAITING: &str = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
    AND query LIKE '%INDEX CONCURRENTLY%'";
const VALID: &str = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('beer_description_idx')";
const RECORDED: &str = "SELECT count(*) FROM seaql_migrations WHERE version = 'm20991231_235959_index'";
const WRITE: &str = "UPDATE style SET name = 'Pils' WHERE false; UPDATE beer SET name = 'Hell' WHERE false";

fn with_index() -> Vec<Step> {
    let mut steps = history();
    steps.push(Step::expand(IndexSample { transaction: false, index: INDEX }));
    steps
}

async fn ask<T: TryGetable>(db: &DatabaseConnection, query: &str) -> Option<T> {
    let statement = Statement::from_string(db.get_database_backend(), query);
    db.query_one_raw(statement).await.unwrap().map(|row| row.try_get_by_index(0).unwrap())
}

/// A transaction that has written to the table: the build waits for it.
async fn writer(db: &DatabaseConnection) -> DatabaseTransaction {
    let transaction = db.begin().await.unwrap();
    transaction.execute_unprepared(WRITE).await.unwrap();
    transaction
}

/// Migrates as `taproom migrate up` does: another connection of the pool holds a lock in an open transaction meanwhile. Waiting for
/// locks is left to one millisecond.
fn migrate(database: &PgDatabase) -> JoinHandle<Result<(), DbErr>> {
    let config = DatabaseConfig { lock_timeout_ms: 1, pool_size: 2, ..patient(&database.url) };
    tokio::spawn(async move {
        let db = connect(&config).await.unwrap();
        let lock = db.begin().await?;
        lock.execute_unprepared("SELECT pg_try_advisory_xact_lock(7461501420)").await?;
        Path(with_index).up(&db, None).await?;
        lock.commit().await?;
        // Whoever gets the connections next does not wait longer than before.
        for transaction in [db.begin().await?, db.begin().await?] {
            let setting = Statement::from_string(db.get_database_backend(), "SHOW lock_timeout");
            let setting: String = transaction.query_one_raw(setting).await?.unwrap().try_get_by_index(0)?;
            assert_eq!(setting, "1ms");
        }
        Ok(())
    })
}

/// Returns the process of the build when it waits for another transaction.
async fn waiting(db: &DatabaseConnection, ended: impl Fn() -> bool) -> i32 {
    loop {
        if let Some(pid) = ask(db, WAITING).await {
            return pid;
        }
        assert!(!ended(), "the migration did not wait for the writer");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn others_write_while_it_is_built() {
    let Some(database) = postgres_database().await else { return };
    let db = database.connect().await;
    let writer = writer(&db).await;
    let migration = migrate(&database);
    waiting(&db, || migration.is_finished()).await;
    assert_eq!(ask(&db, VALID).await, Some(false));

    let insert = "INSERT INTO brewery (id, name, name_folded, place_key, created_at, updated_at)
            VALUES (gen_random_uuid(), 'A', 'a', 'a', now(), now());
        INSERT INTO beer (id, brewery_id, name, name_folded, created_at, updated_at)
            SELECT gen_random_uuid(), id, 'B', 'b', now(), now() FROM brewery";
    db.execute_unprepared(insert).await.unwrap();
    assert_eq!(ask(&db, "SELECT count(*) FROM beer").await, Some(1_i64));
    assert!(!migration.is_finished());

    writer.commit().await.unwrap();
    migration.await.unwrap().unwrap();
    assert_eq!(ask(&db, VALID).await, Some(true));
    assert_eq!(ask(&db, RECORDED).await, Some(1_i64));
}

#[tokio::test]
async fn an_interrupted_build_is_repeated() {
    let Some(database) = postgres_database().await else { return };
    let db = database.connect().await;
    let first = writer(&db).await;
    let migration = migrate(&database);
    let build = waiting(&db, || migration.is_finished()).await;

    // An operator, or the end of a statement's time.
    ask::<bool>(&db, &format!("SELECT pg_cancel_backend({build})")).await;
    migration.await.unwrap().unwrap_err();
    assert_eq!(ask(&db, VALID).await, Some(false));
    assert_eq!(ask(&db, RECORDED).await, Some(0_i64));

    // The next task is stopped while it removes what is left.
    let migration = migrate(&database);
    waiting(&db, || migration.is_finished()).await;
    migration.abort();
    migration.await.unwrap_err();
    first.commit().await.unwrap();
    migrate(&database).await.unwrap().unwrap();
    assert_eq!(ask(&db, VALID).await, Some(true));
    assert_eq!(ask(&db, RECORDED).await, Some(1_i64));
}

/// A task that is stopped, and another one that comes before PostgreSQL has noticed.
#[tokio::test]
async fn a_forsaken_build_is_waited_for() {
    let Some(database) = postgres_database().await else { return };
    let db = database.connect().await;
    let writer = writer(&db).await;
    let migration = migrate(&database);
    waiting(&db, || migration.is_finished()).await;
    migration.abort();
    migration.await.unwrap_err();
    let migration = migrate(&database);
    writer.commit().await.unwrap();
    migration.await.unwrap().unwrap();
    assert_eq!(ask(&db, VALID).await, Some(true));
    assert_eq!(ask(&db, RECORDED).await, Some(1_i64));
}

#[tokio::test]
async fn on_sqlite_it_is_a_plain_index() {
    let (db, _folder) = sqlite().await;
    let exists = "SELECT count(*) FROM sqlite_master WHERE name = 'beer_description_idx'";
    for _ in 0..2 {
        Path(with_index).up(&db, None).await.unwrap();
        assert_eq!(ask(&db, exists).await, Some(1_i64));
        // As if the program had ended before it could record it.
        db.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm20991231_235959_index'").await.unwrap();
    }
    Path(with_index).up(&db, None).await.unwrap();
    Path(with_index).down(&db, Some(1)).await.unwrap();
    assert_eq!(ask(&db, exists).await, Some(0_i64));
}

/// This program with one migration more.
const MIGRATION: &str = r#"//! Expand: an index.

use sea_orm_migration::prelude::*;

use crate::concurrent_index::ConcurrentIndex;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex =
    ConcurrentIndex { name: "beer_description_idx", table: "beer", keys: "(description, id)", unique: false };

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        INDEX.build(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        INDEX.drop(manager).await
    }
}
"#;

/// The migration's file, and its line in the list.
fn with_migration(version: &mut OtherVersion, name: &str, text: &str) {
    version.add(&format!("migration/src/{name}.rs"), text);
    let list = "migration/src/lib.rs";
    version.replace(list, "mod phase;\n", &format!("mod {name};\nmod phase;\n"));
    let last = "Step::expand(m20261121_000003_search::Migration),";
    version.replace(list, last, &format!("{last}\nStep::expand({name}::Migration),"));
}

fn program(path: &std::path::Path, database: &PgDatabase) -> Command {
    let mut command = Command::new(path);
    command.args(["migrate", "up", "--database-lock-timeout", "1000", "--database-url", &database.url]);
    command
}

#[tokio::test]
async fn the_program_holds_its_lock_meanwhile() {
    let Some(database) = postgres_database().await else { return };
    let build = tokio::task::spawn_blocking(|| {
        let mut version = OtherVersion::of_this("with-index");
        with_migration(&mut version, "m20991231_235959_index", MIGRATION);
        version.build("with-index")
    });
    let path = build.await.unwrap();
    let db = database.connect().await;
    let writer = writer(&db).await;
    let mut first: Child = program(&path, &database).stdout(Stdio::piped()).spawn().unwrap();
    waiting(&db, || false).await;
    assert!(first.try_wait().unwrap().is_none());

    let second = program(&path, &database).output().unwrap();
    assert!(failure(&second, 1).contains("migration"), "{second:?}");

    writer.commit().await.unwrap();
    let mut told = String::new();
    first.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(told, "applied m20991231_235959_index\n");
    assert_eq!(ask(&db, VALID).await, Some(true));
    assert!(database::missing_migrations(&db).await.unwrap().is_empty());
}
