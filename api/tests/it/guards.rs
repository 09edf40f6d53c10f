//! What the guard refuses, and what it tells of a cost. What attackers send is in `tests/attacks`.

use serde_json::{Value, json};
use taproom::auth::Scope;
use taproom::config::{LimitsConfig, Profile};
use taproom::graphql::{Features, guard};

use crate::support::app::{TestApp, data};

/// What graphql-js asks, and so do GraphiQL and most tools.
const INTROSPECTION: &str = include_str!("guards/introspection.graphql");

/// The service over an empty SQLite database.
async fn app() -> TestApp {
    TestApp::on_each_database().await.remove(0)
}

fn limited(limit: impl FnOnce(&mut LimitsConfig)) -> Features {
    let mut limits = LimitsConfig::default();
    limit(&mut limits);
    Features { limits, ..Features::default() }
}

/// A code, the limits, a document exactly at the limit, one just above, and what the latter has.
type Case = (&'static str, Features, String, String, u64);

fn cases() -> Vec<Case> {
    let case = |code, limit: fn(&mut LimitsConfig), at: &str, above: &str, value| {
        (code, limited(limit), at.to_owned(), above.to_owned(), value)
    };
    let spaces = |count: usize| format!("{{ __typename{}}}", " ".repeat(count));
    vec![
        case("DOCUMENT_SIZE_LIMIT_EXCEEDED", |it| it.max_document_bytes = 40, &spaces(27), &spaces(28), 41),
        case(
            "TOKEN_LIMIT_EXCEEDED",
            |it| it.max_tokens = 6,
            "{ beers { __typename } }",
            "{ beers { __typename, totalCount } }",
            7,
        ),
        case(
            "NESTING_LIMIT_EXCEEDED",
            |it| it.max_nesting = 3,
            "{ beers { nodes { id } } }",
            "{ beers { nodes { brewery { id } } } }",
            4,
        ),
        case(
            "NESTING_LIMIT_EXCEEDED",
            |it| it.max_nesting = 3,
            "{ ...A } fragment A on Query { beers { totalCount } }",
            "{ ...A } fragment A on Query { beers { ...B } } fragment B on BeerConnection { totalCount }",
            4,
        ),
        case(
            "FIELD_LIMIT_EXCEEDED",
            |it| it.max_fields = 4,
            "{ beers { nodes { id name } } }",
            "{ beers { nodes { id name abv } } }",
            5,
        ),
        case(
            "FIELD_LIMIT_EXCEEDED",
            |it| it.max_fields = 6,
            "{ beers { nodes { ...F ...F } } } fragment F on Beer { id name }",
            "{ beers { nodes { ...F ...F name } } } fragment F on Beer { id name }",
            7,
        ),
        case(
            "FIELD_LIMIT_EXCEEDED",
            |it| it.max_fields = 2,
            "{ ... { __typename } __typename }",
            "{ ... { ... { __typename } } __typename }",
            3,
        ),
        case(
            "DEPTH_LIMIT_EXCEEDED",
            |it| it.max_depth = 3,
            "{ beers { nodes { ... { id } } } }",
            "{ beers { nodes { brewery { id } } } }",
            4,
        ),
        case(
            "COST_LIMIT_EXCEEDED",
            |it| it.max_cost = 4,
            "{ beers(first: 2) { nodes { id } } }",
            "{ beers(first: 3) { nodes { id } } }",
            5,
        ),
        case("ALIAS_LIMIT_EXCEEDED", |it| it.max_aliases = 1, "{ a: __typename }", "{ a: __typename b: __typename }", 2),
        case(
            "ROOT_FIELD_LIMIT_EXCEEDED",
            |it| it.max_root_fields = 2,
            "{ __typename ... { __typename } }",
            "{ __typename ... { __typename __typename } }",
            3,
        ),
        case(
            "DIRECTIVE_LIMIT_EXCEEDED",
            |it| it.max_directives = 1,
            "{ __typename @skip(if: false) }",
            "{ __typename @skip(if: false) ... @skip(if: true) { __typename } }",
            2,
        ),
        case(
            "FRAGMENT_LIMIT_EXCEEDED",
            |it| it.max_fragments = 1,
            "{ ...A } fragment A on Query { __typename }",
            "{ ...A ...B } fragment A on Query { __typename } fragment B on Query { __typename }",
            2,
        ),
        case(
            "TOKEN_LIMIT_EXCEEDED",
            |it| it.max_tokens = 60,
            &format!("{{ {} }} fragment A on Query {{ nodes(ids: [1 2 3]) {{ id }} }}", "...A ".repeat(15)),
            &format!("{{ {} }} fragment A on Query {{ nodes(ids: [1 2 3]) {{ id }} }}", "...A ".repeat(16)),
            64,
        ),
    ]
}

#[tokio::test]
async fn each_limit_is_the_last_that_is_accepted() {
    let app = app().await;
    for (code, features, at, above, value) in cases() {
        let app = app.another_with(features).await;
        let accepted = app.execute(&at, json!({})).await;
        assert!(accepted.get("errors").is_none_or(|errors| errors[0]["path"] != Value::Null), "{at}: {accepted:#}");
        let refused = app.execute(&above, json!({})).await;
        let error = &refused["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{above}: {refused:#}");
        assert_eq!(error["extensions"]["value"], value, "{above}");
        let limit = error["extensions"]["limit"].as_u64().unwrap();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("is {value}, but the limit is {limit}")), "{message}");
        assert!(limit < value && refused.get("data").is_none());
    }
}

