//! A schema from what a service tells of itself. Without descriptions: nothing here depends on them, and they are most of the answer.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::model::{self, Directive, Field, Input, Kind, Schema, TypeRef};

/// Asks for all of a schema that an operation can depend on. Types are told up to seven lists and `!` deep.
pub(crate) const QUERY: &str = "query Schema {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types {
      kind
      name
      isOneOf
      fields(includeDeprecated: true) { name args(includeDeprecated: true) { ...Input } type { ...Type } }
      inputFields(includeDeprecated: true) { ...Input }
      interfaces { name }
      enumValues(includeDeprecated: true) { name }
      possibleTypes { name }
    }
    directives { name isRepeatable locations args(includeDeprecated: true) { ...Input } }
  }
}
fragment Input on __InputValue { name defaultValue type { ...Type } }
fragment Type on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
    kind name
  } } } } } } }
}";

/// What [`QUERY`] is answered with.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    #[serde(rename = "__schema")]
    schema: Introspected,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Introspected {
    query_type: Named,
    mutation_type: Option<Named>,
    subscription_type: Option<Named>,
    types: Vec<IntrospectedType>,
    directives: Vec<IntrospectedDirective>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntrospectedType {
    kind: TypeKind,
    name: String,
    is_one_of: Option<bool>,
    fields: Option<Vec<IntrospectedField>>,
    input_fields: Option<Vec<InputValue>>,
    interfaces: Option<Vec<Named>>,
    enum_values: Option<Vec<Named>>,
    possible_types: Option<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntrospectedDirective {
    name: String,
    is_repeatable: bool,
    locations: Vec<String>,
    args: Vec<InputValue>,
}

#[derive(Debug, Deserialize)]
struct IntrospectedField {
    name: String,
    args: Vec<InputValue>,
    #[serde(rename = "type")]
    ty: Wrapped,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InputValue {
    name: String,
    default_value: Option<String>,
    #[serde(rename = "type")]
    ty: Wrapped,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    kind: TypeKind,
    name: Option<String>,
    of_type: Option<Box<Wrapped>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum TypeKind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    List,
    NonNull,
}

/// The answer contradicts itself, in the type of this name.
#[derive(Debug, thiserror::Error)]
#[error("its introspection does not make sense at {0}")]
pub struct Nonsense(String);

impl Answer {
    /// The schema told.
    ///
    /// # Errors
    /// It does not make sense, or has types that nest deeper than [`QUERY`] asks.
    pub fn schema(self) -> Result<Schema, Nonsense> {
        let Introspected { query_type, mutation_type, subscription_type, types, directives } = self.schema;
        let roots = [("query", Some(query_type)), ("mutation", mutation_type), ("subscription", subscription_type)];
        let directives = directives.into_iter().map(|directive| {
            let IntrospectedDirective { name, is_repeatable: repeatable, locations, args } = directive;
            Ok((name, Directive { arguments: inputs(args)?, locations: locations.into_iter().collect(), repeatable }))
        });
        let schema = Schema {
            roots: roots.into_iter().filter_map(|(root, ty)| Some((root, ty?.name))).collect(),
            types: types.into_iter().map(IntrospectedType::model).collect::<Result<_, _>>()?,
            directives: directives.collect::<Result<_, _>>()?,
        };
        Ok(schema.tidied())
    }
}

impl IntrospectedType {
    fn model(self) -> Result<(String, model::Type), Nonsense> {
        let kind = match self.kind {
            TypeKind::Scalar => Kind::Scalar,
            TypeKind::Object => Kind::Object,
            TypeKind::Interface => Kind::Interface,
            TypeKind::Union => Kind::Union,
            TypeKind::Enum => Kind::Enum,
            TypeKind::InputObject => Kind::InputObject,
            TypeKind::List | TypeKind::NonNull => return Err(Nonsense(self.name)),
        };
        let names = |named: Option<Vec<Named>>| named.unwrap_or_default().into_iter().map(|named| named.name);
        let fields = self
            .fields
            .unwrap_or_default()
            .into_iter()
            .map(|field| Ok((field.name, Field { ty: field.ty.type_ref()?, arguments: inputs(field.args)? })));
        // An interface's possible types implement it, which is said there.
        let members = match kind {
            Kind::Union => names(self.possible_types).collect(),
            _ => names(self.enum_values).collect(),
        };
        let ty = model::Type {
            kind,
            fields: fields.collect::<Result<_, _>>()?,
            inputs: inputs(self.input_fields.unwrap_or_default())?,
            interfaces: names(self.interfaces).collect(),
            members,
            one_of: self.is_one_of.unwrap_or_default(),
        };
        Ok((self.name, ty))
    }
}

fn inputs(values: Vec<InputValue>) -> Result<BTreeMap<String, Input>, Nonsense> {
    values.into_iter().map(|value| Ok((value.name, Input { ty: value.ty.type_ref()?, default: value.default_value }))).collect()
}

impl Wrapped {
    fn type_ref(self) -> Result<TypeRef, Nonsense> {
        match (self.kind, self.name, self.of_type) {
            (TypeKind::List, _, Some(item)) => Ok(TypeRef::List(Box::new(item.type_ref()?))),
            (TypeKind::NonNull, _, Some(inner)) => Ok(TypeRef::NonNull(Box::new(inner.type_ref()?))),
            (TypeKind::List | TypeKind::NonNull, ..) => Err(Nonsense("a type that nests deeper than asked".to_owned())),
            (_, Some(name), _) => Ok(TypeRef::Named(name)),
            (kind, None, _) => Err(Nonsense(format!("{kind:?} without a name"))),
        }
    }
}
