//! The real program killed, and replaced, while clients write.

use sea_orm::DatabaseConnection;
use tempfile::TempDir;
use tokio::task::block_in_place;

use super::ledger::{Load, Target};
use crate::support::{postgres::postgres_database, program::Running, sqlite};

const CLIENTS: usize = 8;
/// Nobody reads the log, and a full pipe would stop the program.
pub const QUIET: (&str, &str) = ("TAPROOM_LOG", "off,taproom::cli=info");

/// A database of each kind, and where it is.
async fn databases() -> Vec<(&'static str, DatabaseConnection, String, Option<TempDir>)> {
    let (db, folder) = sqlite().await;
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let mut databases = vec![("SQLite", db, url, Some(folder))];
    if let Some(postgres) = postgres_database().await {
        databases.push(("PostgreSQL", postgres.connect().await, postgres.url, None));
    }
    databases
}

pub fn program(url: &str) -> (Running, String) {
    // With time for a connection: that a busy machine is slow is no failure.
    let patience = ("TAPROOM_DATABASE_ACQUIRE_TIMEOUT", "60000");
    let environment = [("TAPROOM_DATABASE_URL", url), ("TAPROOM_DRAIN_DELAY", "500ms"), patience, QUIET];
    let running = block_in_place(|| Running::start(&environment));
    let url = format!("http://{}", running.address);
    (running, url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_it_loses_nothing_and_doubles_nothing() {
    for (name, db, url, _folder) in databases().await {
        let target = Target::prepare(&db).await;
        let (mut running, mut address) = program(&url);
        let load = Load::start(&target, &address, CLIENTS);
        for _ in 0..3 {
            load.acknowledged(30).await;
            running.signal("-KILL");
            assert_eq!(block_in_place(|| running.exit_code()), None, "killed");
            (running, address) = program(&url);
            load.move_to(&address);
        }
        load.acknowledged(30).await;
        let (_, failures) = load.settle(&format!("{name}, SIGKILL three times"), &db).await;
        assert!(failures.keys().all(|failure| ["refused", "cut"].contains(&failure.as_str())), "{failures:?}");
    }
}

/// As a deployment does it: the new one serves before the old one is told to stop, and clients are led there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaced_it_fails_nobody() {
    for (name, db, url, _folder) in databases().await {
        let target = Target::prepare(&db).await;
        let (mut old, address) = program(&url);
        let load = Load::start(&target, &address, CLIENTS);
        for _ in 0..2 {
            load.acknowledged(30).await;
            let (new, address) = program(&url);
            old.signal("-TERM");
            load.acknowledged(5).await;
            load.move_to(&address);
            assert_eq!(block_in_place(|| old.exit_code()), Some(0), "everything under way was answered");
            old = new;
        }
        load.acknowledged(30).await;
        let (_, failures) = load.settle(&format!("{name}, replaced twice by SIGTERM"), &db).await;
        assert!(failures.is_empty(), "{failures:?}");
    }
}
