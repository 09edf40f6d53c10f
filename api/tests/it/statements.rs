//! How many SQL statements a query takes: a matter of its shape alone. What they read, and what becomes of one that fails.

use entity::{beer, brewery};
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};
use taproom::clock;

use crate::support::app::TestApp;

/// Queries and how many statements each takes for any number `$n` of parents.
const COUNTS: &[(usize, &str)] = &[
    (1, "beers(first: $n) { nodes { name brewery { name } style { name } } }"),
    (1, "beers(last: $n) { edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage endCursor } }"),
    (1, "beers(first: $n) { edges { node { style { name } } } nodes { brewery { name } description } }"),
    (2, "breweries(first: $n) { nodes { name beers(first: 5) { nodes { name style { name } } } } }"),
    (2, "breweries(first: $n) { nodes { beers(first: 2) { edges { node { ...Both } } } } }"),
    // Count and figures: one each, and only if selected.
    (1, "beers(first: $n) { totalCount }"),
    (2, "beers(first: $n) { totalCount nodes { name } }"),
    (1, "beers(first: $n) { aggregates { count abv { min max avg } ibu { avg } } }"),
    (2, "beers(first: $n) { aggregates { count abv { min } byStyle { count } } }"),
    (3, "beers(first: $n) { aggregates { byStyle(first: 50) { count style { name } } byCountry { country count } } }"),
    (
        6,
        "beers(first: $n) { totalCount nodes { name } aggregates { count byCountry { count } byStyle { count style { name } } } }",
    ),
    (3, "breweries(first: $n) { nodes { beers(first: 1) { totalCount nodes { name } } } }"),
    (4, "styles(first: $n) { nodes { beers { aggregates { count ibu { max } byStyle { count } byCountry { count } } } } }"),
    // What a joined row refers to in turn is read once for all.
    (3, "reviews(first: $n, orderBy: { field: CREATED_AT }) { nodes { rating beer { name brewery { name } style { name } } } }"),
    (2, "reviews(first: $n) { nodes { rating beer { name brewery { name } } } }"),
    // Each alias is a list of its own; what lies below both is read together.
    (
        3,
        "breweries(first: $n) { nodes { a: beers(first: 1) { nodes { name } } b: beers(last: 2, orderBy: { field: ABV }) { nodes { name } } } }",
    ),
    (
        4,
        "breweries(first: $n) { nodes { a: beers(first: 1) { nodes { style { beers(first: 1) { nodes { name } } } } } b: beers(last: 1) { nodes { name } } } }",
    ),
    // Wide and deep: breweries, their beers, those styles' beers, their reviews and the reviews' beers' breweries.
    (
        5,
        "breweries(first: $n, filter: { someBeer: { ratingCount: { gt: 0 }, styleId: { isNull: false } } }) { nodes { beers { nodes { style { beers { nodes { reviews { nodes { beer { brewery { name } } } } } } } } } } }",
    ),
    (
        6,
        "breweries(first: $n) { nodes { beers { nodes { brewery { name } reviews { totalCount nodes { rating } } } } } }
         styles(first: $n) { nodes { beers { nodes { name } } } }",
    ),
];

const BOTH: &str = "fragment Both on Beer { brewery { name } style { name } }";

fn document(query: &str, parents: usize) -> String {
    let fragment = if query.contains("...Both") { BOTH } else { "" };
    format!("{{ {} }} {fragment}", query.replace("$n", &parents.to_string()))
}

#[tokio::test]
async fn the_number_of_statements_depends_on_the_shape_alone() {
    for app in TestApp::seeded().await {
        for (expected, query) in COUNTS {
            for parents in [1, 10, 100] {
                // The first brewery, style and review by the default order have what lies below them.
                let (_, statements) = app.recorded(&document(query, parents), json!({})).await;
                assert_eq!(statements.len(), *expected, "{query} of {parents}: {statements:#?}");
            }
            let (_, statements) = app.recorded(&document(query, 0), json!({})).await;
            assert!(statements.len() <= *expected, "{query} of none: {statements:#?}");
        }
    }
}

