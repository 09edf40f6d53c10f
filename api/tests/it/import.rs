//! The CSV import: a small messy catalogue with exact counts, repeated imports, failures that roll back, and the real data.

mod real;

use std::{
    fs,
    path::{Path, PathBuf},
};

use entity::{beer, brewery, search_document, style};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};
use taproom::catalog::{
    import::{FileSummary, ImportError, Kind, Reject, SourceFile, Summary, import},
    progress::Silent,
};
use tempfile::TempDir;

use crate::databases::on_each_database;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/open-beer-db")
}

/// A copy of the fixture in which a file reads otherwise.
fn fixture_with(file: &str, change: impl Fn(Vec<u8>) -> Option<Vec<u8>>) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in SourceFile::ALL.map(SourceFile::name) {
        let bytes = fs::read(fixture().join(name)).unwrap();
        if let Some(bytes) = if name == file { change(bytes) } else { Some(bytes) } {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
    }
    dir
}

async fn run(db: &DatabaseConnection, dir: &Path) -> Result<(Summary, Vec<Reject>), ImportError> {
    let mut rejects = Vec::new();
    let summary = import(db, dir, &mut rejects, &Silent).await?;
    Ok((summary, rejects))
}

/// Numbers of styles, breweries, beers and search documents.
async fn sizes(db: &DatabaseConnection) -> [u64; 4] {
    [
        style::Entity::find().count(db).await.unwrap(),
        brewery::Entity::find().count(db).await.unwrap(),
        beer::Entity::find().count(db).await.unwrap(),
        search_document::Entity::find().count(db).await.unwrap(),
    ]
}

async fn beer(db: &DatabaseConnection, name: &str) -> beer::Model {
    beer::Entity::find().filter(beer::Column::Name.eq(name)).one(db).await.unwrap().unwrap()
}

async fn brewery(db: &DatabaseConnection, name: &str) -> brewery::Model {
    brewery::Entity::find().filter(brewery::Column::Name.eq(name)).one(db).await.unwrap().unwrap()
}

#[tokio::test]
async fn counts_every_row_of_a_messy_catalogue() {
    on_each_database(async |db| {
        let (summary, rejects) = run(db, &fixture()).await.unwrap();
        let file = FileSummary::default();
        assert_eq!(*summary.of(SourceFile::Categories), FileSummary { read: 5, merged: 3, rejected: 2, ..file });
        assert_eq!(*summary.of(SourceFile::Styles), FileSummary { read: 9, created: 3, rejected: 6, ..file });
        let breweries = FileSummary { read: 14, created: 8, rejected: 6, values_dropped: 4, ..file };
        assert_eq!(*summary.of(SourceFile::Breweries), breweries);
        assert_eq!(*summary.of(SourceFile::Geocodes), FileSummary { read: 10, merged: 3, rejected: 7, ..file });
        let beers = FileSummary { read: 23, created: 12, rejected: 11, values_dropped: 6, ..file };
        assert_eq!(*summary.of(SourceFile::Beers), beers);
        assert_eq!(rejects.len() as u64, summary.rejects());
        assert_eq!(sizes(db).await, [3, 8, 12, 20]);
    })
    .await;
}

