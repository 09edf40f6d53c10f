//! Writing many rows at once.

use entity::{beer, brewery, search_document, style};
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait};
use taproom::catalog::{
    bulk::{BeerRow, Change, upsert_beers, upsert_breweries, upsert_styles},
    rules::{BeerFields, BreweryFields, StyleFields},
};
use taproom::database::begin;
use uuid::Uuid;

use crate::databases::on_each_database;

fn brewery(name: &str) -> BreweryFields {
    BreweryFields { name: name.to_owned(), ..BreweryFields::default() }
}

fn beer(brewery_id: Uuid, name: &str, abv: Option<f64>) -> BeerRow {
    BeerRow { brewery_id, style_id: None, fields: BeerFields { name: name.to_owned(), abv, ..BeerFields::default() } }
}

async fn one_brewery(db: &DatabaseConnection) -> Uuid {
    upsert_breweries(db, &[brewery("Made Up")]).await.unwrap()[0].id
}

#[tokio::test]
async fn writes_more_rows_than_a_statement_takes() {
    on_each_database(async |db| {
        let styles: Vec<_> =
            (0..6_000).map(|number| StyleFields { name: format!("Style {number}"), category: "All".into() }).collect();
        let first = upsert_styles(db, &styles).await.unwrap();
        assert!(first.iter().all(|outcome| outcome.change == Change::Created));
        let second = upsert_styles(db, &styles).await.unwrap();
        assert!(second.iter().zip(&first).all(|(again, first)| again.change == Change::Unchanged && again.id == first.id));

        let brewery = one_brewery(db).await;
        let beers: Vec<_> = (0..6_000).map(|number| beer(brewery, &format!("Beer {number}"), Some(5.0))).collect();
        assert!(upsert_beers(db, &beers).await.unwrap().iter().all(|outcome| outcome.change == Change::Created));
        assert!(upsert_beers(db, &beers).await.unwrap().iter().all(|outcome| outcome.change == Change::Unchanged));
        assert_eq!(style::Entity::find().count(db).await.unwrap(), 6_000);
        assert_eq!(search_document::Entity::find().count(db).await.unwrap(), 6_001);
    })
    .await;
}

#[tokio::test]
async fn says_what_became_of_each_row() {
    on_each_database(async |db| {
        let brewery = one_brewery(db).await;
        let first = upsert_beers(db, &[beer(brewery, "Zwickl", Some(5.0)), beer(brewery, "Alt", None)]).await.unwrap();
        let rows = [
            beer(brewery, "Zwickl", Some(5.5)),
            beer(brewery, "ÁLT", None),
            beer(brewery, "New", None),
            beer(brewery, "NEW", Some(1.0)),
            beer(brewery, "zwickl", None),
        ];
        let second = upsert_beers(db, &rows).await.unwrap();
        let changes: Vec<_> = second.iter().map(|outcome| outcome.change).collect();
        assert_eq!(changes, [Change::Updated, Change::Updated, Change::Created, Change::Repeated, Change::Repeated]);
        assert_eq!([second[0].id, second[1].id, second[4].id], [first[0].id, first[1].id, first[0].id]);
        assert_eq!(second[3].id, second[2].id);
        let stored = beer::Entity::find_by_id(first[0].id).one(db).await.unwrap().unwrap();
        assert_eq!((stored.abv, stored.revision), (Some(5.5), 2));
        assert!(upsert_beers(db, &[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_absent_value_leaves_the_stored_one() {
    on_each_database(async |db| {
        let described =
            BreweryFields { description: Some("Old".into()), latitude: Some(1.0), longitude: Some(2.0), ..brewery("Made Up") };
        let id = upsert_breweries(db, &[described]).await.unwrap()[0].id;
        assert_eq!(upsert_breweries(db, &[brewery("Made Up")]).await.unwrap()[0].change, Change::Unchanged);
        let website = BreweryFields { website: Some("https://made.up.example".into()), ..brewery("Made Up") };
        assert_eq!(upsert_breweries(db, &[website]).await.unwrap()[0].change, Change::Updated);
        let stored = brewery::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        assert_eq!((stored.description.as_deref(), stored.latitude, stored.revision), (Some("Old"), Some(1.0), 2));
        let document = search_document::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        assert_eq!((document.title.as_str(), document.body.as_str()), ("made up", "old"));
    })
    .await;
}

#[tokio::test]
async fn writers_of_the_same_rows_follow_each_other() {
    on_each_database(async |db| {
        let brewery = one_brewery(db).await;
        let write = async |reverse: bool, abv: f64| {
            let mut beers: Vec<_> = (0..300).map(|number| beer(brewery, &format!("Beer {number}"), Some(abv))).collect();
            if reverse {
                beers.reverse();
            }
            let transaction = begin(db).await.unwrap();
            let outcomes = upsert_beers(&transaction, &beers).await.unwrap();
            transaction.commit().await.unwrap();
            outcomes.iter().filter(|outcome| outcome.change == Change::Created).count()
        };
        let created = tokio::join!(write(false, 4.0), write(true, 5.0), write(false, 5.0), write(true, 4.0));
        assert_eq!(created.0 + created.1 + created.2 + created.3, 300);
        assert_eq!(beer::Entity::find().count(db).await.unwrap(), 300);
    })
    .await;
}