#[tokio::test]
async fn a_fragment_must_not_spread_itself() {
    let app = app().await;
    for document in [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ... { ...B } } fragment B on Query { ...C } fragment C on Query { ...A }",
        "{ beers { nodes { ...A } } } fragment A on Beer { brewery { beers { nodes { ...A } } } }",
        "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }",
        "query Q { ...A } query R { __typename } fragment A on Query { ...A }",
    ] {
        let error = app.execute(document, json!({})).await["errors"][0].take();
        assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{document}");
        assert!(error["message"].as_str().unwrap().contains("spreads itself"), "{error}");
    }
}

#[tokio::test]
async fn many_fields_must_not_share_a_name_though_they_differ() {
    let app = app().await;
    let fields = |count: usize| "name ".repeat(count);
    let of_types = "{ nodes(ids: [1]) { ... on Beer { a: abv } ... on Brewery { a: city } ... on Style { a: name } } }";
    assert!(app.execute(of_types, json!({})).await.get("errors").is_none());
    let few = app.execute(&format!("{{ beers {{ nodes {{ name: id {} }} }} }}", fields(10)), json!({})).await;
    assert_eq!(few["errors"].as_array().unwrap().len(), 10);
    let many = app.execute(&format!("{{ beers {{ nodes {{ name: id {} }} }} }}", fields(600)), json!({})).await;
    assert!(many["errors"][0]["message"].as_str().unwrap().contains("called `name`"), "{many}");
}

