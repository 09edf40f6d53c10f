//! Lists, as clients see them: what a page has, what is refused, and objects reached by many ways.

mod aggregates;
mod filters;

use serde_json::{Value, json};

use crate::support::app::TestApp;

#[tokio::test]
async fn a_page_has_what_the_connection_specification_asks_for() {
    for app in TestApp::seeded().await {
        let data = app
            .query("{ beers(first: 2) { totalCount nodes { name } edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }", json!({}))
            .await;
        let beers = &data["beers"];
        assert_eq!(beers["totalCount"], 138);
        assert_eq!(beers["edges"][1]["cursor"], beers["pageInfo"]["endCursor"]);
        assert_eq!(beers["edges"][0]["cursor"], beers["pageInfo"]["startCursor"]);
        assert_eq!(beers["pageInfo"]["hasNextPage"], true);
        assert_eq!(beers["pageInfo"]["hasPreviousPage"], false);
    }
}

#[tokio::test]
async fn lists_are_by_name_and_reviews_by_age_and_twenty_long_unless_asked_otherwise() {
    for app in TestApp::seeded().await {
        let list = |arguments: &str, nodes: &str| format!("{arguments} {{ nodes {{ {nodes} }} }}");
        let same = [
            (list("beers", "id"), list("beers(first: 20, orderBy: { field: NAME, direction: ASC }, filter: {})", "id")),
            (list("breweries", "id"), list("breweries(first: 20, after: null, orderBy: { field: NAME })", "id")),
            (list("styles", "id"), list("styles(first: 20, last: null, orderBy: { field: NAME })", "id")),
            (list("reviews", "id"), list("reviews(first: 20, orderBy: { field: CREATED_AT, direction: DESC })", "id")),
            (
                list("breweries", &list("beers", "id")),
                list("breweries", &list("beers(first: 20, orderBy: { field: NAME })", "id")),
            ),
        ];
        for (bare, full) in same {
            let (bare, full) =
                (app.query(&format!("{{ {bare} }}"), json!({})).await, app.query(&format!("{{ {full} }}"), json!({})).await);
            assert_eq!(bare, full);
        }
        let counts = app
            .query(
                "{ beers { nodes { id } totalCount } breweries { totalCount } styles { totalCount } reviews { totalCount } }",
                json!({}),
            )
            .await;
        assert_eq!(counts["beers"]["nodes"].as_array().unwrap().len(), 20);
        let counts = ["beers", "breweries", "styles", "reviews"].map(|list| counts[list]["totalCount"].as_i64().unwrap());
        assert_eq!(counts, [138, 42, 45, 15]);
    }
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_refused_by_name() {
    let long = |text: &str, count: usize| vec![text; count].join(", ");
    for app in TestApp::seeded().await {
        let beer = app.query("{ beers(first: 1) { nodes { id } } }", json!({})).await["beers"]["nodes"][0]["id"].take();
        for (code, says, query) in [
            ("BAD_USER_INPUT", "`first` is 101; it must be 0 to 100", "beers(first: 101) { totalCount }".to_owned()),
            ("BAD_USER_INPUT", "`last` is 101", "reviews(last: 101) { totalCount }".to_owned()),
            ("BAD_USER_INPUT", "`first` is -1", "styles(first: -1) { totalCount }".to_owned()),
            ("BAD_USER_INPUT", "`last` is -1", "breweries { nodes { beers(last: -1) { totalCount } } }".to_owned()),
            ("BAD_USER_INPUT", "`first` and `last` exclude", "beers(first: 1, last: 1) { totalCount }".to_owned()),
            ("BAD_USER_INPUT", "`first` is 101", "beers { aggregates { byStyle(first: 101) { count } } }".to_owned()),
            ("BAD_USER_INPUT", "`first` is -1", "beers { aggregates { byCountry(first: -1) { count } } }".to_owned()),
            (
                "BAD_USER_INPUT",
                "styleId",
                format!("beers(filter: {{ styleId: {{ in: [{}] }} }}) {{ totalCount }}", long("\"x\"", 101)),
            ),
            (
                "BAD_USER_INPUT",
                "`breweryId` in the filter",
                format!("beers(filter: {{ breweryId: {{ eq: {beer} }} }}) {{ totalCount }}"),
            ),
            ("BAD_USER_INPUT", "is the id of a beer, not of a brewery", format!("brewery(id: {beer}) {{ name }}")),
            ("BAD_USER_INPUT", "`id`: \"1\" is not an id", "beer(id: \"1\") { name }".to_owned()),
            ("BAD_USER_INPUT", "`ids` has 101 ids", format!("nodes(ids: [{}]) {{ id }}", long("\"x\"", 101))),
            ("BAD_USER_INPUT", "100", format!("beers(filter: {{ name: {{ in: [{}] }} }}) {{ totalCount }}", long("\"x\"", 101))),
            (
                "BAD_USER_INPUT",
                "100",
                format!("breweries(filter: {{ city: {{ in: [{}] }} }}) {{ totalCount }}", long("\"x\"", 101)),
            ),
            ("BAD_USER_INPUT", "100", format!("reviews(filter: {{ rating: {{ in: [{}] }} }}) {{ totalCount }}", long("1", 101))),
            ("GRAPHQL_VALIDATION_FAILED", "first", "beers(first: \"1\") { totalCount }".to_owned()),
            ("GRAPHQL_VALIDATION_FAILED", "orderBy", "beers(orderBy: { field: SRM }) { totalCount }".to_owned()),
            ("GRAPHQL_VALIDATION_FAILED", "taste", "beers(filter: { taste: 1 }) { totalCount }".to_owned()),
        ] {
            let response = app.execute(&format!("{{ {query} }}"), json!({})).await;
            let error = &response["errors"][0];
            assert_eq!(error["extensions"]["code"], code, "{query}: {response:#}");
            assert!(error["message"].as_str().unwrap().contains(says), "{query}: {error}");
        }
    }
}

#[tokio::test]
async fn every_object_is_found_by_its_id_by_each_way() {
    for app in TestApp::seeded().await {
        let lists = "{ beers(first: 3) { nodes { id } } breweries(first: 3) { nodes { id } } styles(first: 3) { nodes { id } } reviews(first: 3) { nodes { id } } }";
        let lists = app.query(lists, json!({})).await;
        let mut wanted = Vec::new();
        for (list, field, name) in [
            ("beers", "beer", "Beer"),
            ("breweries", "brewery", "Brewery"),
            ("styles", "style", "Style"),
            ("reviews", "review", "Review"),
        ] {
            let id = lists[list]["nodes"][1]["id"].clone();
            let unknown = taproom::graphql::NodeType::Beer.id(uuid::Uuid::nil()).replace("beer", field);
            let query = format!("query ($id: ID!, $unknown: ID!) {{
                a: {field}(id: $id) {{ __typename id }} b: node(id: $id) {{ __typename id }} c: {field}(id: $unknown) {{ id }} d: node(id: $unknown) {{ id }} }}");
            let found = app.query(&query, json!({ "id": id, "unknown": unknown })).await;
            let object = json!({ "__typename": name, "id": id });
            assert_eq!(found, json!({ "a": object, "b": object, "c": null, "d": null }));
            wanted.extend([id, unknown.into()]);
        }
        wanted.extend([json!("x"), json!(""), wanted[0].clone()]);
        let nodes = app.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": wanted })).await;
        let expected: Vec<Value> = wanted
            .iter()
            .enumerate()
            .map(|(place, id)| if place % 2 == 0 && place < 8 || place == 10 { json!({ "id": id }) } else { Value::Null })
            .collect();
        assert_eq!(nodes["nodes"], json!(expected));
    }
}

