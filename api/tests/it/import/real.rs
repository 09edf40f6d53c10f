//! The real Open Beer DB, when `TAPROOM_TEST_OPEN_BEER_DB` names the folder of its files. The expected counts were derived from the
//! files by another program.

use std::path::PathBuf;

use super::{SourceFile, beer, on_each_database, run, sizes};

use entity::beer::{Column, Entity};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};
use taproom::{
    auth::Viewer,
    catalog::import::{FileSummary, Kind},
    graphql::{Executor, Features, GraphqlRequest},
};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TAPROOM_TEST_OPEN_BEER_DB").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: TAPROOM_TEST_OPEN_BEER_DB does not name the folder of the Open Beer DB's files");
    }
    folder
}

#[tokio::test]
async fn imports_the_real_data() {
    let Some(folder) = folder() else { return };
    on_each_database(async |db| {
        let (first, rejects) = run(db, &folder).await.unwrap();
        let file = FileSummary::default();
        assert_eq!(*first.of(SourceFile::Categories), FileSummary { read: 11, merged: 11, ..file });
        assert_eq!(*first.of(SourceFile::Styles), FileSummary { read: 141, created: 140, rejected: 1, ..file });
        let breweries = FileSummary { read: 1_414, created: 1_412, rejected: 2, values_dropped: 1, ..file };
        assert_eq!(*first.of(SourceFile::Breweries), breweries);
        assert_eq!(*first.of(SourceFile::Geocodes), FileSummary { read: 1_304, merged: 1_289, rejected: 15, ..file });
        let beers = FileSummary { read: 5_901, created: 5_893, rejected: 8, values_dropped: 1, ..file };
        assert_eq!(*first.of(SourceFile::Beers), beers);
        assert_eq!(sizes(db).await, [140, 1_412, 5_893, 1_412 + 5_893]);

        let lines = |file, kind| {
            let mut lines: Vec<u64> =
                rejects.iter().filter(|reject| reject.file == file && reject.kind == kind).map(|reject| reject.line).collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(lines(SourceFile::Styles, Kind::DuplicateRow), [104]);
        assert_eq!(lines(SourceFile::Breweries, Kind::DuplicateRow), [1_410, 1_448]);
        assert_eq!(lines(SourceFile::Breweries, Kind::DroppedValue), [1_421]);
        assert_eq!(lines(SourceFile::Geocodes, Kind::OrphanRow), [23, 53, 222, 317, 388, 638]);
        assert_eq!(lines(SourceFile::Geocodes, Kind::DuplicateRow).len(), 9);
        assert_eq!(lines(SourceFile::Beers, Kind::DroppedValue), [1_958]);
        assert_eq!(lines(SourceFile::Beers, Kind::DuplicateRow), [3_885, 7_777, 7_780, 7_781, 7_782, 7_783, 7_784, 7_804]);
        spot_values(db).await;
        nested_query(db).await;

        let (second, _) = run(db, &folder).await.unwrap();
        for (file, count) in first.files() {
            assert_eq!(*second.of(file), FileSummary { created: 0, unchanged: count.created, ..*count }, "{}", file.name());
        }
    })
    .await;
}

async fn spot_values(db: &DatabaseConnection) {
    let with = async |column: Column| Entity::find().filter(column.is_not_null()).count(db).await.unwrap();
    assert_eq!([with(Column::Abv).await, with(Column::Ibu).await, with(Column::Srm).await], [3_036, 14, 8]);
    assert_eq!([with(Column::StyleId).await, with(Column::Description).await], [4_425, 2_034]);
    assert_eq!(beer(db, "Hocus Pocus").await.abv, Some(4.5));
}

async fn nested_query(db: &DatabaseConnection) {
    let query = r#"{
        breweries(first: 10, filter: { country: { eq: "Belgium" } }) {
            totalCount
            nodes { beers(first: 5) { nodes { name style { name } } } }
        }
    }"#;
    let executor = Executor::new(db.clone(), Features::default());
    let response =
        executor.execute(executor.prepare(GraphqlRequest::new(query), &Viewer::anonymous()).unwrap(), Viewer::anonymous()).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let data = response.data.into_json().unwrap();
    assert_eq!(data["breweries"]["totalCount"], 99);
    let beers = data["breweries"]["nodes"].as_array().unwrap().iter().flat_map(|node| node["beers"]["nodes"].as_array().unwrap());
    assert!(beers.filter(|beer| beer["style"]["name"].is_string()).count() > 0, "{data:#}");
}
