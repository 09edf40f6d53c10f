//! The attacks: what each is called, what it is after, and whom it has hurt.

mod values;

use std::fmt::Write as _;

use serde_json::{Value, json};

use self::values::{inputs, introspection, text, validation};

/// A request that is meant to hurt.
pub struct Attack {
    pub name: &'static str,
    /// How it is refused; empty if it is executed, which must then be cheap.
    pub code: &'static str,
    pub document: String,
    pub operation_name: Option<String>,
    pub variables: Value,
}

impl Attack {
    pub fn new(name: &'static str, code: &'static str, document: impl Into<String>) -> Self {
        Self { name, code, document: document.into(), operation_name: None, variables: json!({}) }
    }

    fn with(self, variables: Value) -> Self {
        Self { variables, ..self }
    }

    fn choosing(self, operation: &str) -> Self {
        Self { operation_name: Some(operation.to_owned()), ..self }
    }
}

/// `count` pieces with the number of each in place of `#`.
fn each(count: usize, piece: &str) -> String {
    (0..count).map(|number| piece.replace('#', &number.to_string())).collect()
}

fn nested(levels: usize, open: &str, innermost: &str, close: &str) -> String {
    format!("{}{innermost}{}", open.repeat(levels), close.repeat(levels))
}

/// `count` fragments, each of which spreads the next `times`.
fn chain(count: usize, times: usize, on: &str, last: &str) -> String {
    let mut text = String::new();
    for number in 0..count {
        let spreads = format!("...F{} ", number + 1).repeat(times);
        write!(text, "fragment F{number} on {on} {{ {spreads}}} ").unwrap();
    }
    text + &format!("fragment F{count} on {on} {{ {last} }}")
}

/// All of them.
pub fn attacks() -> Vec<Attack> {
    [fragments(), nesting(), overload(), validation(), text(), inputs(), introspection()].into_iter().flatten().collect()
}

/// Fragments that multiply. async-graphql, graphql-java before 17.5 and gqlgen expand each spread anew.
fn fragments() -> Vec<Attack> {
    let field = "FIELD_LIMIT_EXCEEDED";
    let invalid = "GRAPHQL_VALIDATION_FAILED";
    let (doubling, empty) = (chain(40, 2, "Query", "__typename"), chain(40, 2, "Query", "...Unknown"));
    let wrapped = nested(30, "... { ", "id", " }");
    vec![
        // Exponential spreading: 2^40 fields in a kilobyte. Stock async-graphql takes seconds from 2^20 on.
        Attack::new("doubling fragments", field, format!("{{ ...F0 }} {doubling}")),
        // The same where no operation uses them: guards that start at the operation see nothing.
        Attack::new("doubling fragments, unused", field, format!("{{ __typename }} {doubling}")),
        // The same with nothing at the end, so that fields count for nothing.
        Attack::new("doubling fragments of nothing", field, format!("{{ ...F0 }} {empty}")),
        // The same in an operation that is not chosen.
        Attack::new("doubling fragments, not chosen", field, format!("query A {{ ...F0 }} query B {{ __typename }} {doubling}"))
            .choosing("B"),
        // Cycles: graphql-ruby, gqlgen and Agoo (CVE-2021-43789 and others) recurse until the stack is gone.
        Attack::new("a fragment in itself", invalid, "{ ...A } fragment A on Query { ...A }"),
        Attack::new("a cycle of fragments", invalid, format!("{{ ...F0 }} {}", chain(40, 1, "Query", "...F0"))),
        Attack::new("an unused cycle", invalid, "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }"),
        Attack::new(
            "a cycle through fields",
            invalid,
            "{ ...A } fragment A on Query { beers { nodes { ...B } } } fragment B on Beer { brewery { ...C } } fragment C on Brewery { beers { nodes { ...B } } }",
        ),
        // A long way down that no bracket shows.
        Attack::new(
            "a chain of fragments",
            "FRAGMENT_LIMIT_EXCEEDED",
            format!("{{ ...F0 }} {}", chain(60, 1, "Query", "__typename")),
        ),
        Attack::new(
            "a chain of deep fragments",
            "NESTING_LIMIT_EXCEEDED",
            format!("{{ ...F0 }} {}", chain(40, 1, "Query", "__typename").replace("{ ", "{ ... { ").replace(" }", " } }")),
        ),
        // Each row goes through fragments that select next to nothing.
        Attack::new(
            "fragments around nothing in each row",
            "",
            format!("{{ beers(first: 100) {{ nodes {{ {} }} }} }}", format!("{wrapped} ").repeat(15)),
        ),
        Attack::new(
            "fragments around nothing in rows of rows",
            "COST_LIMIT_EXCEEDED",
            format!(
                "{{ styles(first: 100) {{ nodes {{ beers(first: 100) {{ nodes {{ {} }} }} }} }} }}",
                format!("{wrapped} ").repeat(15)
            ),
        ),
        Attack::new("spreads of unknown fragments", invalid, format!("{{ beers {{ nodes {{ {} }} }} }}", each(990, "...U# "))),
        // Look-ahead walks them for each brewery.
        Attack::new(
            "fragments around nothing before a list",
            "COST_LIMIT_EXCEEDED",
            format!(
                "{{ breweries(first: 100) {{ nodes {{ beers(first: 1) {{ {} }} }} }} }}",
                nested(30, "... { ", "totalCount", " }").repeat(9)
            ),
        ),
    ]
}

