//! Attacks by mistakes, text, values, and questions about the schema.

use serde_json::{Value, json};

use super::{Attack, each, nested};

/// Mistakes that multiply: validators report every pair, and each report is a text.
pub fn validation() -> Vec<Attack> {
    let invalid = "GRAPHQL_VALIDATION_FAILED";
    let arguments = each(300, "a#:1 ");
    let (uses, fields) = (each(250, "a#: $v# "), "id ".repeat(900));
    vec![
        // Each repetition of the field differs from the first in 300 arguments.
        Attack::new("clashing arguments", invalid, format!("{{ beers {{ nodes {{ id({arguments}) {fields} }} }} }}")),
        // The same 30 times, for each enclosing fragment is checked by itself.
        Attack::new(
            "clashing arguments in fragments",
            invalid,
            format!("{{ beers {{ nodes {{ {} }} }} }}", nested(55, "... { ", &format!("id({arguments}) {fields}"), "}")),
        ),
        Attack::new(
            "clashing names in fragments",
            invalid,
            format!("{{ beers {{ nodes {{ {} }} }} }}", nested(55, "... { ", &format!("id: name {}", "id ".repeat(1_700)), "}")),
        ),
        // Fields of other types, which no type forbids to differ, until a checker forgets the types.
        Attack::new(
            "clashes of other types",
            invalid,
            format!(
                "{{ node(id: 1) {{ ... on Beer {{ ... {{ id: name }} }} ... on Style {{ {} }} }} }}",
                nested(50, "... {", &"id ".repeat(1_700), "}")
            ),
        ),
        // As many as there are pairs of operation and variable.
        Attack::new(
            "undefined variables of many operations",
            "TOKEN_LIMIT_EXCEEDED",
            format!("{} fragment F on Query {{ __type(name: \"\" {uses}) {{ name }} }}", each(140, "query Q# { ...F } ")),
        )
        .choosing("Q1"),
        // Each is named together with its operation.
        Attack::new(
            "unused variables of a long name",
            invalid,
            format!("query {} ({}) {{ __typename }}", "Q".repeat(12_000), each(390, "$v#:Int ")),
        ),
        Attack::new("unknown fields", invalid, format!("{{ beers {{ nodes {{ {} }} }} }}", each(1_300, "brewer# "))),
        Attack::new("unknown field of a long name", invalid, format!("{{ {} }}", "brewery".repeat(2_200))),
        Attack::new("duplicated arguments", invalid, format!("{{ beers({}) {{ totalCount }} }}", "first: 1 ".repeat(600))),
        Attack::new("duplicated variables", invalid, format!("query ({}) {{ __typename }}", "$a:Int ".repeat(390))),
        // Alternately equal and different (https://github.com/graphql/graphql-js overlapping fields, quadratic before 0.13).
        Attack::new("overlapping fields", "", format!("{{ {} }}", "beers { nodes { brewery { id } } } ".repeat(15))),
        Attack::new(
            "overlapping fields in fragments",
            "FIELD_LIMIT_EXCEEDED",
            format!(
                "{{ beers {{ nodes {{ {} }} }} }} fragment F on Beer {{ {} }}",
                "...F brewery { beers { nodes { ...F } } } ".repeat(90),
                "id ".repeat(400)
            ),
        ),
    ]
}

/// Text that is long, strange or no GraphQL.
pub fn text() -> Vec<Attack> {
    let (size, tokens, unparsed) = ("DOCUMENT_SIZE_LIMIT_EXCEEDED", "TOKEN_LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED");
    vec![
        Attack::new("a megabyte", size, " ".repeat(1 << 20)),
        Attack::new("commas", "", format!("{{ __typename {} }}", ",".repeat(16_000))),
        Attack::new("comments", "", format!("{{ __typename\n{} }}", "#{[(\n".repeat(3_000))),
        Attack::new("a comment between all", "", format!("{{ {} }}", format!("__typename #{}\n", "\"".repeat(800)).repeat(18))),
        Attack::new("a giant string", "", format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(16_000))),
        Attack::new("a giant block string", "", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", "\n ".repeat(8_000))),
        Attack::new("escapes", "", format!("{{ node(id: \"{}\") {{ id }} }}", "\\u0000".repeat(2_600))),
        Attack::new("surrogates", unparsed, "{ node(id: \"\\ud83d\\ude00 \\u{1F600}\") { id } }"),
        Attack::new("a mark of byte order", "", "\u{feff}{ __typename }"),
        Attack::new("marks of byte order", tokens, format!("{}{{ __typename }}", "\u{feff}".repeat(3_000))),
        Attack::new("letters that look alike", unparsed, "{ bееrs { nodes { id } } }"),
        Attack::new("emoji", tokens, "🍺".repeat(4_000)),
        Attack::new("a NUL", unparsed, "{ __typename \0 }"),
        Attack::new("minuses", tokens, "{ a(b: ".to_owned() + &"- ".repeat(7_000)),
        Attack::new("dots", tokens, ".".repeat(16_000)),
        Attack::new("a number", unparsed, format!("{{ beers(first: 1{} ) {{ totalCount }} }}", "e9".repeat(7_000))),
        Attack::new(
            "an exponent",
            unparsed,
            format!("{{ beers(filter: {{ abv: {{ gt: 1e{} }} }}) {{ totalCount }} }}", "9".repeat(15_000)),
        ),
    ]
}

