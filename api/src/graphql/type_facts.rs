//! What the schema says about its output types, read once from its own SDL.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, ConstDirective, FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use async_graphql::{Positioned, Value};

use super::{cache_hints, sdl};

/// The output types of the schema, by name.
pub(super) static TYPES: LazyLock<TypeFacts> = LazyLock::new(|| TypeFacts::of(&sdl()));

/// Output types by their names.
#[derive(Debug, Default)]
pub(super) struct TypeFacts(HashMap<String, TypeFact>);

/// An object, an interface or a union.
#[derive(Debug)]
pub(super) struct TypeFact {
    pub hint: Hint,
    pub fields: HashMap<String, FieldFact>,
}

/// A field of such a type.
#[derive(Debug)]
pub(super) struct FieldFact {
    /// The name of its type, whether or not in lists.
    pub ty: String,
    pub hint: Hint,
}

/// What `@cacheControl` says of a type or field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hint {
    pub max_age: Option<u32>,
    pub private: bool,
    pub inherit_max_age: bool,
}

impl TypeFacts {
    /// The facts of a schema; none if it does not parse, which tests rule out for ours.
    pub fn of(sdl: &str) -> Self {
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        Self(definitions.into_iter().filter_map(fact).collect())
    }

    /// The type of this name, if it has fields or members; scalars and enums have none.
    pub fn get(&self, name: &str) -> Option<&TypeFact> {
        self.0.get(name)
    }
}

fn fact(definition: TypeSystemDefinition) -> Option<(String, TypeFact)> {
    let TypeSystemDefinition::Type(Positioned { node: TypeDefinition { name, directives, kind, .. }, .. }) = definition else {
        return None;
    };
    let fields = match kind {
        TypeKind::Object(object) => object.fields,
        TypeKind::Interface(interface) => interface.fields,
        TypeKind::Union(_) => Vec::new(),
        _ => return None,
    };
    let fields = fields.into_iter().map(|field| field_fact(field.node)).collect();
    Some((name.node.to_string(), TypeFact { hint: hint(&directives), fields }))
}

fn field_fact(field: FieldDefinition) -> (String, FieldFact) {
    let mut base = &field.ty.node.base;
    let ty = loop {
        match base {
            BaseType::Named(name) => break name.to_string(),
            BaseType::List(inner) => base = &inner.base,
        }
    };
    (field.name.node.to_string(), FieldFact { ty, hint: hint(&field.directives) })
}

fn hint(directives: &[Positioned<ConstDirective>]) -> Hint {
    let Some(directive) = directives.iter().find(|directive| directive.node.name.node == cache_hints::DIRECTIVE) else {
        return Hint::default();
    };
    let argument = |name| directive.node.get_argument(name).map(|value| &value.node);
    let max_age = argument("maxAge").and_then(|value| match value {
        // What is no age is no permission.
        Value::Number(number) => Some(number.as_u64().and_then(|age| age.try_into().ok()).unwrap_or(0)),
        _ => None,
    });
    Hint {
        max_age,
        private: matches!(argument("scope"), Some(Value::Enum(scope)) if scope == "PRIVATE"),
        inherit_max_age: matches!(argument("inheritMaxAge"), Some(Value::Boolean(true))),
    }
}
