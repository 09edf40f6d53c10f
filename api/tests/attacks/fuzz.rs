//! Requests, cursors and ids at random and damaged: whatever comes, nothing panics, nothing is the server's fault, and every refusal has
//! a code. A few seconds here; for how long by hand, see CONTRIBUTING.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;

use allocation_counter::measure;
use async_graphql::{ID, Variables, parser::parse_query};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::{Value, json};
use taproom::catalog::list::{Cursor, Key};
use taproom::config::{LimitsConfig, Profile};
use taproom::graphql::{NodeType, error::ErrorCode, guard};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::documents::{Choices, Schema};
use crate::service::Service;

const WORDS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "...",
    "@include(if: true)",
    "$v0",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "\n",
    ",",
    "\u{feff}",
    "🍺",
    "\0",
    "fragment F on Beer",
    "on",
    "null",
    "-1",
    "1e999",
    "99999999999999999999",
    "first:",
    "__typename",
    "__schema",
    "mutation",
    "...F0",
    "a:",
    "name",
];

/// Damages a text in a few places.
fn damage(text: &str, choices: &mut Choices<'_>) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..choices.below(5) {
        let place = |choices: &mut Choices<'_>| (choices.below(256) * 256 + choices.below(256)) % (characters.len() + 1);
        let (from, to) = (place(choices), place(choices));
        let range = from.min(to)..from.max(to).min(from.min(to) + 40);
        match choices.below(4) {
            0 => drop(characters.splice(from..from, choices.pick(WORDS).chars())),
            1 => drop(characters.drain(range)),
            2 => {
                let copy = characters[range].repeat(1 + choices.below(30));
                characters.splice(to..to, copy);
            }
            _ => drop(characters.splice(from..from, char::from_u32(choices.below(256) as u32 * 67))),
        }
    }
    characters.into_iter().collect()
}

fn body(schema: &Schema, document: &[u8], choices: &mut Choices<'_>) -> (Value, String) {
    let request = schema.query(&mut Choices(document));
    let document = if choices.one_in(3) { request.document } else { damage(&request.document, choices) };
    let mut members = json!({ "query": document, "variables": request.variables });
    let odd =
        [json!(null), json!(1), json!("Q"), json!([]), json!({}), json!({ "v0": [[{}]] }), json!({ "v0": "x" }), json!(true)];
    for member in ["operationName", "extensions", "variables", "query", "other"] {
        if choices.one_in(12) {
            members[member] = choices.pick(&odd).clone();
        }
    }
    let text = members.to_string();
    let text = if choices.one_in(5) { damage(&text, choices) } else { text };
    (members, text)
}

