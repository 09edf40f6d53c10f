//! Whether the variables fit their definitions, before anything is executed.
//!
//! async-graphql judges a variable only where it is used and quietly accepts one that is not; the specification coerces all of them
//! first ([§6.1.2](https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values)).

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
    let place = format!("${}", name.node);
    let problem = match variables.get(&name.node) {
        Some(value) => mismatch(registry, &expected, value, &place)?,
        None if var_type.node.nullable || default_value.is_some() => return None,
        None => format!("{place} of type {expected} is required, but no value was given"),
    };
    let error = ServerError::new(format!("Variable {problem}"), Some(definition.pos));
    Some(ErrorCode::GraphqlValidationFailed.tag(error))
}

/// What is wrong with `value` as a `expected`; `place` says where in the variables it stands.
fn mismatch(registry: &Registry, expected: &str, value: &Value, place: &str) -> Option<String> {
    match (MetaTypeName::create(expected), value) {
        (MetaTypeName::NonNull(_), Value::Null) => Some(format!("{place} of type {expected} must not be null")),
        (MetaTypeName::NonNull(inner), _) => mismatch(registry, inner, value, place),
        (_, Value::Null) => None,
        (MetaTypeName::List(inner), Value::List(items)) => {
            items.iter().enumerate().find_map(|(index, item)| mismatch(registry, inner, item, &format!("{place}[{index}]")))
        }
        // A single value stands for a list of one (§3.11).
        (MetaTypeName::List(inner), _) => mismatch(registry, inner, value, place),
        (MetaTypeName::Named(name), _) => mismatch_named(registry, name, value, place),
    }
}

fn mismatch_named(registry: &Registry, name: &str, value: &Value, place: &str) -> Option<String> {
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

fn mismatch_object(registry: &Registry, object: &MetaType, value: &Value, place: &str) -> Option<String> {
    let MetaType::InputObject { name, input_fields, oneof, .. } = object else { return None };
    let Value::Object(given) = value else { return Some(format!("{place} is not a valid {name}: it must be an object")) };
    if let Some(unknown) = given.keys().find(|key| !input_fields.contains_key(key.as_str())) {
        return Some(format!("{place}.{unknown} is unknown: {name} has no such field"));
    }
    if *oneof && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
        return Some(format!("{place} of type {name} must have exactly one field, and it must not be null"));
    }
    input_fields.values().find_map(|field| {
        let place = format!("{place}.{}", field.name);
        match given.get(field.name.as_str()) {
            Some(value) => mismatch(registry, &field.ty, value, &place),
            None if field.default_value.is_some() || !MetaTypeName::create(&field.ty).is_non_null() => None,
            None => Some(format!("{place} of type {} is required, but no value was given", field.ty)),
        }
    })
}
