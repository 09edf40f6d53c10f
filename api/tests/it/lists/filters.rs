//! Filters, against what plain code says of the same rows.

use std::collections::{BTreeSet, HashMap};

use entity::{beer, brewery, style};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::json;
use taproom::{catalog::text::fold, graphql::NodeType};
use uuid::Uuid;

use crate::support::app::TestApp;

/// The catalogue, in memory.
struct Model {
    beers: Vec<beer::Model>,
    breweries: HashMap<Uuid, brewery::Model>,
    styles: HashMap<Uuid, style::Model>,
}

impl Model {
    async fn read(app: &TestApp) -> Self {
        Self {
            beers: beer::Entity::find().all(&app.db).await.unwrap(),
            breweries: brewery::Entity::find().all(&app.db).await.unwrap().into_iter().map(|row| (row.id, row)).collect(),
            styles: style::Entity::find().all(&app.db).await.unwrap().into_iter().map(|row| (row.id, row)).collect(),
        }
    }

    fn brewery(&self, beer: &beer::Model) -> &brewery::Model {
        &self.breweries[&beer.brewery_id]
    }

    fn style(&self, beer: &beer::Model) -> Option<&style::Model> {
        beer.style_id.map(|id| &self.styles[&id])
    }
}

/// The ids that a filter leaves, having checked that the count agrees.
async fn filtered(app: &TestApp, list: &str, filter: &str) -> BTreeSet<String> {
    let query = format!(
        "{{ a: {list}(first: 100, filter: {filter}) {{ totalCount nodes {{ id }} }} b: {list}(last: 100, filter: {filter}) {{ nodes {{ id }} }} }}"
    );
    let data = app.query(&query, json!({})).await;
    let nodes = [&data["a"], &data["b"]].into_iter().flat_map(|list| list["nodes"].as_array().unwrap());
    let ids: BTreeSet<String> = nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(data["a"]["totalCount"], ids.len(), "{filter}");
    ids
}

type Meets = fn(&Model, &beer::Model) -> bool;

