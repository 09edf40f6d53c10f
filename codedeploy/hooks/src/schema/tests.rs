//! Changes, one at a time.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{breaking_changes, compare, introspection, sdl};

/// A schema before and after, and what breaks.
type Case = (&'static str, &'static str, &'static [&'static str]);

const NONE: &[&str] = &[];

/// What operations do not survive.
const BREAKING: &[Case] = &[
    ("type Query { a: A } type A { b: Int }", "type Query { a: Int }", &["A is gone", "Query.a was of the type A and is of Int"]),
    ("type Query { a: Int b: Int }", "type Query { a: Int }", &["Query.b is gone"]),
    ("type Query { a: Int } interface I { a: Int b: Int }", "type Query { a: Int } interface I { a: Int }", &["I.b is gone"]),
    ("type Query { a(b: Int): Int }", "type Query { a: Int }", &["Query.a(b:) is gone"]),
    ("type Query { a(b: Int): Int }", "type Query { a(c: Int): Int }", &["Query.a(b:) is gone"]),
    ("type Query { a: Int } enum E { A B }", "type Query { a: Int } enum E { A }", &["E.B is gone from the enum"]),
    (
        "type Query { a: A } type A { a: Int } type B { a: Int } union U = A | B",
        "type Query { a: A } type A { a: Int } type B { a: Int } union U = A",
        &["U.B is gone from the union"],
    ),
    (
        "type Query implements I { a: Int } interface I { a: Int }",
        "type Query { a: Int } interface I { a: Int }",
        &["Query no longer implements I"],
    ),
    ("type Query { a(i: I): Int } input I { a: Int b: Int }", "type Query { a(i: I): Int } input I { a: Int }", &["I.b is gone"]),
    ("scalar S type Query { a: Int }", "type Query { a: Int }", &["S is gone"]),
    ("scalar S type Query { a: S }", "enum S { A } type Query { a: S }", &["S was a scalar and is an enum"]),
    (
        "type Query { a: A } type A { a: Int }",
        "type Query { a: A } interface A { a: Int }",
        &["A was an object type and is an interface"],
    ),
    // What fields give.
    ("type Query { a: Int! }", "type Query { a: Int }", &["Query.a was of the type Int! and is of Int"]),
    ("type Query { a: Int }", "type Query { a: Float }", &["Query.a was of the type Int and is of Float"]),
    ("type Query { a: Int }", "type Query { a: [Int] }", &["Query.a was of the type Int and is of [Int]"]),
    ("type Query { a: [Int] }", "type Query { a: Int }", &["Query.a was of the type [Int] and is of Int"]),
    ("type Query { a: [Int!] }", "type Query { a: [Int] }", &["Query.a was of the type [Int!] and is of [Int]"]),
    ("type Query { a: [Int!]! }", "type Query { a: [Int!] }", &["Query.a was of the type [Int!]! and is of [Int!]"]),
    ("type Query { a: [[Int!]] }", "type Query { a: [[Int]] }", &["Query.a was of the type [[Int!]] and is of [[Int]]"]),
    // What inputs take.
    ("type Query { a(b: Int): Int }", "type Query { a(b: Int!): Int }", &["Query.a(b:) was of the type Int and is of Int!"]),
    (
        "type Query { a(b: [Int]): Int }",
        "type Query { a(b: [Int!]): Int }",
        &["Query.a(b:) was of the type [Int] and is of [Int!]"],
    ),
    ("type Query { a(b: Int): Int }", "type Query { a(b: [Int]): Int }", &["Query.a(b:) was of the type Int and is of [Int]"]),
    ("type Query { a(b: [Int]): Int }", "type Query { a(b: Int): Int }", &["Query.a(b:) was of the type [Int] and is of Int"]),
    ("type Query { a(b: Float): Int }", "type Query { a(b: Int): Int }", &["Query.a(b:) was of the type Float and is of Int"]),
    ("type Query { a: Int }", "type Query { a(b: Int!): Int }", &["Query.a(b:) is new, of the type Int!, and has to be given"]),
    (
        "type Query { a: Int } interface I { a: Int }",
        "type Query { a: Int } interface I { a(b: Int!): Int }",
        &["I.a(b:) is new, of the type Int!, and has to be given"],
    ),
    (
        "type Query { a(i: I): Int } input I { a: Int }",
        "type Query { a(i: I): Int } input I { a: Int! }",
        &["I.a was of the type Int and is of Int!"],
    ),
    (
        "type Query { a(i: I): Int } input I { a: Int }",
        "type Query { a(i: I): Int } input I { a: String }",
        &["I.a was of the type Int and is of String"],
    ),
    (
        "type Query { a(i: I): Int } input I { a: Int }",
        "type Query { a(i: I): Int } input I { a: Int b: Int! }",
        &["I.b is new, of the type Int!, and has to be given"],
    ),
    // Directives of operations.
    ("directive @d on FIELD type Query { a: Int }", "type Query { a: Int }", &["@d is gone"]),
    (
        "directive @d on FIELD | QUERY type Query { a: Int }",
        "directive @d on FIELD type Query { a: Int }",
        &["@d is no longer allowed on QUERY"],
    ),
    (
        "directive @d repeatable on FIELD type Query { a: Int }",
        "directive @d on FIELD type Query { a: Int }",
        &["@d can no longer be repeated"],
    ),
    ("directive @d(a: Int) on FIELD type Query { a: Int }", "directive @d on FIELD type Query { a: Int }", &["@d(a:) is gone"]),
    (
        "directive @d on FIELD type Query { a: Int }",
        "directive @d(a: Int!) on FIELD type Query { a: Int }",
        &["@d(a:) is new, of the type Int!, and has to be given"],
    ),
    // Said by an extension.
    ("type Query { a: Int } extend type Query { b: Int }", "type Query { a: Int }", &["Query.b is gone"]),
    (
        "type Query { a: Int } enum E { A } extend enum E { B }",
        "type Query { a: Int } enum E { A }",
        &["E.B is gone from the enum"],
    ),
];

