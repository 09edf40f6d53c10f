//! The migrations that there are.

use std::fs;

use migration::{Phase, history};
use sea_orm_migration::MigratorTraitSelf as _;

use crate::{
    checker::{Path, Releases, check, sqlite_schema},
    previous_release::in_git,
    support::{patient, postgres::unmigrated_postgres_database},
};

/// As this workspace is: its version, and the tags that are here.
pub fn releases() -> Releases {
    let tags = in_git(&["tag", "--list", "v*"]).unwrap_or_default().lines().map(str::to_owned).collect();
    Releases { next: env!("CARGO_PKG_VERSION").parse().unwrap(), tags }
}

#[tokio::test]
async fn every_migration_suits_a_rollout() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    let findings = check(history, &database, &releases()).await;
    assert!(findings.is_empty(), "{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

/// What the file says to its readers is what the list says to the checker.
#[test]
fn the_first_line_tells_the_phase() {
    for step in history() {
        let name = step.migration.name();
        let file = format!("{}/../migration/src/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let start = match step.phase {
            Phase::Expand => "//! Expand: ".to_owned(),
            Phase::Contract { unused_since } => format!("//! Contract of {unused_since}: "),
        };
        assert!(text.starts_with(&start), "{name}.rs starts with {start:?}, as it is listed in migration/src/lib.rs");
    }
}

/// On SQLite, too, each migration can be taken back and applied again.
#[tokio::test]
async fn there_is_a_way_back_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let db = taproom::database::connect(&patient(&url)).await.unwrap();
    let path = Path(history);
    path.install(&db).await.unwrap();
    for step in history() {
        let name = step.migration.name();
        let before = sqlite_schema(&db).await;
        path.up(&db, Some(1)).await.unwrap();
        let after = sqlite_schema(&db).await;
        path.down(&db, Some(1)).await.unwrap();
        assert_eq!(sqlite_schema(&db).await, before, "after {name} was reverted");
        path.up(&db, Some(1)).await.unwrap();
        assert_eq!(sqlite_schema(&db).await, after, "after {name} was applied again");
    }
}