/// The first third of the bytes decides on all but the document.
fn request(schema: &Schema, input: &[u8]) -> (Request<Body>, Value) {
    let (own, document) = input.split_at(input.len() / 3);
    let choices = &mut Choices(own);
    let (members, body) = body(schema, document, choices);
    let path = match choices.below(10) {
        0..8 => "/graphql",
        _ => *choices.pick(&[
            "/",
            "/livez",
            "/version",
            "/playground/x",
            "/playground/..%2f",
            "/graphql/",
            "//",
            "/%00",
            "/readyz",
        ]),
    };
    let method = match choices.below(8) {
        0..6 => "POST",
        6 => "GET",
        _ => *choices.pick(&["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]),
    };
    let document = members["query"].as_str().unwrap_or_default();
    let pairs = [("query", document.to_owned()), ("variables", members["variables"].to_string())];
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let query = if choices.one_in(6) { query.chars().rev().filter(char::is_ascii_graphic).collect() } else { query };
    let uri = if method == "POST" || query.len() > 60_000 {
        path.to_owned()
    } else {
        format!("{path}?{}", query.replace(['#', '<', '>'], ""))
    };
    let content_type: &[u8] = match choices.below(10) {
        0..8 => b"application/json",
        _ => choices.pick::<&[u8]>(&[
            b"text/plain",
            b"application/json; charset=\"",
            b"\xff",
            b"multipart/form-data",
            b"application/json;charset=utf-8",
        ]),
    };
    let accept: &[u8] = choices.pick::<&[u8]>(&[
        b"application/graphql-response+json",
        b"*/*",
        b"application/json",
        b"text/html",
        b"\xff;q=2",
        b",;=,",
        b"*/*;q=nan",
    ]);
    let mut builder =
        Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, content_type).header(header::ACCEPT, accept);
    if choices.one_in(8) {
        let credential =
            choices.pick::<&[u8]>(&[b"Bearer x", b"Basic eDp5", b"Bearer ", b"\xff", b"Bearer a.b.c", b"bearer tap_x_y"]);
        builder = builder.header(header::AUTHORIZATION, *credential);
    }
    if choices.one_in(12) {
        builder = builder.header(header::CONTENT_ENCODING, *choices.pick(&["gzip", "identity", "br, gzip"]));
    }
    (builder.header("graphql-cost", "report").body(Body::from(body)).unwrap_or_default(), members)
}

/// Sends a request; its code, if it was refused.
async fn send(router: Router, request: Request<Body>) -> Option<String> {
    let told = format!("{} {}", request.method(), request.uri());
    let is_graphql = request.uri().path() == "/graphql" && request.method() != "HEAD";
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    assert!(!status.is_server_error(), "{told}: {status}");
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.to_str().unwrap().contains("json"));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    if !is_json || body.is_empty() {
        assert!(!is_graphql, "{told}: {status} without JSON");
        return None;
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut first = None;
    for error in body["errors"].as_array().into_iter().flatten() {
        let code = error["extensions"]["code"].as_str().expect("every error has a code");
        let known = ErrorCode::ALL.iter().find(|known| known.as_str() == code);
        assert!(known.is_some_and(|known| !known.is_server_fault()), "{told}: {error}");
        assert!(error["message"].is_string());
        first.get_or_insert(code.to_owned());
    }
    assert!(!is_graphql || first.is_some() || body.get("data").is_some(), "{told}: {body}");
    first
}

/// What was refused at the greatest cost.
#[derive(Default)]
struct Costliest {
    requests: u64,
    refused: u64,
    visits: (u64, String),
    allocated: (u64, String),
}

impl Costliest {
    fn add(&mut self, members: &Value) {
        let Some(document) = members["query"].as_str() else { return };
        let limits = LimitsConfig::default();
        let variables = serde_json::from_value::<Variables>(members["variables"].clone()).unwrap_or_default();
        let mut visits = 0;
        let allocated = measure(|| {
            if guard::check_text(document, &limits).is_ok()
                && let Ok(document) = parse_query(document)
            {
                let chosen = document.operations.iter().next().map(|(_, operation)| operation);
                visits = guard::check(&document, chosen, &variables, &limits).1;
            }
        });
        if visits > self.visits.0 {
            self.visits = (visits, document.to_owned());
        }
        if allocated.bytes_total > self.allocated.0 {
            self.allocated = (allocated.bytes_total, document.to_owned());
        }
    }
}

#[test]
fn no_request_is_too_strange() {
    let service = Service::start(LimitsConfig { max_cost: 5_000, ..LimitsConfig::default() });
    let schema = service.schema();
    let routers = [Profile::Development, Profile::Production].map(|profile| service.router(profile));
    let worst = RefCell::new(Costliest::default());
    let check = AssertUnwindSafe(|input: &[u8]| {
        let (request, members) = request(&schema, input);
        let router = routers[input.len() % 2].clone();
        let code = service.runtime.block_on(send(router, request));
        let mut worst = worst.borrow_mut();
        worst.requests += 1;
        if code.is_some() {
            worst.refused += 1;
            worst.add(&members);
        }
    });
    bolero::check!().with_iterations(1_000).with_max_len(900).for_each(|input: &[u8]| (check)(input));
    let worst = worst.into_inner();
    println!("{} requests, {} refused", worst.requests, worst.refused);
    println!("most visits: {} for {} bytes: {}", worst.visits.0, worst.visits.1.len(), worst.visits.1);
    println!("most allocated: {} B for {} bytes: {}", worst.allocated.0, worst.allocated.1.len(), worst.allocated.1);
}

fn cursors_are_equal(cursor: &Cursor) {
    assert_eq!(Cursor::decode(&cursor.encode()).as_ref(), Ok(cursor));
}

#[test]
fn no_cursor_or_id_is_too_strange() {
    let service = AssertUnwindSafe(Service::start(LimitsConfig::default()));
    bolero::check!().with_iterations(500).with_max_len(200).for_each(move |input: &[u8]| {
        let mut choices = Choices(input);
        let text = String::from_utf8_lossy(input).into_owned();
        let id = Uuid::from_u128(input.iter().fold(0, |sum, &byte| sum.wrapping_mul(257).wrapping_add(byte.into())));
        let number = f64::from_bits(id.as_u64_pair().0);
        for key in [None, Some(Key::Integer(id.as_u128() as i32)), Some(Key::Number(number)).filter(|_| number.is_finite()), Some(Key::Text(text.clone()))] {
            cursors_are_equal(&Cursor { order: text.clone(), key, id });
        }
        for kind in [NodeType::Beer, NodeType::Brewery, NodeType::Review, NodeType::Style] {
            assert_eq!(kind.key(&kind.id(id)), Ok(id));
            let _ = kind.key(&ID(text.clone()));
        }
        let _ = Cursor::decode(&text);
        let order = choices.pick(&["name:asc", "NAME ASC", "abv", ""]);
        let keys = [json!(null), json!(1), json!(1e300), json!("\0"), json!("x"), json!([1]), json!(i64::MAX)];
        let made = json!({ "o": order, "k": choices.pick(&keys), "i": id });
        let made = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, made.to_string());
        let real = Cursor { order: (*order).to_owned(), key: None, id }.encode();
        let text = [text, damage(&made, &mut choices), damage(&real, &mut choices), damage(NodeType::Beer.id(id).as_str(), &mut choices)];
        let text = choices.pick(&text);
        let document = "query Q($t: String, $i: ID!) { a: beers(after: $t, first: 1) { nodes { id } } b: beers(before: $t, last: 1, orderBy: { field: ABV }) { nodes { id } }
            reviews(after: $t, first: 1) { nodes { id } } node(id: $i) { id } nodes(ids: [$i]) { id } beer(id: $i) { id } }";
        let body = json!({ "query": document, "variables": { "t": text, "i": text } });
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
        service.runtime.block_on(send(service.router(Profile::Development), request.unwrap()));
    });
}