/// What graphql-js calls dangerous, or does not look at, and is taken for breaking here.
const STRICTER: &[Case] = &[
    ("type Query { a(b: Int = 1): Int }", "type Query { a(b: Int): Int }", &["Query.a(b:) had the default 1 and has none"]),
    ("type Query { a(b: Int! = 1): Int }", "type Query { a(b: Int!): Int }", &["Query.a(b:) had the default 1 and has none"]),
    (
        "type Query { a(i: I): Int } input I { b: [Int!] = [1, 2] }",
        "type Query { a(i: I): Int } input I { b: [Int!] }",
        &["I.b had the default [1, 2] and has none"],
    ),
    (
        "type Query { a(i: I): Int } input I { a: Int b: Int }",
        "type Query { a(i: I): Int } input I @oneOf { a: Int b: Int }",
        &["I takes exactly one of its fields now"],
    ),
    (
        "schema { query: Query mutation: M } type Query { a: Int } type M { a: Int }",
        "schema { query: Query } type Query { a: Int } type M { a: Int }",
        &["mutation was of the type M and is gone"],
    ),
    (
        "schema { query: Query } type Query { a: Int } type Other { a: Int }",
        "schema { query: Other } type Query { a: Int } type Other { a: Int }",
        &["query was of the type Query and is of Other"],
    ),
];

/// What operations survive.
const HARMLESS: &[Case] = &[
    ("type Query { a: Int }", "type Query { a: Int! }", NONE),
    ("type Query { a: [Int] }", "type Query { a: [Int!]! }", NONE),
    ("type Query { a: Int }", "type Query { a: Int b: Int }", NONE),
    ("type Query { a: Int }", "type Query { a: Int b(c: Int!): Int }", NONE),
    ("type Query { a: Int }", "type Query { a: Int } type B { c: Int }", NONE),
    ("type Query { a: Int }", "type Query { a(b: Int): Int }", NONE),
    ("type Query { a: Int }", "type Query { a(b: Int! = 1): Int }", NONE),
    ("type Query { a(b: Int!): Int }", "type Query { a(b: Int): Int }", NONE),
    ("type Query { a(b: [Int!]!): Int }", "type Query { a(b: [Int]): Int }", NONE),
    ("type Query { a(b: Int = 1): Int }", "type Query { a(b: Int = 2): Int }", NONE),
    ("type Query { a(b: Int): Int }", "type Query { a(b: Int = 2): Int }", NONE),
    ("type Query { a(b: Int = null): Int }", "type Query { a(b: Int): Int }", NONE),
    ("type Query { a(i: I): Int } input I { a: Int! }", "type Query { a(i: I): Int } input I { a: Int b: Int }", NONE),
    ("type Query { a(i: I): Int } input I { a: Int }", "type Query { a(i: I): Int } input I { a: Int b: Int! = 1 }", NONE),
    ("type Query { a: Int } enum E { A }", "type Query { a: Int } enum E { A B }", NONE),
    ("type Query { a: Query } union U = Query", "type Query { a: Query } type A { a: Int } union U = Query | A", NONE),
    ("type Query { a: Int } interface I { a: Int }", "type Query implements I { a: Int } interface I { a: Int }", NONE),
    ("type Query { a: Int }", "\"What it is.\" type Query { \"Why.\" a: Int @deprecated(reason: \"old\") }", NONE),
    ("type Query { a: Int b: Int }", "type Query { b: Int a: Int }", NONE),
    ("type Query { a: Int } extend type Query { b: Int }", "type Query { b: Int a: Int }", NONE),
    ("type Query { a: Int }", "schema { query: Query } type Query { a: Int }", NONE),
    ("type Query { a: Int }", "directive @d on FIELD type Query { a: Int }", NONE),
    (
        "directive @d(a: Int!) on FIELD type Query { a: Int }",
        "directive @d(a: Int) repeatable on FIELD | QUERY type Query { a: Int }",
        NONE,
    ),
    (
        "directive @d on FIELD type Query { a: Int } type d { a: Int }",
        "directive @d on FIELD type Query { a: Int } type d { a: Int b: Int }",
        NONE,
    ),
];

