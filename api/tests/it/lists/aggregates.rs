//! Figures over whole lists, against what plain code computes from the same rows.

use std::collections::BTreeMap;

use entity::{beer, brewery, style};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::support::app::TestApp;

const FIGURES: &str = "aggregates { count abv { min max avg } ibu { min max avg } byStyle(first: 100) { style { name } count } byCountry(first: 100) { country count } }";

/// What is known of a beer.
struct Beer {
    abv: Option<f64>,
    ibu: Option<f64>,
    brewery: String,
    country: Value,
    style: Value,
}

async fn beers(app: &TestApp) -> Vec<Beer> {
    let breweries = brewery::Entity::find().all(&app.db).await.unwrap();
    let styles = style::Entity::find().all(&app.db).await.unwrap();
    let beers = beer::Entity::find().all(&app.db).await.unwrap();
    let beer = |beer: beer::Model| {
        let brewery = breweries.iter().find(|brewery| brewery.id == beer.brewery_id).unwrap();
        let style = beer.style_id.map(|id| styles.iter().find(|style| style.id == id).unwrap().name.clone());
        Beer { abv: beer.abv, ibu: beer.ibu, brewery: brewery.name.clone(), country: json!(brewery.country), style: json!(style) }
    };
    beers.into_iter().map(beer).collect()
}

fn check(found: &Value, beers: &[&Beer]) {
    assert_eq!(found["count"], beers.len());
    for (measure, value) in [("abv", (|beer| beer.abv) as fn(&Beer) -> Option<f64>), ("ibu", |beer| beer.ibu)] {
        let known: Vec<f64> = beers.iter().filter_map(|beer| value(beer)).collect();
        let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        for (figure, expected) in
            [("min", known.iter().copied().reduce(f64::min)), ("max", known.iter().copied().reduce(f64::max)), ("avg", mean)]
        {
            let found = found[measure][figure].as_f64();
            let close = found.zip(expected).map_or(found == expected, |(found, expected)| (found - expected).abs() < 1e-9);
            assert!(close, "{measure} {figure}: {found:?}, not {expected:?}");
        }
    }
    for (list, name, value) in
        [("byStyle", "/style/name", (|beer| &beer.style) as fn(&Beer) -> &Value), ("byCountry", "/country", |beer| &beer.country)]
    {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for beer in beers {
            *expected.entry(value(beer).to_string()).or_default() += 1;
        }
        let buckets = found[list].as_array().unwrap();
        let count = |bucket: &Value| bucket["count"].as_u64().unwrap();
        assert!(buckets.iter().map(count).is_sorted_by(|a, b| a >= b), "{buckets:?}");
        let of = |bucket: &Value| (bucket.pointer(name).unwrap_or(&Value::Null).to_string(), count(bucket));
        assert_eq!(buckets.iter().map(of).collect::<BTreeMap<_, _>>(), expected);
    }
}

#[tokio::test]
async fn figures_are_those_of_the_whole_list_whatever_the_page() {
    for app in TestApp::seeded().await {
        let beers = beers(&app).await;
        for (filter, meets) in [
            ("{}", (|_| true) as fn(&Beer) -> bool),
            ("{ abv: { gt: 8 } }", |beer| beer.abv > Some(8.0)),
            ("{ styleId: { isNull: true } }", |beer| beer.style.is_null()),
            ("{ brewery: { country: { eq: \"Belgium\" } } }", |beer| beer.country == "Belgium"),
            ("{ or: [] }", |_| false),
        ] {
            let query = format!(
                "{{ beers(first: 2, filter: {filter}) {{ {FIGURES} }} breweries(first: 100) {{ nodes {{ name beers(last: 1, filter: {filter}) {{ {FIGURES} }} }} }} }}"
            );
            let data = app.query(&query, json!({})).await;
            check(&data["beers"]["aggregates"], &beers.iter().filter(|beer| meets(beer)).collect::<Vec<_>>());
            for brewery in data["breweries"]["nodes"].as_array().unwrap() {
                let own = |beer: &&Beer| meets(beer) && brewery["name"] == beer.brewery.as_str();
                check(&brewery["beers"]["aggregates"], &beers.iter().filter(own).collect::<Vec<_>>());
            }
        }
        let first = app.query("{ beers { aggregates { byStyle(first: 3) { count } none: byStyle(first: 0) { count } byCountry(first: 1) { country } } } }", json!({})).await;
        assert_eq!(first["beers"]["aggregates"]["byStyle"].as_array().unwrap().len(), 3);
        assert_eq!(first["beers"]["aggregates"]["none"], json!([]));
        assert_eq!(first["beers"]["aggregates"]["byCountry"], json!([{ "country": "United States" }]));
    }
}