/// Depth, which costs a stack.
fn nesting() -> Vec<Attack> {
    let nesting = "NESTING_LIMIT_EXCEEDED";
    let deep = |levels: usize| nested(levels, "nodes { beers { nodes { brewery { ", "id", " } } } }");
    vec![
        // graphql-cop has none for depth; nearly every scanner else has. Apollo, Yoga and async-graphql have no limit by default.
        Attack::new(
            "circular relations",
            "DEPTH_LIMIT_EXCEEDED",
            format!("{{ breweries {{ nodes {{ {} }} }} }}", nested(7, "beers { nodes { brewery { ", "id", " } } }")),
        ),
        Attack::new("circular relations, deep", nesting, format!("{{ breweries {{ {} }} }}", deep(16))),
        // graphql-js before 16.8.1 (CVE-2023-26144) and pest-based parsers recurse.
        Attack::new("deep selections", nesting, nested(600, "{a", "", "}")),
        Attack::new("deep lists", nesting, format!("{{ a(b: {}) }}", nested(900, "[", "", "]"))),
        Attack::new("deep objects", nesting, format!("{{ a(b: {}) }}", nested(450, "{a:", "1", "}"))),
        Attack::new("deep types", nesting, format!("query ($a: {}) {{ a }}", nested(900, "[", "Int", "]"))),
        Attack::new("deep inline fragments", nesting, format!("{{ {} }}", nested(600, "...{", "a", "}"))),
        // The parser takes an unclosed block string for an empty one, and reads on: brackets that a lexer takes for text.
        Attack::new(
            "brackets behind a block string",
            "GRAPHQL_PARSE_FAILED",
            format!("{{ a(b: [ \"\"\" \" {}", "[".repeat(9_000)),
        ),
        // The parser looks for the end of each: 1,000 times the document.
        Attack::new(
            "block strings without end",
            "GRAPHQL_PARSE_FAILED",
            format!("{{ a(b: [ {}{}", r#""\\""""#.repeat(900), " ".repeat(10_000)),
        ),
        Attack::new(
            "nested filters",
            nesting,
            format!("{{ beers(filter: {}) {{ totalCount }} }}", nested(60, "{not:{", "", "}}")),
        ),
        Attack::new(
            "nested filters in variables",
            "BAD_USER_INPUT",
            "query ($f: BeerFilter) { beers(filter: $f) { totalCount } }",
        )
        .with(json!({ "f": (0..100).fold(json!({}), |inner, _| json!({ "not": inner })) })),
    ]
}

/// Many of something. The names in quotes are graphql-cop's.
fn overload() -> Vec<Attack> {
    vec![
        // "Alias Overloading": 100 of 101 servers of its survey do it all.
        Attack::new("aliases", "ROOT_FIELD_LIMIT_EXCEEDED", format!("{{ {} }}", each(101, "a#: __typename "))),
        Attack::new("aliases below", "ALIAS_LIMIT_EXCEEDED", format!("{{ beers {{ {} }} }}", each(101, "a#: totalCount "))),
        Attack::new(
            "aliases by fragments",
            "ALIAS_LIMIT_EXCEEDED",
            format!("{{ beers {{ nodes {{ {} }} }} }} fragment F on Beer {{ a: id b: id c: id d: id }}", "...F ".repeat(26)),
        ),
        // "Field Duplication": each is resolved and only then merged.
        Attack::new("one field 500 times", "ROOT_FIELD_LIMIT_EXCEEDED", format!("{{ {} }}", "__typename ".repeat(500))),
        Attack::new(
            "one list 500 times",
            "COST_LIMIT_EXCEEDED",
            format!("{{ beers {{ nodes {{ {} }} }} }}", "reviews { nodes { id } } ".repeat(240)),
        ),
        // "Directive Overloading".
        Attack::new("directives", "DIRECTIVE_LIMIT_EXCEEDED", format!("{{ __typename {} }}", "@aa".repeat(500))),
        Attack::new(
            "directives on variables",
            "DIRECTIVE_LIMIT_EXCEEDED",
            format!("query ($a: Int {}) {{ a }}", "@aa".repeat(500)),
        ),
        Attack::new(
            "skip everywhere",
            "DIRECTIVE_LIMIT_EXCEEDED",
            format!("{{ beers {{ nodes {{ {} }} }} }}", "id @skip(if: true) ".repeat(200)),
        ),
        // What is skipped is not free: it was parsed and validated.
        Attack::new(
            "a skipped tree",
            "COST_LIMIT_EXCEEDED",
            "{ beers(first: 100) @skip(if: true) { nodes { reviews(first: 100) { nodes { beer { reviews(first: 100) { totalCount } } } } } } }",
        ),
        // "Array-based Query Batching" by operations: only one is executed, all are validated.
        Attack::new("operations", "", each(300, "query Q# { __typename } ")).choosing("Q7"),
        Attack::new("anonymous operations", "GRAPHQL_PARSE_FAILED", "{__typename}".repeat(400)),
        Attack::new(
            "huge pages",
            "COST_LIMIT_EXCEEDED",
            "{ beers(first: 2147483647) { nodes { reviews(first: 2147483647) { nodes { beer { brewery { beers(first: 999) { totalCount } } } } } } } }",
        ),
        Attack::new(
            "pages beyond any integer",
            "GRAPHQL_PARSE_FAILED",
            format!("{{ beers(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(4_000)),
        ),
        Attack::new("pages of nothing", "BAD_USER_INPUT", "{ beers(first: -1) { nodes { id } } }"),
        Attack::new(
            "many errors in rows",
            "BAD_USER_INPUT",
            format!("{{ beers(first: 100) {{ nodes {{ {} }} }} }}", each(49, "a#: reviews(first: -1) { __typename } ")),
        ),
    ]
}