#[tokio::test]
async fn an_error_in_one_object_leaves_the_others() {
    for app in TestApp::seeded().await {
        let response = app.execute("{ a: beer(id: \"x\") { name } b: beers(first: 0) { totalCount } c: node(id: \"x\") { id } d: style(id: \"y\") { id } }", json!({})).await;
        assert_eq!(response["data"], json!({ "a": null, "b": { "totalCount": 138 }, "c": null, "d": null }), "{response:#}");
        assert_eq!(response["errors"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn each_place_in_a_document_gets_its_own_list() {
    let query = r#"query ($yes: Boolean!, $no: Boolean!, $n: Int!) {
        breweries(filter: { name: { contains: "rochefort" } }) { nodes { ...Lists } }
        orval: breweries(filter: { name: { contains: "orval" } }) { nodes { ...Lists } }
    }
    fragment Lists on Brewery {
        first: beers(first: $n) { nodes { name } }
        last: beers(last: 1) { nodes { name } }
        strong: beers(filter: { abv: { gt: 9 } }, orderBy: { field: ABV, direction: DESC }) { totalCount nodes { name } }
        beers(first: 1) { totalCount }
        beers(first: 1) { nodes { abv @include(if: $yes) ibu @include(if: $no) name @skip(if: $yes) srm @skip(if: $no) } }
        ... on Node { id @skip(if: $yes) }
    }"#;
    for app in TestApp::seeded().await {
        let data = app.query(query, json!({ "yes": true, "no": false, "n": 2 })).await;
        let names = |names: &[&str]| json!(names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>());
        let rochefort = json!({
            "first": { "nodes": names(&["Trappistes Rochefort 10", "Trappistes Rochefort 6"]) },
            "last": { "nodes": names(&["Trappistes Rochefort Triple Extra"]) },
            "strong": { "totalCount": 2, "nodes": names(&["Trappistes Rochefort 10", "Trappistes Rochefort 8"]) },
            "beers": { "totalCount": 4, "nodes": [{ "abv": 11.3, "srm": null }] },
        });
        let orval = json!({
            "first": { "nodes": names(&["Orval"]) }, "last": { "nodes": names(&["Orval"]) }, "strong": { "totalCount": 0, "nodes": [] },
            "beers": { "totalCount": 1, "nodes": [{ "abv": 6.2, "srm": null }] },
        });
        assert_eq!(data, json!({ "breweries": { "nodes": [rochefort] }, "orval": { "nodes": [orval] } }));
    }
}

#[tokio::test]
async fn a_path_through_every_relation_ends_where_it_should() {
    let query = r#"{ breweries(first: 100) { nodes { name beers(first: 100) { nodes { name brewery { name } style { name
        beers(first: 100) { nodes { name style { name } reviews { nodes { rating beer { name brewery { name beers { totalCount } } } } } } } } } } } } }"#;
    for app in TestApp::seeded().await {
        let data = app.query(query, json!({})).await;
        let nodes = |list: &Value| list["nodes"].as_array().unwrap().clone();
        let mut reviews = 0;
        for brewery in nodes(&data["breweries"]) {
            for beer in nodes(&brewery["beers"]) {
                assert_eq!(beer["brewery"]["name"], brewery["name"]);
                let of_style = if beer["style"].is_null() { Vec::new() } else { nodes(&beer["style"]["beers"]) };
                assert!(beer["style"].is_null() || of_style.iter().any(|other| other["name"] == beer["name"]));
                for other in of_style {
                    assert_eq!(other["style"]["name"], beer["style"]["name"]);
                    for review in nodes(&other["reviews"]) {
                        assert_eq!(review["beer"]["name"], other["name"]);
                        if other["name"] == "Pilsner Urquell" {
                            assert_eq!(
                                review["beer"]["brewery"],
                                json!({ "name": "Plzeňský Prazdroj", "beers": { "totalCount": 2 } })
                            );
                        }
                        reviews += usize::from(other["name"] == beer["name"]);
                    }
                }
            }
        }
        // Of 15, those of Orval, the penguin and Nøgne's porter are of beers without a style.
        assert_eq!(reviews, 12);
    }
}