#[test]
fn each_change_is_told_as_what_it_is() {
    for (old, new, expected) in BREAKING.iter().chain(STRICTER).chain(HARMLESS) {
        let found: Vec<String> = breaking_changes(old, new).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(found, *expected, "{old} → {new}");
        for same in [old, new] {
            assert_eq!(breaking_changes(same, same).unwrap(), [], "{same}");
        }
    }
}

#[test]
fn a_schema_does_not_break_itself() {
    let schema = include_str!("../../../../api/schema.graphql");
    assert_eq!(breaking_changes(schema, schema).unwrap(), []);
    let renamed = schema.replace("\tcreatedAt: DateTime!", "\taddedAt: DateTime!");
    let found: Vec<String> = breaking_changes(schema, &renamed).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(found, ["Beer", "Brewery", "Review", "Style"].map(|ty| format!("{ty}.createdAt is gone")));
}

#[test]
fn what_is_no_schema_is_said() {
    let error = breaking_changes("type Query { a: Int }", "type Query {").unwrap_err();
    assert!(error.to_string().starts_with("the new schema cannot be read"), "{error}");
    assert!(breaking_changes("beer", "type Query { a: Int }").unwrap_err().to_string().starts_with("the old"));
}

/// Runs a script with graphql-js, that of the service's clients, on `input`. `None` if it is not there.
fn graphql_js<T: DeserializeOwned>(test: &str, script: &str, input: &impl Serialize) -> Option<T> {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api/tests/clients");
    if !clients.join("node_modules/graphql").exists() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "npm ci in api/tests/clients");
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: npm ci in api/tests/clients");
        return None;
    }
    let mut node = Command::new("node");
    node.args(["-e", script]).current_dir(clients).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().unwrap();
    serde_json::to_writer(node.stdin.take().unwrap(), input).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The reference implementation has the last word.
#[test]
fn graphql_js_agrees() {
    const SCRIPT: &str = "
        const { buildSchema, findBreakingChanges } = require('graphql');
        const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const build = (text) => buildSchema(text, { assumeValid: true });
        const descriptions = ([from, to]) => findBreakingChanges(build(from), build(to)).map((change) => change.description);
        // Those are there whether they are used or not.
        const real = (description) => !description.startsWith('Standard scalar ');
        console.log(JSON.stringify(cases.map((pair) => descriptions(pair).filter(real))));
    ";
    let all: Vec<&Case> = BREAKING.iter().chain(STRICTER).chain(HARMLESS).collect();
    let pairs: Vec<(&str, &str)> = all.iter().map(|(old, new, _)| (*old, *new)).collect();
    let Some(theirs) = graphql_js::<Vec<Vec<String>>>("graphql_js_agrees", SCRIPT, &pairs) else { return };
    for (at, ((old, new, ours), theirs)) in all.iter().zip(&theirs).enumerate() {
        let is_stricter = (BREAKING.len()..BREAKING.len() + STRICTER.len()).contains(&at);
        let expected = if is_stricter { 0 } else { ours.len() };
        assert_eq!(theirs.len(), expected, "{old} → {new}: {theirs:?}");
    }
}

#[test]
fn introspection_tells_the_same_as_the_definition_language() {
    const SCRIPT: &str = "
        const { buildSchema, graphqlSync } = require('graphql');
        const { query, schemas } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const answer = (text) => graphqlSync({ schema: buildSchema(text, { assumeValid: true }), source: query });
        console.log(JSON.stringify(schemas.map(answer)));
    ";
    let cases = BREAKING.iter().chain(STRICTER).chain(HARMLESS);
    let mut schemas: Vec<&str> = cases.flat_map(|(old, new, _)| [*old, *new]).collect();
    schemas.push(include_str!("../../../../api/schema.graphql"));
    let input = json!({ "query": introspection::QUERY, "schemas": schemas });
    let Some(answers) = graphql_js::<Vec<Value>>("introspection_tells_the_same", SCRIPT, &input) else { return };
    for (text, mut answer) in schemas.into_iter().zip(answers) {
        assert_eq!(answer.get("errors"), None, "{text}");
        let told: introspection::Answer = serde_json::from_value(answer["data"].take()).unwrap();
        let (told, written) = (told.schema().unwrap(), sdl::parse(text).unwrap());
        assert_eq!(told.roots, written.roots, "{text}");
        assert_eq!((compare(&told, &written), compare(&written, &told)), (vec![], vec![]), "{text}");
    }
}