#[tokio::test]
async fn objects_by_id_take_one_statement_a_type() {
    for app in TestApp::seeded().await {
        let all = "{ beers(first: 30) { nodes { id } } breweries(first: 30) { nodes { id } } styles(first: 30) { nodes { id } } reviews { nodes { id } } }";
        let all = app.query(all, json!({})).await;
        let ids =
            |list: &str| all[list]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect::<Vec<Value>>();
        let beer = ids("beers")[0].clone();
        let everything: Vec<Value> = ["beers", "breweries", "styles", "reviews"].into_iter().flat_map(ids).take(100).collect();
        for (expected, query, variables) in [
            (1, "query ($id: ID!) { beer(id: $id) { name description brewery { name } style { name } } }", json!({ "id": beer })),
            (
                1,
                "query ($id: ID!) { node(id: $id) { ... on Beer { name brewery { name } style { name } } } }",
                json!({ "id": beer }),
            ),
            (1, "query ($id: ID!) { a: beer(id: $id) { name } b: beer(id: $id) { name abv } }", json!({ "id": beer })),
            (2, "query ($id: ID!) { beer(id: $id) { reviews { nodes { body } } } }", json!({ "id": beer })),
            (0, "query ($id: ID!) { node(id: $id) { id } }", json!({ "id": "nothing" })),
            (
                1,
                "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Beer { brewery { name } style { name } } } }",
                json!({ "ids": ids("beers") }),
            ),
            (4, "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Review { beer { name } } } }", json!({ "ids": everything })),
            (
                3,
                "{ search(query: \"brewing\", first: 100) { nodes { ... on Beer { name brewery { name } style { name } } ... on Brewery { name } } } }",
                json!({}),
            ),
            (1, "{ search(query: \"xylophone\") { nodes { __typename } } }", json!({})),
            (0, "{ __typename }", json!({})),
        ] {
            let (_, statements) = app.recorded(query, variables).await;
            assert_eq!(statements.len(), expected, "{query}: {statements:#?}");
        }
    }
}

#[tokio::test]
async fn looking_beyond_a_cursor_costs_a_statement_only_if_asked_for() {
    for app in TestApp::seeded().await {
        let cursor = app.query("{ beers(first: 9) { pageInfo { endCursor } } }", json!({})).await;
        let cursor = &cursor["beers"]["pageInfo"]["endCursor"];
        for (expected, arguments, selection) in [
            (1, "after: $cursor", "nodes { name } pageInfo { endCursor }"),
            (2, "after: $cursor", "nodes { name } pageInfo { hasNextPage }"),
            (2, "after: $cursor", "nodes { name } pageInfo { hasPreviousPage }"),
            (2, "last: 3, before: $cursor", "nodes { name } pageInfo { hasNextPage }"),
            (3, "after: $cursor, before: $cursor", "pageInfo { hasNextPage }"),
        ] {
            let query = format!("query ($cursor: String) {{ beers({arguments}) {{ {selection} }} }}");
            let (_, statements) = app.recorded(&query, json!({ "cursor": cursor })).await;
            assert_eq!(statements.len(), expected, "{query}: {statements:#?}");
        }
    }
}