const BEERS: &[(&str, Meets)] = &[
    ("{}", |_, _| true),
    ("{ name: {} }", |_, _| true),
    ("{ name: null }", |_, _| true),
    ("{ name: { eq: \"PALE  ale\" } }", |_, beer| beer.name == "Pale Ale"),
    ("{ name: { eq: \"fruh kolsch\" } }", |_, beer| beer.name == "Früh Kölsch"),
    ("{ name: { in: [\"Porter\", \"ÔRVAL\", \"nothing\"] } }", |_, beer| ["Porter", "Orval"].contains(&beer.name.as_str())),
    ("{ name: { in: [] } }", |_, _| false),
    ("{ name: { contains: \"ALE\" } }", |_, beer| fold(&beer.name).contains("ale")),
    ("{ name: { startsWith: \"gü\" } }", |_, beer| fold(&beer.name).starts_with("gu")),
    ("{ name: { startsWith: \"g\", contains: \"stout\" } }", |_, beer| {
        fold(&beer.name).starts_with('g') && beer.name.contains("Stout")
    }),
    ("{ name: { contains: \"\" } }", |_, _| true),
    // Wildcards of LIKE stand for themselves.
    ("{ name: { contains: \"%\" } }", |_, beer| beer.name.contains('%')),
    ("{ name: { contains: \"_\" } }", |_, beer| beer.name.contains('_')),
    ("{ name: { contains: \"\\\\\" } }", |_, beer| beer.name.contains('\\')),
    ("{ name: { startsWith: \"%\" } }", |_, beer| beer.name.starts_with('%')),
    ("{ name: { contains: \"'\" } }", |_, beer| beer.name.contains('\'')),
    ("{ abv: { gt: 5, lte: 7.5 } }", |_, beer| beer.abv.is_some_and(|abv| abv > 5.0 && abv <= 7.5)),
    ("{ abv: { gte: 5.0, lt: 6 } }", |_, beer| beer.abv.is_some_and(|abv| (5.0..6.0).contains(&abv))),
    ("{ abv: { eq: 6.66 } }", |_, beer| beer.abv == Some(6.66)),
    ("{ abv: { eq: 0 } }", |_, beer| beer.abv == Some(0.0)),
    ("{ abv: { gt: 1e308 } }", |_, _| false),
    ("{ abv: { isNull: true } }", |_, beer| beer.abv.is_none()),
    ("{ ibu: { isNull: false } }", |_, beer| beer.ibu.is_some()),
    ("{ abv: { isNull: true, gt: 1 } }", |_, _| false),
    ("{ srm: { isNull: true } }", |_, beer| beer.srm.is_none()),
    ("{ ratingCount: { gte: 2 } }", |_, beer| beer.rating_count >= 2),
    ("{ ratingCount: { in: [1, 3] } }", |_, beer| [1, 3].contains(&beer.rating_count)),
    ("{ ratingAverage: { gte: 4 } }", |_, beer| beer.rating_average >= Some(4.0)),
    ("{ styleId: { isNull: true } }", |_, beer| beer.style_id.is_none()),
    ("{ brewery: { country: { eq: \"Belgium\" } } }", |all, beer| all.brewery(beer).country.as_deref() == Some("Belgium")),
    ("{ brewery: { country: { eq: \"belgium\" } } }", |_, _| false),
    ("{ brewery: { country: { in: [\"Norway\", \"Finland\"] } } }", |all, beer| {
        ["Norway", "Finland"].contains(&all.brewery(beer).country.as_deref().unwrap_or_default())
    }),
    ("{ brewery: { region: { isNull: true } } }", |all, beer| all.brewery(beer).region.is_none()),
    ("{ style: { category: { eq: \"IPA\" } } }", |all, beer| all.style(beer).is_some_and(|style| style.category == "IPA")),
    ("{ style: {} }", |_, beer| beer.style_id.is_some()),
    ("{ brewery: { someBeer: { abv: { gt: 20 } } }, abv: { lt: 4 } }", |all, beer| {
        all.brewery(beer).name == "BrewDog" && beer.abv.is_some_and(|abv| abv < 4.0)
    }),
    ("{ and: [] }", |_, _| true),
    ("{ or: [] }", |_, _| false),
    ("{ and: [{}] }", |_, _| true),
    ("{ or: [{}] }", |_, _| true),
    ("{ or: [{ and: [{}] }] }", |_, _| true),
    ("{ not: {} }", |_, _| false),
    ("{ not: { and: [] } }", |_, _| false),
    ("{ not: { and: [{}] } }", |_, _| false),
    ("{ not: { or: [] } }", |_, _| true),
    ("{ not: { or: [{}] } }", |_, _| false),
    ("{ not: { name: {} } }", |_, _| false),
    ("{ not: { not: {} } }", |_, _| true),
    ("{ not: { abv: { gt: 5 } } }", |_, beer| beer.abv.is_none_or(|abv| abv <= 5.0)),
    ("{ not: { not: { abv: { gt: 5 } } } }", |_, beer| beer.abv.is_some_and(|abv| abv > 5.0)),
    ("{ not: { abv: { gt: 5 }, ibu: { gt: 20 } } }", |_, beer| !(beer.abv > Some(5.0) && beer.ibu > Some(20.0))),
    ("{ not: { or: [{ abv: { gt: 5 } }, { ibu: { gt: 20 } }] } }", |_, beer| !(beer.abv > Some(5.0) || beer.ibu > Some(20.0))),
    ("{ not: { style: { category: { eq: \"IPA\" } } } }", |all, beer| {
        all.style(beer).is_none_or(|style| style.category != "IPA")
    }),
    ("{ not: { abv: { isNull: true } } }", |_, beer| beer.abv.is_some()),
    (
        "{ abv: { gt: 6 }, or: [{ name: { contains: \"stout\" } }, { ibu: { lt: 20 } }], and: [{ abv: { lt: 9 } }, { not: { name: { contains: \"ale\" } } }] }",
        |_, beer| {
            beer.abv.is_some_and(|abv| abv > 6.0 && abv < 9.0)
                && (beer.name.contains("Stout") || beer.ibu.is_some_and(|ibu| ibu < 20.0))
                && !fold(&beer.name).contains("ale")
        },
    ),
];