#[tokio::test]
async fn errors_are_no_more_than_anybody_reads() {
    let variables: String = (0..300).map(|number| format!("$v{number}:Int ")).collect();
    let response = app().await.execute(&format!("query {} ({variables}) {{ __typename }}", "Q".repeat(9_000)), json!({})).await;
    let errors = response["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 100);
    assert!(errors.iter().all(|error| error["message"].as_str().unwrap().len() < 1_100));
}

async fn cost(app: &TestApp, document: &str, variables: Value) -> u64 {
    let response = app.send(None, &json!({ "query": document, "variables": variables })).await;
    let cost = response.headers()["graphql-cost"].to_str().unwrap().parse().unwrap();
    assert!(response.json::<Value>().await.unwrap().get("extensions").is_none(), "nobody asked");
    cost
}

#[tokio::test]
async fn a_page_costs_what_its_size_says_wherever_that_stands() {
    let app = app().await;
    for (rows, arguments, definition, variables) in [
        (7, "(first: 7)", "", json!({})),
        (7, "(last: 7)", "", json!({})),
        (7, "(first: 3, last: 7)", "", json!({})),
        (7, "(first: $n)", "($n: Int)", json!({ "n": 7 })),
        (7, "(first: $n)", "($n: Int = 7)", json!({})),
        (9, "(first: $n)", "($n: Int = 7)", json!({ "n": 9 })),
        (20, "(first: $n)", "($n: Int = 7)", json!({ "n": null })),
        (20, "(first: $n)", "($n: Int)", json!({})),
        (20, "(first: null)", "", json!({})),
        (20, "", "", json!({})),
        (100, "(first: 101)", "", json!({})),
        (1, "(first: 0)", "", json!({})),
        (100, "(first: -5)", "", json!({})),
    ] {
        let document = format!("query {definition} {{ beers{arguments} {{ nodes {{ id name }} }} }}");
        assert_eq!(cost(&app, &document, variables.clone()).await, 2 + 2 * rows, "{document} {variables}");
    }
    let by_style = "{ beers { aggregates { byStyle { count } } } }";
    assert_eq!(cost(&app, by_style, json!({})).await, 1 + 251 + 251 + 20);
    assert_eq!(cost(&app, "query A { __typename } ", json!({})).await, 1);
}

#[tokio::test]
async fn the_cost_is_reported_on_request() {
    let app = app().await;
    let client = crate::http_support::client();
    for (asked, told) in [("report", true), ("REPORT", true), ("validate", false)] {
        let request = client.post(format!("{}/graphql", app.url)).header("graphql-cost", asked);
        let response = request.json(&json!({ "query": "{ beers(first: 3) { nodes { id } } }" })).send().await.unwrap();
        assert_eq!(response.headers()["graphql-cost"], "5");
        let body: Value = response.json().await.unwrap();
        let expected = if told { json!({ "points": 5, "limit": u64::MAX }) } else { Value::Null };
        assert_eq!(body["extensions"]["cost"], expected);
    }
}

#[tokio::test]
async fn strangers_in_production_learn_nothing_of_the_schema() {
    let app = app().await;
    let closed = app.another_with(Features { profile: Profile::Production, ..Features::default() }).await;
    let key = app.key(&[Scope::Introspection]).await;
    let other = app.key(&[Scope::CatalogWrite]).await;
    for document in [
        INTROSPECTION,
        "{ __schema { types { name } } }",
        "{ a: __type(name: \"Beer\") { name } }",
        "{ ... on Query { ...S } } fragment S on Query { __schema { description } }",
        "{ __typename } fragment S on Query { __schema { description } }",
        "query A { __typename } query B { __schema { description } }",
    ] {
        for credential in [None, Some(other.as_str())] {
            let response = closed.execute_as(credential, document, json!({})).await;
            assert_eq!(response["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED", "{document}");
        }
        for response in [closed.execute_as(Some(&key), document, json!({})).await, app.execute(document, json!({})).await] {
            assert_ne!(response["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED", "{document}");
        }
    }
    data(closed.execute("{ __typename beers { __typename } }", json!({})).await);
    data(closed.execute_as(Some(&key), INTROSPECTION, json!({})).await);
}

#[tokio::test]
async fn strangers_in_production_get_no_suggestions() {
    let app = app().await;
    let closed = app.another_with(Features { profile: Profile::Production, ..Features::default() }).await;
    let key = app.key(&[Scope::Introspection]).await;
    for document in [
        "{ beer }",
        "{ beers { nodes { nam } } }",
        "{ beers(frist: 1) { totalCount } }",
        "{ ... on Bear { id } }",
        "{ beers(orderBy: { feild: NAME }) { totalCount } }",
        "query ($f: BeerFiltre) { __typename }",
    ] {
        let message = async |app: &TestApp, credential: Option<&str>| {
            app.execute_as(credential, document, json!({})).await["errors"].to_string().to_lowercase()
        };
        let stranger = message(&closed, None).await;
        assert!(stranger.contains("graphql_validation_failed") && !stranger.contains("did you mean"), "{stranger}");
        assert_eq!(message(&closed, Some(&key)).await, message(&app, None).await, "{document}");
    }
    let told = app.execute("{ beers { nodes { nam } } }", json!({})).await["errors"].to_string();
    assert!(told.contains("Did you mean \\\"name\\\""), "{told}");
}

#[tokio::test]
async fn graphiql_may_ask_for_the_schema() {
    let app = app().await.another_with(Features::default()).await;
    let response = app.send(None, &json!({ "query": INTROSPECTION })).await;
    let cost = response.headers()["graphql-cost"].clone();
    let schema = data(response.json().await.unwrap())["__schema"].take();
    assert!(schema["types"].as_array().unwrap().len() > 50);
    let limits = LimitsConfig { max_tokens: 1, ..LimitsConfig::default() };
    let tokens = guard::check_text(INTROSPECTION, &limits).unwrap_err().extensions.unwrap().get("value").unwrap().to_string();
    let document = async_graphql::parser::parse_query(INTROSPECTION).unwrap();
    let figures =
        guard::check(&document, None, &async_graphql::Variables::default(), &LimitsConfig::default()).0.unwrap().document;
    println!(
        "graphql-js's introspection: {} bytes, {tokens} tokens, cost {}, {figures:?}",
        INTROSPECTION.len(),
        cost.to_str().unwrap()
    );
}

/// Of each of 200 fields, and none of them anything that was sent.
#[tokio::test]
async fn what_is_wrong_with_a_value_is_not_repeated() {
    let app = TestApp::seeded().await.remove(0);
    let breweries = app.query("{ breweries(first: 1) { nodes { id } } }", json!({})).await;
    let id = breweries["breweries"]["nodes"][0]["id"].clone();
    let query = "query ($s: String, $i: [ID!]!) { nodes(ids: $i) { ... on Brewery { beers(orderBy: [$s]) { nodes { id } } } } }";
    let response = app.execute(query, json!({ "s": "x".repeat(100_000), "i": vec![id; 100] })).await;
    assert_eq!(response["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{response:.300}");
    assert!(response.to_string().len() < 100_000, "{}", response.to_string().len());
}