#[tokio::test]
async fn long_texts_are_read_only_if_selected() {
    for app in TestApp::seeded().await {
        for (read, selection) in
            [(false, "name"), (false, "name brewery { name }"), (true, "description"), (true, "...on Beer { d: description }")]
        {
            let (_, statements) = app.recorded(&format!("{{ beers {{ nodes {{ {selection} }} }} }}"), json!({})).await;
            assert_eq!(statements[0].sql.contains(r#""beer"."description""#), read, "{selection}: {}", statements[0].sql);
        }
    }
}

#[tokio::test]
async fn a_hundred_breweries_with_a_hundred_beers_each_take_two_statements() {
    for app in TestApp::on_each_database().await {
        let now = clock::now();
        let id = |kind: u128, number: i32| uuid::Uuid::from_u128(kind << 64 | u128::try_from(number).unwrap());
        let breweries = (0..100).map(|number| brewery::ActiveModel {
            id: Set(id(1, number)),
            name: Set(number.to_string()),
            name_folded: Set(number.to_string()),
            place_key: Set(number.to_string()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        });
        brewery::Entity::insert_many(breweries).exec_without_returning(&app.db).await.unwrap();
        for chunk in 0..10 {
            let beers = (chunk * 1_010..(chunk + 1) * 1_010).map(|number| beer::ActiveModel {
                id: Set(id(2, number)),
                brewery_id: Set(id(1, number % 100)),
                name: Set(number.to_string()),
                name_folded: Set(number.to_string()),
                abv: Set((number % 2 == 0).then(|| f64::from(number))),
                revision: Set(1),
                rating_count: Set(0),
                rating_sum: Set(0),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            });
            beer::Entity::insert_many(beers).exec_without_returning(&app.db).await.unwrap();
        }
        let query = "{ breweries(first: 100) { nodes { name beers(first: 100, orderBy: { field: ABV, direction: DESC }) {
            nodes { name } pageInfo { hasNextPage } } } } }";
        let (data, statements) = app.recorded(query, json!({})).await;
        assert_eq!(statements.len(), 2);
        let breweries = data["breweries"]["nodes"].as_array().unwrap();
        assert_eq!(breweries.len(), 100);
        for brewery in breweries {
            let beers = brewery["beers"]["nodes"].as_array().unwrap();
            assert_eq!((beers.len(), &brewery["beers"]["pageInfo"]["hasNextPage"]), (100, &json!(true)));
            let number = |beer: &Value| beer["name"].as_str().unwrap().parse::<i32>().unwrap();
            assert!(beers.iter().all(|beer| (number(beer) % 100).to_string() == brewery["name"].as_str().unwrap()));
            assert!(beers.iter().map(number).is_sorted_by(|a, b| a > b), "{beers:?}");
        }
    }
}

#[tokio::test]
async fn a_statement_that_fails_fails_its_own_fields_only() {
    for app in TestApp::seeded().await {
        let beer = app.query("{ beers(first: 1) { nodes { id name } } }", json!({})).await["beers"]["nodes"][0].take();
        app.db.execute_unprepared("ALTER TABLE review RENAME TO gone").await.unwrap();
        let query = "query ($id: ID!) { a: beer(id: $id) { name } b: beer(id: $id) { name reviews { nodes { body } } } c: brewery(id: \"x\") { name } }";
        let response = app.execute(query, json!({ "id": beer["id"] })).await;
        assert_eq!(response["data"], json!({ "a": { "name": beer["name"] }, "b": null, "c": null }), "{response:#}");
        let mut errors: Vec<(&Value, &Value)> =
            response["errors"].as_array().unwrap().iter().map(|error| (&error["path"], &error["extensions"]["code"])).collect();
        errors.sort_by_key(|(path, _)| path.to_string());
        assert_eq!(
            errors,
            [(&json!(["b", "reviews"]), &json!("INTERNAL_SERVER_ERROR")), (&json!(["c"]), &json!("BAD_USER_INPUT"))]
        );
        assert!(
            !response.to_string().contains("no such table") && !response.to_string().contains("does not exist"),
            "{response}"
        );
    }
}

#[tokio::test]
async fn without_a_database_every_query_says_so() {
    for app in TestApp::seeded().await {
        let beer = app.query("{ beers(first: 1) { nodes { id } } }", json!({})).await["beers"]["nodes"][0]["id"].take();
        app.db.clone().close().await.unwrap();
        for query in COUNTS.iter().map(|(_, query)| document(query, 10)).chain([
            format!("{{ node(id: {beer}) {{ id }} }}"),
            format!("{{ nodes(ids: [{beer}, {beer}]) {{ id }} }}"),
            "{ search(query: \"ale\") { nodes { __typename } } }".to_owned(),
        ]) {
            let response = app.execute(&query, json!({})).await;
            for error in response["errors"].as_array().unwrap() {
                assert_eq!(error["extensions"]["code"], "SERVICE_UNAVAILABLE", "{query}: {response:#}");
            }
        }
    }
}