/// Values of arguments and variables.
pub fn inputs() -> Vec<Attack> {
    let tokens = "TOKEN_LIMIT_EXCEEDED";
    let invalid = "GRAPHQL_VALIDATION_FAILED";
    let zeros = json!(vec![0; 200_000]);
    let ids = |count: usize| json!({ "ids": vec!["x"; count] });
    vec![
        // Each expansion validates the list.
        Attack::new(
            "a list in a fragment",
            tokens,
            format!("{{ ...A ...A ...A ...A }} fragment A on Query {{ nodes(ids: [{}]) {{ id }} }}", "1 ".repeat(1_200)),
        ),
        // Each use is a copy of 15,000 values.
        Attack::new(
            "a variable 20 times",
            tokens,
            format!("query ($ids: [ID!]!) {{ {} }}", "nodes(ids: $ids) { id } ".repeat(20)),
        )
        .with(ids(15_000)),
        Attack::new(
            "a variable in directives",
            tokens,
            format!("query ($a: [Int]) {{ __typename {} }}", "@skip(if: $a) ".repeat(50)),
        )
        .with(json!({ "a": vec![0; 15_000] })),
        Attack::new(
            "a variable in a list",
            tokens,
            format!("query ($f: BeerFilter!) {{ beers(filter: {{ or: [{}] }}) {{ totalCount }} }}", "$f ".repeat(500)),
        )
        .with(json!({ "f": { "name": { "in": vec!["x"; 5_000] } } })),
        Attack::new(
            "a default 20 times",
            tokens,
            format!("query ($ids: [ID!]! = [{}]) {{ {} }}", "1 ".repeat(1_500), "nodes(ids: $ids) { id } ".repeat(20)),
        ),
        Attack::new("too many ids", tokens, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }").with(ids(200_000)),
        Attack::new("empty filters", tokens, "query ($f: BeerFilter) { beers(filter: $f) { totalCount } }")
            .with(json!({ "f": { "or": vec![json!({}); 100_000] } })),
        Attack::new("fewer empty filters", "COST_LIMIT_EXCEEDED", "query ($f: BeerFilter) { beers(filter: $f) { totalCount } }")
            .with(json!({ "f": { "or": vec![json!({}); 15_000] } })),
        Attack::new("a short list for a number", invalid, "query ($n: Int) { beers(first: $n) { totalCount } }")
            .with(json!({ "n": vec![0; 15_000] })),
        // Each level holds a copy of what is below: 100 times 15,000 filters at a time.
        Attack::new("empty filters, deep", tokens, "query ($f: BeerFilter) { beers(filter: $f) { totalCount } }")
            .with(json!({ "f": (0..100).fold(json!({ "or": vec![json!({}); 15_000] }), |inner, _| json!({ "not": inner })) })),
        Attack::new("a variable that nobody uses", tokens, "{ __typename }").with(json!({ "a": zeros })),
        Attack::new("a list for a number", tokens, "query ($n: Int) { beers(first: $n) { totalCount } }")
            .with(json!({ "n": zeros })),
        Attack::new(
            "circular variables",
            "GRAPHQL_PARSE_FAILED",
            "query ($a: Int = $b, $b: Int = $a) { beers(first: $a) { totalCount } }",
        ),
        Attack::new("many variables", tokens, "{ __typename }")
            .with(Value::Object((0..50_000).map(|n| (format!("v{n}"), json!(n))).collect())),
    ]
}

/// The schema asked about itself, around and around. "Introspection-based Circular Query".
pub fn introspection() -> Vec<Attack> {
    let circle =
        |levels: usize| format!("{{ __schema {{ types {{ {} }} }} }}", nested(levels, "fields { type { ", "name", " } }"));
    vec![
        Attack::new("a circle in the schema", "", circle(3)),
        Attack::new("a deeper circle", "DEPTH_LIMIT_EXCEEDED", circle(10)),
        Attack::new(
            "a circle by interfaces",
            "",
            "{ __schema { types { interfaces { possibleTypes { interfaces { possibleTypes { fields { args { name } } } } } } } } }",
        ),
        Attack::new(
            "all fields of one type",
            "",
            "{ __type(name: \"Query\") { fields { type { fields { type { fields { args { name } } } } } } } }",
        ),
    ]
}
