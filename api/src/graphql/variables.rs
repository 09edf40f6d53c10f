//! Whether the variables fit their definitions, before anything is executed.
//!
//! async-graphql judges the value of a variable only as the argument that it becomes, and a required one that is missing only when
//! its field is executed, too late for a request error. The specification coerces all of them first
//! ([§6.1.2](https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values)).

use std::fmt::{self, Display, Formatter};

use async_graphql::parser::types::VariableDefinition;
use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::error::ErrorCode;

/// Judges `variables` by `definitions`, which the document's validation has accepted.
///
/// # Errors
/// One error for each variable that does not fit, naming it and where in it the mistake is.
pub fn check(
    registry: &Registry,
    definitions: &[Positioned<VariableDefinition>],
    variables: &Variables,
) -> Result<(), Vec<ServerError>> {
    let errors: Vec<_> = definitions.iter().filter_map(|definition| check_one(registry, definition, variables)).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn check_one(registry: &Registry, definition: &Positioned<VariableDefinition>, variables: &Variables) -> Option<ServerError> {
    let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
    let expected = var_type.node.to_string();
    let place = Place::Variable(&name.node);
    let problem = match variables.get(&name.node) {
        Some(value) => mismatch(registry, &expected, value, place)?,
        None if var_type.node.nullable || default_value.is_some() => return None,
        None => format!("{place} of type {expected} is required, but no value was given"),
    };
    let error = ServerError::new(format!("Variable {problem}"), Some(definition.pos));
    Some(ErrorCode::GraphqlValidationFailed.tag(error))
}

/// Where in the variables a value stands: written down only when something is wrong with it.
#[derive(Clone, Copy)]
enum Place<'a> {
    Variable(&'a str),
    Field(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "${name}"),
            Self::Field(object, name) => write!(f, "{object}.{name}"),
            Self::Item(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// What is wrong with `value` as a `expected`; `place` says where in the variables it stands.
fn mismatch(registry: &Registry, expected: &str, value: &Value, place: Place<'_>) -> Option<String> {
    match (MetaTypeName::create(expected), value) {
        (MetaTypeName::NonNull(_), Value::Null) => Some(format!("{place} of type {expected} must not be null")),
        (MetaTypeName::NonNull(inner), _) => mismatch(registry, inner, value, place),
        (_, Value::Null) => None,
        (MetaTypeName::List(inner), Value::List(items)) => {
            items.iter().enumerate().find_map(|(index, item)| mismatch(registry, inner, item, Place::Item(&place, index)))
        }
        // A single value stands for a list of one (§3.11).
        (MetaTypeName::List(inner), _) => mismatch(registry, inner, value, place),
        (MetaTypeName::Named(name), _) => mismatch_named(registry, name, value, place),
    }
}

fn mismatch_named(registry: &Registry, name: &str, value: &Value, place: Place<'_>) -> Option<String> {
    let wrong = || Some(format!("{place} is not a valid {name}"));
    // An unknown type is the document's mistake, reported by validation.
    match registry.types.get(name)? {
        MetaType::Scalar { is_valid: Some(is_valid), .. } if !is_valid(value) => wrong(),
        MetaType::Enum { enum_values, .. } => match value {
            Value::String(choice) if enum_values.contains_key(choice) => None,
            Value::Enum(choice) if enum_values.contains_key(choice.as_str()) => None,
            _ => wrong(),
        },
        object @ MetaType::InputObject { .. } => mismatch_object(registry, object, value, place),
        _ => None,
    }
}

fn mismatch_object(registry: &Registry, object: &MetaType, value: &Value, place: Place<'_>) -> Option<String> {
    let MetaType::InputObject { name, input_fields, oneof, .. } = object else { return None };
    let Value::Object(given) = value else { return Some(format!("{place} is not a valid {name}: it must be an object")) };
    if let Some(unknown) = given.keys().find(|key| !input_fields.contains_key(key.as_str())) {
        return Some(format!("{place}.{unknown} is unknown: {name} has no such field"));
    }
    if *oneof && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
        return Some(format!("{place} of type {name} must have exactly one field, and it must not be null"));
    }
    input_fields.values().find_map(|field| {
        let place = Place::Field(&place, &field.name);
        match given.get(field.name.as_str()) {
            Some(value) => mismatch(registry, &field.ty, value, place),
            None if field.default_value.is_some() || !MetaTypeName::create(&field.ty).is_non_null() => None,
            None => Some(format!("{place} of type {} is required, but no value was given", field.ty)),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery};
    use async_graphql::parser::types::ExecutableDocument;
    use async_graphql::{
        EmptyMutation, EmptySubscription, Enum, InputObject, Object, OneofObject, Request, Schema, ServerResult, async_trait,
    };
    use serde_json::json;

    use super::*;

    #[derive(Clone, Copy, PartialEq, Eq, Enum)]
    enum Colour {
        Pale,
        Dark,
    }

    #[derive(InputObject)]
    struct Range {
        least: f64,
        most: Option<f64>,
    }

    #[derive(OneofObject)]
    enum Choice {
        Id(i32),
        Name(String),
    }

    struct Query;

    #[Object]
    impl Query {
        async fn ask(&self, _range: Option<Range>, _colours: Option<Vec<Colour>>, _choice: Option<Choice>) -> bool {
            true
        }
    }

    /// Judges variables where async-graphql's own validation, which would also complain, has not been yet.
    struct Alone;

    impl ExtensionFactory for Alone {
        fn create(&self) -> Arc<dyn Extension> {
            Arc::new(Self)
        }
    }

    #[async_trait::async_trait]
    impl Extension for Alone {
        async fn parse_query(
            &self,
            ctx: &ExtensionContext<'_>,
            query: &str,
            variables: &Variables,
            next: NextParseQuery<'_>,
        ) -> ServerResult<ExecutableDocument> {
            let document = next.run(ctx, query, variables).await?;
            let definitions = document.operations.iter().next().unwrap().1.node.variable_definitions.clone();
            match check(&ctx.schema_env.registry, &definitions, variables) {
                Ok(()) => Err(ServerError::new("fits", None)),
                Err(mut errors) => Err(errors.remove(0)),
            }
        }
    }

    /// What is said about `$v` of this type when the variables are these.
    async fn ask(of_type: &str, variables: serde_json::Value) -> String {
        let query = format!("query($v: {of_type}) {{ __typename }}");
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(Alone).finish();
        schema.execute(Request::new(query).variables(Variables::from_json(variables))).await.errors.remove(0).message
    }

    #[tokio::test]
    async fn what_fits_is_accepted() {
        for (of_type, value) in [
            ("Range!", json!({"least": 1})),
            ("Range", json!({"least": 1.5, "most": null})),
            ("[Colour!]!", json!(["PALE", "DARK"])),
            ("[Colour!]", json!("PALE")),
            ("[Colour!]", json!(null)),
            ("Choice", json!({"id": 1})),
            ("Int! = 3", json!(4)),
        ] {
            assert_eq!(ask(of_type, json!({"v": value})).await, "fits", "{of_type} {value}");
        }
        assert_eq!(ask("Int! = 3", json!({})).await, "fits");
        assert_eq!(ask("Int", json!({"somethingElse": 1})).await, "fits");
    }

    #[tokio::test]
    async fn what_does_not_fit_is_named() {
        for (of_type, value, expected) in [
            ("Int!", json!(null), "Variable $v of type Int! must not be null"),
            ("Int", json!("1"), "Variable $v is not a valid Int"),
            ("Range", json!(3), "Variable $v is not a valid Range: it must be an object"),
            ("Range", json!({}), "Variable $v.least of type Float! is required, but no value was given"),
            ("Range", json!({"least": 1, "msot": 2}), "Variable $v.msot is unknown: Range has no such field"),
            ("[Colour!]", json!(["PALE", "AMBER"]), "Variable $v[1] is not a valid Colour"),
            ("[Colour!]", json!(["PALE", null]), "Variable $v[1] of type Colour! must not be null"),
            (
                "Choice",
                json!({"id": 1, "name": "x"}),
                "Variable $v of type Choice must have exactly one field, and it must not be null",
            ),
            ("Choice", json!({"id": null}), "Variable $v of type Choice must have exactly one field, and it must not be null"),
        ] {
            assert_eq!(ask(of_type, json!({"v": value})).await, expected, "{of_type} {value}");
        }
        assert_eq!(ask("Int!", json!({})).await, "Variable $v of type Int! is required, but no value was given");
    }
}