#[tokio::test]
async fn a_filter_leaves_what_plain_code_says() {
    for app in TestApp::seeded().await {
        // The sample has none of LIKE's special characters but the per cent.
        let odd = r"UPDATE beer SET name = 'a_b\c', name_folded = 'a_b\c' WHERE name = 'Duvel'";
        app.db.execute_unprepared(odd).await.unwrap();
        let model = Model::read(&app).await;
        let id = |beer: &beer::Model| NodeType::Beer.id(beer.id).to_string();
        for (filter, meets) in BEERS {
            let expected: BTreeSet<String> = model.beers.iter().filter(|beer| meets(&model, beer)).map(id).collect();
            assert_eq!(filtered(&app, "beers", filter).await, expected, "{filter} on PostgreSQL {}", app.is_postgres());
            // The same of what lies below a parent, or of a parent by what lies below.
            let expected: BTreeSet<String> = model
                .beers
                .iter()
                .filter(|beer| meets(&model, beer))
                .map(|beer| NodeType::Brewery.id(beer.brewery_id).to_string())
                .collect();
            assert_eq!(filtered(&app, "breweries", &format!("{{ someBeer: {filter} }}")).await, expected, "someBeer {filter}");
            let nested = format!(
                "{{ breweries(first: 100) {{ nodes {{ name beers(filter: {filter}) {{ totalCount nodes {{ brewery {{ name }} }} }} }} }} }}"
            );
            for brewery in app.query(&nested, json!({})).await["breweries"]["nodes"].as_array().unwrap() {
                let of_brewery = |beer: &&beer::Model| model.brewery(beer).name == brewery["name"].as_str().unwrap();
                let expected = model.beers.iter().filter(of_brewery).filter(|beer| meets(&model, beer)).count();
                assert_eq!(
                    (&brewery["beers"]["totalCount"], brewery["beers"]["nodes"].as_array().unwrap().len()),
                    (&json!(expected), expected),
                    "{filter}"
                );
            }
        }
    }
}