#[tokio::test]
async fn names_file_line_and_reason_of_every_reject() {
    on_each_database(async |db| {
        let (_, mut rejects) = run(db, &fixture()).await.unwrap();
        rejects.sort_by_key(|reject| (reject.file as usize, reject.line));
        let listed: Vec<String> = rejects
            .iter()
            .map(|Reject { file, line, kind, reason }| {
                let reason: String = reason.chars().take(100).collect();
                format!("{}:{line} {}: {reason}", file.name(), kind.as_str())
            })
            .collect();
        insta::assert_snapshot!("rejects", listed.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn cleans_values() {
    on_each_database(async |db| {
        run(db, &fixture()).await.unwrap();
        let corvo = beer(db, "Corvo Negro").await;
        assert_eq!((corvo.abv, corvo.ibu, corvo.srm), (Some(18.2), None, None));
        assert_eq!(corvo.description.as_deref(), Some("As black as a crow.\nThe brewer says: \"Blacker.\""));
        let bitter = beer(db, "Anvil Bitter").await;
        assert_eq!((bitter.abv, bitter.ibu, bitter.srm), (Some(4.2), Some(35.0), Some(12.5)));
        let rocket = beer(db, "Rocket Fuel").await;
        assert_eq!((rocket.abv, rocket.ibu, rocket.style_id), (None, Some(80.0), None));
        assert_eq!(beer(db, "Sand Storm").await.style_id, None);
        assert_eq!(beer(db, "Second Best").await.style_id, bitter.style_id);
        assert_eq!(beer(db, "Étoile Verte").await.description.as_deref(), Some("A “green” star."));

        let crows = brewery(db, "Três Corvos, Cervejaria").await;
        assert_eq!((crows.latitude, crows.longitude), (Some(41.14961), Some(-8.61099)));
        assert_eq!(crows.website.as_deref(), Some("https://tres-corvos.example/"));
        let otter = brewery(db, "Otter & Anvil").await;
        assert_eq!((otter.city.as_deref(), otter.website), (Some("Leeds"), None));
        let empty = brewery(db, "Empty Quarter Brewing").await;
        assert_eq!((empty.city, empty.region, empty.country), (None, None, None));
        let nest = brewery(db, "Brauhaus zum Krähennest").await;
        assert_eq!(beer(db, "Nestbock").await.brewery_id, nest.id);
        brewery(db, "Brasserie du Café Vert").await;
    })
    .await;
}

#[tokio::test]
async fn writes_search_documents() {
    on_each_database(async |db| {
        run(db, &fixture()).await.unwrap();
        let id = beer(db, "Krähenbräu Hell").await.id;
        let document = search_document::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        assert_eq!(document.kind, search_document::KIND_BEER);
        assert_eq!((document.title.as_str(), document.context.as_str()), ("krahenbrau hell", "brauhaus zum krahennest helles"));
        let id = brewery(db, "Três Corvos, Cervejaria").await.id;
        let document = search_document::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        assert_eq!(document.context, "porto portugal");
        assert_eq!(document.body, "three crows on a roof they say one more all day");
    })
    .await;
}

#[tokio::test]
async fn changes_nothing_the_second_time() {
    on_each_database(async |db| {
        let (first, _) = run(db, &fixture()).await.unwrap();
        let before = beer::Entity::find().all(db).await.unwrap();
        let (second, rejects) = run(db, &fixture()).await.unwrap();
        for (file, count) in first.files() {
            let expected = FileSummary { created: 0, unchanged: count.created, ..*count };
            assert_eq!(*second.of(file), expected, "{}", file.name());
        }
        assert_eq!(rejects.len() as u64, first.rejects());
        assert_eq!(beer::Entity::find().all(db).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn updates_what_differs_and_keeps_what_the_files_do_not_know() {
    on_each_database(async |db| {
        run(db, &fixture()).await.unwrap();
        // Somebody filled in what the files leave open, and changed what they do not.
        db.execute_unprepared(
            "UPDATE beer SET srm = 40, abv = 17, revision = 2, rating_count = 1, rating_sum = 5 WHERE name = 'Corvo Negro'",
        )
        .await
        .unwrap();
        db.execute_unprepared("UPDATE beer SET srm = 9, revision = 2 WHERE name = 'Null Lager'").await.unwrap();
        let (summary, _) = run(db, &fixture()).await.unwrap();
        let beers = summary.of(SourceFile::Beers);
        assert_eq!((beers.created, beers.updated, beers.unchanged), (0, 1, 11));
        let corvo = beer(db, "Corvo Negro").await;
        assert_eq!((corvo.abv, corvo.srm, corvo.revision), (Some(18.2), Some(40.0), 3));
        assert_eq!((corvo.rating_count, corvo.rating_average), (1, Some(5.0)));
        assert!(corvo.updated_at > corvo.created_at);
        let lager = beer(db, "Null Lager").await;
        assert_eq!((lager.srm, lager.revision), (Some(9.0), 2));
    })
    .await;
}

#[tokio::test]
async fn refuses_files_that_are_missing_or_other_ones() {
    on_each_database(async |db| {
        let missing = fixture_with("beers.csv", |_| None);
        let error = run(db, missing.path()).await.unwrap_err();
        assert!(matches!(&error, ImportError::Open { path, .. } if path.ends_with("beers.csv")), "{error}");

        let other =
            fixture_with("beers.csv", |bytes| Some(String::from_utf8_lossy(&bytes).replacen("abv", "alcohol", 1).into_bytes()));
        let error = run(db, other.path()).await.unwrap_err();
        assert!(matches!(&error, ImportError::Header { missing, .. } if *missing == ["abv"]), "{error}");

        let empty = fixture_with("geocodes.csv", |_| Some(Vec::new()));
        let error = run(db, empty.path()).await.unwrap_err();
        assert!(matches!(&error, ImportError::Header { missing, .. } if missing.len() == 3), "{error}");
        assert_eq!(sizes(db).await, [0; 4]);
    })
    .await;
}

#[tokio::test]
async fn rolls_back_when_the_last_file_cannot_be_read() {
    on_each_database(async |db| {
        let torn = fixture_with("beers.csv", |mut bytes| {
            bytes.extend_from_slice(b"24,1,\"Never closed,");
            bytes.resize(bytes.len() + (1 << 20), b'x');
            Some(bytes)
        });
        let error = run(db, torn.path()).await.unwrap_err();
        assert!(matches!(&error, ImportError::RecordTooLong { line: 28, .. }), "{error}");
        assert_eq!(sizes(db).await, [0; 4]);
    })
    .await;
}

#[tokio::test]
async fn rolls_back_when_the_database_fails_midway() {
    on_each_database(async |db| {
        let trap = match db.get_database_backend() {
            DatabaseBackend::Postgres => {
                "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
                 CREATE TRIGGER trap BEFORE INSERT ON beer FOR EACH ROW WHEN (new.name = 'Plain') EXECUTE FUNCTION trap()"
            }
            _ => "CREATE TRIGGER trap BEFORE INSERT ON beer WHEN new.name = 'Plain' BEGIN SELECT RAISE(ABORT, 'trapped'); END",
        };
        db.execute_unprepared(trap).await.unwrap();
        let error = run(db, &fixture()).await.unwrap_err();
        assert!(matches!(&error, ImportError::Database(_)) && error.to_string().contains("trapped"), "{error}");
        assert_eq!(sizes(db).await, [0; 4]);
        db.execute_unprepared(if db.get_database_backend() == DatabaseBackend::Postgres {
            "DROP TRIGGER trap ON beer"
        } else {
            "DROP TRIGGER trap"
        })
        .await
        .unwrap();
        run(db, &fixture()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_imports_at_once_write_once() {
    on_each_database(async |db| {
        let dir = fixture();
        let (one, other) = tokio::join!(run(db, &dir), run(db, &dir));
        let created: u64 = [one.unwrap(), other.unwrap()].iter().map(|(summary, _)| summary.of(SourceFile::Beers).created).sum();
        assert_eq!(created, 12);
        assert_eq!(sizes(db).await, [3, 8, 12, 20]);
    })
    .await;
}

#[tokio::test]
async fn a_sink_that_fails_rolls_back() {
    struct Full;
    impl taproom::catalog::import::RejectSink for Full {
        fn reject(&mut self, reject: Reject) -> std::io::Result<()> {
            if reject.file == SourceFile::Beers && reject.kind == Kind::OrphanRow {
                return Err(std::io::Error::other("disk full"));
            }
            Ok(())
        }
    }
    on_each_database(async |db| {
        let error = import(db, &fixture(), &mut Full, &Silent).await.unwrap_err();
        assert!(matches!(error, ImportError::Report(_)));
        assert_eq!(sizes(db).await, [0; 4]);
    })
    .await;
}
