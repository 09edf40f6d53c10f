//! Stands in for the release before while nothing was released: databases as they were when this test was written, with rows of theirs,
//! and the operations of then. Today's migrations must keep the rows, and today's program must serve them.
//!
//! What only a real release before can show, that its *program* works on today's schema, `previous_release.rs` shows from the first tag
//! on; until then it only goes through the motions, with the commit that is checked out. Then this goes.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::json;

use crate::{
    rollout::{Release, Side, take_turns},
    support::{patient, postgres::unmigrated_postgres_database},
};

const OPERATIONS: &str = include_str!("baseline/operations.graphql");
const TABLES: [&str; 7] = ["style", "brewery", "beer", "review", "api_key", "idempotency_record", "search_document"];

/// A key that was made then, and opens nothing but these databases.
const SQLITE_KEY: &str = "taproom_01a200098cfd766694776bc9f7f6aa4f_c0FtwgTzOEOxusbpv4_i5mjdL0vArodokGUaxXnj4ug";
const POSTGRES_KEY: &str = "taproom_01a20009a23070b484341a602079d7a1_1ZdGKCXHC342MB_XBdF745MZvwIUpBBLj7kmUQKyfIA";

#[tokio::test]
async fn its_rows_survive_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let db = taproom::database::connect(&patient(&url)).await.unwrap();
    db.execute_unprepared(include_str!("baseline/sqlite.sql")).await.unwrap();
    migrate_and_serve(&db, &url, SQLITE_KEY).await;
}

#[tokio::test]
async fn its_rows_survive_on_postgresql() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    database.server.execute(&database.name, include_str!("baseline/postgres.sql")).await;
    migrate_and_serve(&database.connect().await, &database.url, POSTGRES_KEY).await;
}

async fn migrate_and_serve(db: &DatabaseConnection, url: &str, key: &str) {
    let mut columns = Vec::new();
    for table in TABLES {
        columns.push((table, columns_of(db, table).await));
    }
    let before = rows(db, &columns).await;
    assert_eq!(before.len(), 48);

    let today = Release::today();
    today.run(url, &["migrate", "up"]);
    assert_eq!(rows(db, &columns).await, before);

    // Two tasks of today's, as there are in production.
    let (one, other) = (Side::start(&today, url, key), Side::start(&today, url, key));
    one.assert_ready().await;
    let beers = one.ask(OPERATIONS, "Beers", json!({})).await;
    assert_eq!(beers["beers"]["totalCount"], 12);
    let beer = &beers["beers"]["nodes"][0]["id"];
    for operation in ["Beer", "Breweries", "Reviews", "Search", "StrongBeers"] {
        one.ask(OPERATIONS, operation, json!({ "id": beer })).await;
    }
    one.answers(&today).await;
    take_turns(&one, &other).await;
}

/// The columns that were there at the baseline, but for what the database computes.
async fn columns_of(db: &DatabaseConnection, table: &str) -> Vec<String> {
    let query = if is_postgres(db) {
        format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER'"
        )
    } else {
        format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE hidden = 0")
    };
    texts(db, &query).await
}

/// Every row as text, by the columns of the baseline.
async fn rows(db: &DatabaseConnection, columns: &[(&str, Vec<String>)]) -> Vec<String> {
    let mut rows = Vec::new();
    for (table, columns) in columns {
        let quote =
            |column: &String| if is_postgres(db) { format!("quote_nullable({column})") } else { format!("quote({column})") };
        let values = columns.iter().map(quote).collect::<Vec<_>>().join(" || ', ' || ");
        rows.extend(texts(db, &format!("SELECT '{table} ' || {values} AS line FROM {table} ORDER BY line")).await);
    }
    rows
}

fn is_postgres(db: &DatabaseConnection) -> bool {
    db.get_database_backend() == sea_orm::DatabaseBackend::Postgres
}

async fn texts(db: &DatabaseConnection, query: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
