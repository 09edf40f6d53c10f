//! Full-text search: what is found, in which order, by which spelling, and how it pages.

use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use taproom::{auth::Scope, config::DatabaseConfig};

use crate::support::{app::TestApp, postgres::postgres_database};

const SEARCH: &str = "query ($text: String!, $first: Int! = 100, $after: String) {
    search(query: $text, first: $first, after: $after) {
        edges { cursor } nodes { __typename ... on Beer { name } ... on Brewery { name } } pageInfo { hasNextPage hasPreviousPage endCursor }
    }
}";

/// The names of all that is found, best first.
async fn names(app: &TestApp, text: &str) -> Vec<String> {
    let found = app.query(SEARCH, json!({ "text": text })).await;
    found["search"]["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

/// Creates or updates something; returns it.
async fn write(app: &TestApp, field: &str, what: &str, input: Value) -> Value {
    let key = app.key(&[Scope::CatalogWrite]).await;
    let payload = app.mutate(&key, field, &format!("{{ {what} {{ id revision }} errors {{ message }} }}"), input).await;
    assert_eq!(payload["errors"], json!([]));
    payload[what].clone()
}

#[tokio::test]
async fn the_best_match_comes_first_however_it_is_spelt() {
    for app in TestApp::seeded().await {
        for (text, best) in [
            ("pale ale", "Pale Ale"),
            ("Torpedo Extra IPA", "Torpedo Extra IPA"),
            ("PLZEŇSKÝ", "Plzeňský Prazdroj"),
            ("plzensky", "Plzeňský Prazdroj"),
            ("  Plzensky   prazdroj ", "Plzeňský Prazdroj"),
            ("nogne o", "Nøgne Ø"),
            ("brauweisse", "Bräuweisse"),
            ("sierra nevada pale", "Pale Ale"),
            ("nevada SIERRA torp", "Torpedo Extra IPA"),
            ("supplic", "Supplication"),
            ("fruh", "Früh Kölsch"),
            ("duvel 6.66", "Duvel 6.66"),
            ("guinness 0.0", "Guinness 0.0"),
            ("d'Orval", "Brasserie d'Orval"),
            ("n'ice", "N'Ice Chouffe"),
            ("villers-devant-orval", "Brasserie d'Orval"),
            ("villers devant", "Brasserie d'Orval"),
            ("chico 1980", "Sierra Nevada Brewing Co."),
            ("guiness", "Guinness 0.0"),
            ("guiness draugth", "Guinness Draught"),
            ("pilzner urquel", "Pilsner Urquell"),
        ] {
            let found = names(&app, text).await;
            let same = |name: &String| name == best || (text == "guiness" && name.starts_with("Guinness"));
            assert!(found.first().is_some_and(same), "{text} on PostgreSQL {}: {found:?}", app.is_postgres());
        }
        for (text, among) in
            [("pilzner", "Pilsner Urquell"), ("heffeweizen", "Hefeweissbier"), ("shlenkerla", "Aecht Schlenkerla Eiche")]
        {
            assert!(names(&app, text).await.iter().any(|name| name == among), "{text} on PostgreSQL {}", app.is_postgres());
        }
        assert_eq!(names(&app, "xylophone").await, [""; 0]);
    }
}

#[tokio::test]
async fn a_name_counts_more_than_what_it_belongs_to_and_that_more_than_prose() {
    for app in TestApp::seeded().await {
        let brewery = write(&app, "createBrewery", "brewery", json!({ "name": "Zwickl" })).await["id"].clone();
        let style = write(&app, "createStyle", "style", json!({ "name": "Kvass Rye", "category": "Other" })).await["id"].clone();
        let prose = "kvass rye bread ".repeat(100);
        let filler = "nothing to see here ".repeat(100);
        for (name, style, description) in [
            ("Oat", Value::Null, Some(prose.as_str())),
            ("Dark", style.clone(), None),
            ("Light", style, Some(&prose)),
            ("Royal Rye Kvass of the House", Value::Null, Some(&filler)),
            ("Kvass Rye", Value::Null, Some(&filler)),
        ] {
            let input = json!({ "breweryId": brewery, "name": name, "styleId": style, "description": description });
            write(&app, "createBeer", "beer", input).await;
        }
        for text in ["kvass rye", "Kvass Ry"] {
            let mut found = names(&app, text).await;
            found[2..4].sort();
            if text == "Kvass Ry" {
                found[..2].sort();
            }
            assert_eq!(
                found,
                ["Kvass Rye", "Royal Rye Kvass of the House", "Dark", "Light", "Oat"],
                "{text} on PostgreSQL {}",
                app.is_postgres()
            );
        }
    }
}

#[tokio::test]
async fn no_text_is_a_query_language() {
    for app in TestApp::seeded().await {
        let texts = [
            "",
            " ",
            "\"",
            "'",
            "*",
            ":*",
            "&",
            "|",
            "!",
            "(",
            ")",
            "-",
            "\\",
            "\0",
            "a\0b",
            "!!!",
            "\"\"\"",
            "((((",
            "a & !b",
            "a:*b",
            "{title} : x",
            "^a",
            "a + b",
            "title:",
            "NEAR(a b, 2)",
            "AND",
            "OR",
            "NOT",
            "a AND",
            "OR b",
            "NOT c",
            "a <-> b",
            "x' OR '1'='1",
            "; DROP TABLE beer",
            "%",
            "_",
            "日本",
            "\u{e000}",
            "🍺",
            "\u{301}",
            "a\u{301}",
            "ﷺ",
        ];
        for text in texts.into_iter().map(str::to_owned).chain(["a ".repeat(100), "é".repeat(200), "🍺".repeat(200)]) {
            let response = app.execute(SEARCH, json!({ "text": text })).await;
            assert!(response.get("errors").is_none(), "{text:?}: {response:#}");
            if !text.contains(char::is_alphanumeric) && text.is_ascii() {
                assert_eq!(response["data"]["search"]["nodes"], json!([]), "{text:?}");
            }
        }
        assert_eq!(names(&app, "pilsner & urquell:*").await[0], "Pilsner Urquell");
        assert_eq!(names(&app, "\"pilsner\" (urquell)").await[0], "Pilsner Urquell");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_refused() {
    for app in TestApp::seeded().await {
        for (arguments, says) in [
            (json!({ "text": "a".repeat(201) }), "201 characters"),
            (json!({ "text": "ale", "first": 101 }), "`first` is 101"),
            (json!({ "text": "ale", "first": -1 }), "`first` is -1"),
            (json!({ "text": "ale", "after": "1" }), "`after` is not a cursor"),
            (json!({ "text": "ale", "after": "s" }), "`after` is not a cursor"),
            (json!({ "text": "ale", "after": "s-1" }), "`after` is not a cursor"),
            (json!({ "text": "ale", "after": "s+1" }), "`after` is not a cursor"),
            (json!({ "text": "ale", "after": "s99999999999999999999" }), "`after` is not a cursor"),
            (json!({ "text": "ale", "after": "s1001" }), "no deeper than 1000"),
        ] {
            let response = app.execute(SEARCH, arguments.clone()).await;
            let error = &response["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{arguments}: {response}");
            assert!(error["message"].as_str().unwrap().contains(says), "{arguments}: {error}");
        }
    }
}

#[tokio::test]
async fn pages_add_up_to_the_whole_ranking() {
    for app in TestApp::seeded().await {
        for text in ["brewery", "ale", "guiness"] {
            let whole = names(&app, text).await;
            assert!(whole.len() > 2, "{text}: {whole:?}");
            let (mut walked, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = app.query(SEARCH, json!({ "text": text, "first": 2, "after": after })).await["search"].take();
                let nodes = page["nodes"].as_array().unwrap();
                walked.extend(nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()));
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
                assert_eq!(page["pageInfo"]["hasNextPage"], walked.len() < whole.len());
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(walked, whole, "{text}");
        }
        let nothing = app.query(SEARCH, json!({ "text": "ale", "first": 0 })).await["search"].take();
        assert_eq!((&nothing["nodes"], &nothing["pageInfo"]["hasNextPage"]), (&json!([]), &json!(true)));
        let far = app.query(SEARCH, json!({ "text": "ale", "after": "s1000" })).await["search"].take();
        assert_eq!(far["nodes"], json!([]));
    }
}

#[tokio::test]
async fn both_kinds_are_told_apart() {
    for app in TestApp::seeded().await {
        let document = "{ search(query: \"orval\") { nodes { __typename ... on Node { id } ... on Beer { brewery { name } style { name } } ... on Brewery { city } } } }";
        let mut nodes = app.query(document, json!({})).await["search"]["nodes"].as_array().unwrap().clone();
        nodes.sort_by_key(|node| node["__typename"].to_string());
        for (node, kind) in nodes.iter().zip(["beer_", "brewery_"]) {
            assert!(node["id"].as_str().unwrap().starts_with(kind), "{node}");
        }
        assert_eq!(nodes[0]["brewery"]["name"], "Brasserie d'Orval");
        assert_eq!(nodes[0]["style"], Value::Null);
        assert_eq!(nodes[1]["city"], "Villers-devant-Orval");
    }
}

#[tokio::test]
async fn a_rename_or_deletion_shows_at_once() {
    for app in TestApp::seeded().await {
        let brewery = write(&app, "createBrewery", "brewery", json!({ "name": "Quetzal", "city": "Jalapa" })).await;
        let style = write(&app, "createStyle", "style", json!({ "name": "Wuzzle", "category": "Other" })).await;
        let beer = json!({ "breweryId": brewery["id"], "styleId": style["id"], "name": "Fjord" });
        let beer = write(&app, "createBeer", "beer", beer).await;
        for (old, new, field, what, current) in [
            ("fjord", "Kraken", "updateBeer", "beer", &beer),
            ("quetzal", "Vulture", "updateBrewery", "brewery", &brewery),
            ("wuzzle", "Yamyam", "updateStyle", "style", &style),
        ] {
            assert_eq!(names(&app, old).await.iter().filter(|name| *name == "Fjord" || *name == "Kraken").count(), 1, "{old}");
            let input = json!({ "id": current["id"], "expectedRevision": 1, "name": new });
            write(&app, field, what, input).await;
            assert_eq!(names(&app, old).await, [""; 0], "{old}");
            assert!(names(&app, new).await.contains(&"Kraken".to_owned()), "{new}");
        }
        let key = app.key(&[Scope::CatalogWrite]).await;
        for (field, id, gone) in [("deleteBeer", &beer, "kraken"), ("deleteBrewery", &brewery, "vulture")] {
            assert_eq!(app.mutate(&key, field, "{ errors { message } }", json!({ "id": id["id"] })).await["errors"], json!([]));
            assert_eq!(names(&app, gone).await, [""; 0], "{gone}");
        }
    }
}

#[tokio::test]
async fn postgres_finds_words_and_similar_names_by_index() {
    for app in TestApp::seeded().await {
        if !app.is_postgres() {
            continue;
        }
        let fill = "INSERT INTO search_document (id, kind, title, context, body)
            SELECT gen_random_uuid(), 1, md5(n::text) || ' ' || md5((n + 1)::text), 'x', 'y' FROM generate_series(1, 20000) n";
        app.db.execute_unprepared(fill).await.unwrap();
        app.db.execute_unprepared("VACUUM ANALYZE search_document").await.unwrap();
        let (_, statements) = app.recorded(SEARCH, json!({ "text": "guiness" })).await;
        let mut explain = statements[0].clone();
        explain.sql.insert_str(0, "EXPLAIN ");
        let plan = app.db.query_all_raw(explain).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        let plan = plan.join("\n");
        assert!(plan.contains("search_document_words_idx") && plan.contains("search_document_trigram_idx"), "{plan}");
        assert!(!plan.contains("Seq Scan on search_document"), "{plan}");
    }
}

/// More names share a trigram than are ranked, and what is meant comes after them.
#[tokio::test]
async fn sqlite_looks_for_similar_names_by_the_rarest_trigrams() {
    for app in TestApp::seeded().await.into_iter().filter(|app| !app.is_postgres()) {
        let fill = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 11000)
            INSERT INTO search_document (id, kind, title, context, body)
            SELECT printf('%08x-0000-4000-8000-000000000000', n), 1, 'inner ' || n, 'x', 'y' FROM number";
        app.db.execute_unprepared(fill).await.unwrap();
        write(&app, "createBrewery", "brewery", json!({ "name": "Zebra" })).await;
        assert_eq!(names(&app, "zebrainner").await, ["Zebra"]);
    }
}

#[tokio::test]
async fn a_login_without_privileges_searches_as_tolerantly() {
    let Some(database) = postgres_database().await else { return };
    let name = &database.name;
    database.server.execute(name, &format!("CREATE ROLE {name}_reader LOGIN PASSWORD 'secret'")).await;
    let url = database.server.url(&format!("{name}_reader:secret"), "127.0.0.1", name);
    let db = taproom::database::connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
    // 0.4545…, below the default of 0.6.
    let similar = "SELECT 'pilzner' <% 'pilsner urquell'";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), similar)).await.unwrap().unwrap();
    assert!(row.try_get_by_index::<bool>(0).unwrap());
}