#[tokio::test]
async fn ids_choose_their_own() {
    for app in TestApp::seeded().await {
        let model = Model::read(&app).await;
        let beer = &model.beers[7];
        let (brewery, style) = (NodeType::Brewery.id(beer.brewery_id), NodeType::Style.id(model.beers[0].style_id.unwrap()));
        let nil = NodeType::Style.id(Uuid::nil());
        for (list, filter, expected) in [
            (
                "beers",
                format!("{{ breweryId: {{ eq: {brewery:?} }} }}", brewery = brewery.as_str()),
                model.beers.iter().filter(|other| other.brewery_id == beer.brewery_id).count(),
            ),
            (
                "beers",
                format!("{{ styleId: {{ in: [{:?}, {:?}] }} }}", style.as_str(), nil.as_str()),
                model.beers.iter().filter(|other| other.style_id == model.beers[0].style_id).count(),
            ),
            (
                "beers",
                format!("{{ not: {{ styleId: {{ eq: {:?} }} }} }}", style.as_str()),
                model.beers.iter().filter(|other| other.style_id != model.beers[0].style_id).count(),
            ),
            ("beers", "{ styleId: { in: [] } }".to_owned(), 0),
            ("reviews", "{ rating: { gte: 4 }, author: { eq: \"Sample reviewer A\" } }".to_owned(), 4),
            ("reviews", "{ beer: { brewery: { country: { eq: \"Belgium\" } } } }".to_owned(), 3),
            ("reviews", "{ not: { rating: { in: [3, 4, 5] } } }".to_owned(), 2),
            ("styles", "{ name: { contains: \"WEISS\" }, category: { eq: \"Wheat Beer\" } }".to_owned(), 2),
            (
                "styles",
                "{ not: { someBeer: {} } }".to_owned(),
                model.styles.keys().filter(|id| model.beers.iter().all(|beer| beer.style_id != Some(**id))).count(),
            ),
            ("breweries", "{ or: [{ city: { eq: \"Plzeň\" } }, { country: { eq: \"Norway\" } }] }".to_owned(), 2),
        ] {
            assert_eq!(filtered(&app, list, &filter).await.len(), expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn no_value_in_a_filter_is_a_server_fault() {
    for app in TestApp::seeded().await {
        let long = "a".repeat(100_000);
        // As much as is allowed: 36 filters with everything in each, in a nullable order.
        let id = app.query("{ breweries(first: 1) { nodes { id } } styles(first: 1) { nodes { id } } }", json!({})).await;
        let ids = |field: &str| vec![id[field]["nodes"][0]["id"].to_string(); 100].join(",");
        let range = "{ eq: 1, gt: 1, gte: 1, lt: 1, lte: 1 }";
        let everything = format!(
            "name: {{ eq: \"x\", contains: \"x\", startsWith: \"x\", in: [{}] }} abv: {range} ibu: {range} srm: {range} \
             ratingAverage: {range} ratingCount: {{ eq: 1, gt: 1, gte: 1, lt: 1, lte: 1, in: [{}] }} \
             breweryId: {{ in: [{}] }} styleId: {{ in: [{}] }}",
            vec!["\"x\""; 100].join(","),
            vec!["1"; 100].join(","),
            ids("breweries"),
            ids("styles"),
        );
        let full = format!("{{ or: [{}] }}", vec![format!("{{ {everything} }}"); 35].join(","));
        let query = format!("{{ beers(orderBy: {{ field: ABV }}, filter: {full}) {{ nodes {{ id }} }} }}");
        assert_eq!(app.query(&query, json!({})).await["beers"]["nodes"], json!([]));
        let wide = format!("{{ or: [{}] }}", vec!["{ abv: { gt: 1 }, ibu: { lt: 9 } }"; 20_000].join(","));
        let nested = |depth| format!("{}{{ abv: {{ gt: 5 }} }}{}", "{ not: ".repeat(depth), " }".repeat(depth));
        // Beyond some 600 levels the parser gives up by itself; below, the stack would overflow.
        let deep = nested(500);
        for filter in [
            r#"{ name: { eq: "\u0000" } }"#,
            r#"{ name: { contains: "a\u0000b" } }"#,
            r#"{ brewery: { city: { eq: "\u0000" } } }"#,
            r#"{ style: { category: { in: ["\u0000"] } } }"#,
            "{ abv: { gt: 1e999 } }",
            "{ abv: { gt: -1e999 } }",
            "{ ratingCount: { eq: 99999999999 } }",
            &format!("{{ name: {{ contains: \"{long}\" }} }}"),
            &format!("{{ brewery: {{ city: {{ eq: \"{long}\" }} }} }}"),
            &wide,
            &deep,
        ] {
            let response =
                app.execute(&format!("{{ beers(filter: {filter}) {{ nodes {{ id }} totalCount }} }}"), json!({})).await;
            let shown: String = filter.chars().take(60).collect();
            for error in response["errors"].as_array().into_iter().flatten() {
                let code = error["extensions"]["code"].as_str().unwrap();
                assert!(
                    ["BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "NESTING_LIMIT_EXCEEDED"]
                        .contains(&code),
                    "{shown}: {error}"
                );
            }
        }
        assert_eq!(
            filtered(&app, "breweries", &format!("{{ someBeer: {} }}", nested(30))).await,
            filtered(&app, "breweries", "{ someBeer: { abv: { gt: 5 } } }").await
        );
        // Variables come by JSON, whose parser has a limit of its own.
        for depth in [30, 1_000] {
            let mut filter = json!({});
            for _ in 0..depth {
                filter = json!({ "not": filter });
            }
            let response = app
                .execute("query ($filter: BeerFilter!) { beers(filter: $filter) { totalCount } }", json!({ "filter": filter }))
                .await;
            let expected = if depth == 30 { json!({ "data": { "beers": { "totalCount": 138 } } }) } else { json!("BAD_REQUEST") };
            assert_eq!(
                if depth == 30 { &response } else { &response["errors"][0]["extensions"]["code"] },
                &expected,
                "{response:#}"
            );
        }
    }
}
