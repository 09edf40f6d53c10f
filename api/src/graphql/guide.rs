//! The API guide: the schema's own descriptions, as Markdown for people.

use std::fmt::Write;

use async_graphql::Positioned;
use async_graphql::parser::{
    parse_schema,
    types::{EnumType, FieldDefinition, InputObjectType, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};

use super::{error::ErrorCode, sdl};
use crate::config::LimitsConfig;

const INTRODUCTION: &str = "# API guide

Generated from the schema by `taproom schema --format markdown`; do not edit.

- Everything is read and written at `/graphql`, as [GraphQL over HTTP](https://graphql.github.io/graphql-over-http/draft/) says.
- Reading is public. A mutation needs a credential with the scope that it names, as `Authorization: Bearer …`.
- `id`s are opaque and identify an object among all. Cursors are opaque and belong to one `orderBy`.
- Lists are [Relay connections](https://relay.dev/graphql/connections.htm): at most 100 edges a page, nulls last in every order.
- What is wrong with a mutation's input comes back in the payload's `errors`, with a `code` and a `path`. Nothing was written then.
- A mutation sent again with its `idempotencyKey` and the same input returns what the first call returned, a refusal included. The
  input is compared as it was sent: `null` is not the same as a value left out, nor `5` as `5.0`. Keys are forgotten after 7 days,
  unless the server is configured otherwise (`TAPROOM_IDEMPOTENCY_RETENTION`).
- A document need not be sent each time: its SHA-256 names it, as `documentId`
  ([Persisted Documents](https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md)) or
  as Apollo's [`persistedQuery`](https://www.apollographql.com/docs/apollo-server/performance/apq). After `PersistedQueryNotFound`, send
  both once.
- In production, a GET needs the header `apollo-require-preflight: true`, or another that a web page cannot send unasked, unless its
  document is in the server's manifest.
- A query by GET that names its document so, without a credential, may be cached: the directives `@cacheControl` say for how long, and an
  `ETag` whether it has changed.
- Every other error is at the top level and has a code in `extensions.code`, see [Error codes](#error-codes). If it is the server's fault, the
  server's log has the details under its `extensions.traceId`: name that when you report it.
";

const COST: &str = "
## Cost and limits

A document is judged before it is validated. An operation's cost is in points, at least as many as fields can be resolved:

- a field is 1 point, and what is selected of it;
- what is selected of `nodes` or `edges` counts `first` (or `last`) times, 20 if neither is given; of `nodes(ids: …)` once an id;
- `totalCount`, `aggregates`, `byStyle` and `byCountry` are 250 more each, because they read the whole list; `search` is 50 more;
- a filter is 50 for each object in it, and 250 more for each relation and `contains`;
- a mutation is 10 more for each object that its input lists, and what is selected of its `errors` counts 16 times an object;
- of the lists of introspection, as many items as the schema has.

Fragments count as often as they are spread, and what `@skip` and `@include` leave out counts, too. The header `GraphQL-Cost` of an
answer is its operation's cost; with `GraphQL-Cost: report` in the request, `extensions.cost` has it as well, with the limit. Where
clients have a budget of points a minute, `RateLimit` and `RateLimit-Policy` tell how much is left.

A refusal has the limit and the value found in `extensions.limit` and `extensions.value`.

| what, at most | by default | refused with |
|---|---|---|
";

/// The guide in Markdown.
#[must_use]
pub fn guide() -> String {
    let mut guide = INTRODUCTION.to_owned();
    limits(&mut guide);
    // The schema prints itself; that it parses again is tested.
    let definitions = parse_schema(sdl()).map(|document| document.definitions).unwrap_or_default();
    let types: Vec<&TypeDefinition> = definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(&definition.node),
            _ => None,
        })
        .collect();
    let root = |name: &str| types.iter().copied().find(|definition| definition.name.node == name);
    for (heading, name) in [("Queries", "Query"), ("Mutations", "Mutation")] {
        push(&mut guide, format_args!("\n## {heading}\n"));
        if let Some(TypeKind::Object(object)) = root(name).map(|definition| &definition.kind) {
            for field in &object.fields {
                operation(&mut guide, &field.node);
            }
        }
    }
    type Chosen = fn(&TypeKind) -> bool;
    let sections: [(&str, Chosen); 4] = [
        ("Objects", |kind| matches!(kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))),
        ("Inputs", |kind| matches!(kind, TypeKind::InputObject(_))),
        ("Enums", |kind| matches!(kind, TypeKind::Enum(_))),
        ("Scalars", |kind| matches!(kind, TypeKind::Scalar)),
    ];
    for (heading, chosen) in sections {
        push(&mut guide, format_args!("\n## {heading}\n"));
        let wanted = |name: &str| name != "Query" && name != "Mutation";
        for definition in types.iter().filter(|definition| chosen(&definition.kind) && wanted(&definition.name.node)) {
            describe(&mut guide, definition);
        }
    }
    error_codes(&mut guide);
    guide
}

fn limits(guide: &mut String) {
    guide.push_str(COST);
    let limits = LimitsConfig::default();
    for (what, limit, code) in [
        ("bytes of a document", limits.max_document_bytes, ErrorCode::DocumentSizeLimitExceeded),
        ("tokens of a document", limits.max_tokens, ErrorCode::TokenLimitExceeded),
        ("levels of brackets, or of selection sets with fragments", limits.max_nesting, ErrorCode::NestingLimitExceeded),
        ("levels of fields", limits.max_depth, ErrorCode::DepthLimitExceeded),
        ("fields of a document, whatever the lengths of lists", limits.max_fields, ErrorCode::FieldLimitExceeded),
        ("points of an operation", limits.max_cost, ErrorCode::CostLimitExceeded),
        ("aliases of a document", limits.max_aliases, ErrorCode::AliasLimitExceeded),
        ("root fields of an operation", limits.max_root_fields, ErrorCode::RootFieldLimitExceeded),
        ("directives of a document", limits.max_directives, ErrorCode::DirectiveLimitExceeded),
        ("fragment definitions of a document", limits.max_fragments, ErrorCode::FragmentLimitExceeded),
    ] {
        push(guide, format_args!("| {what} | {limit} | `{}` |\n", code.as_str()));
    }
}

fn operation(guide: &mut String, field: &FieldDefinition) {
    push(guide, format_args!("\n### `{}`: `{}`\n\n{}\n", field.name.node, field.ty.node, text(field.description.as_ref())));
    if !field.arguments.is_empty() {
        push(guide, format_args!("\n| argument | type | meaning |\n|---|---|---|\n"));
        field.arguments.iter().for_each(|argument| input_row(guide, &argument.node));
    }
}

fn describe(guide: &mut String, definition: &TypeDefinition) {
    push(guide, format_args!("\n### {}\n\n{}\n", definition.name.node, text(definition.description.as_ref())));
    match &definition.kind {
        TypeKind::Object(object) => fields(guide, &object.fields),
        TypeKind::Interface(interface) => fields(guide, &interface.fields),
        TypeKind::Union(union) => {
            let members = union.members.iter().map(|member| format!("`{}`", member.node)).collect::<Vec<_>>().join(", ");
            push(guide, format_args!("\nOne of {members}.\n"));
        }
        TypeKind::InputObject(InputObjectType { fields }) => {
            push(guide, format_args!("\n| field | type | meaning |\n|---|---|---|\n"));
            fields.iter().for_each(|field| input_row(guide, &field.node));
        }
        TypeKind::Enum(EnumType { values }) => {
            push(guide, format_args!("\n| value | meaning |\n|---|---|\n"));
            for value in values {
                push(guide, format_args!("| `{}` | {} |\n", value.node.value.node, cell(value.node.description.as_ref())));
            }
        }
        TypeKind::Scalar => {}
    }
}

fn fields(guide: &mut String, fields: &[Positioned<FieldDefinition>]) {
    push(guide, format_args!("\n| field | type | meaning |\n|---|---|---|\n"));
    for field in fields {
        let FieldDefinition { name, ty, description, .. } = &field.node;
        push(guide, format_args!("| `{}` | `{}` | {} |\n", name.node, ty.node, cell(description.as_ref())));
    }
}

fn input_row(guide: &mut String, input: &InputValueDefinition) {
    let default = input.default_value.as_ref().map_or_else(String::new, |value| format!(" = {}", value.node));
    let meaning = cell(input.description.as_ref());
    push(guide, format_args!("| `{}` | `{}{default}` | {meaning} |\n", input.name.node, input.ty.node));
}

fn error_codes(guide: &mut String) {
    push(guide, format_args!("\n## Error codes\n\n| code | whose fault | meaning |\n|---|---|---|\n"));
    for &code in ErrorCode::ALL {
        let blame = if code.is_server_fault() { "server" } else { "client" };
        push(guide, format_args!("| `{}` | {blame} | {} |\n", code.as_str(), code.description()));
    }
}

fn text(description: Option<&Positioned<String>>) -> &str {
    description.map_or("", |description| description.node.trim())
}

fn cell(description: Option<&Positioned<String>>) -> String {
    text(description).split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn push(guide: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = guide.write_fmt(text);
}
