//! What the schema says about its output types, read once from its own SDL: sizes for the guard, hints for caches.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value};

use super::{cache_hints, connection::DEFAULT_PAGE, sdl};

/// The introspection types, which a schema does not describe itself
/// ([§4.2](https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema)); scalars and enums left out.
const INTROSPECTION: &str = "
    type __Schema { description: String types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type
        directives: [__Directive!]! }
    type __Type { kind: __TypeKind! name: String description: String specifiedByURL: String
        fields(includeDeprecated: Boolean): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
        enumValues(includeDeprecated: Boolean): [__EnumValue!] inputFields(includeDeprecated: Boolean): [__InputValue!]
        ofType: __Type isOneOf: Boolean }
    type __Field { name: String! description: String args(includeDeprecated: Boolean): [__InputValue!]! type: __Type!
        isDeprecated: Boolean! deprecationReason: String }
    type __InputValue { name: String! description: String type: __Type! defaultValue: String isDeprecated: Boolean!
        deprecationReason: String }
    type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
    type __Directive { name: String! description: String isRepeatable: Boolean! locations: [__DirectiveLocation!]!
        args(includeDeprecated: Boolean): [__InputValue!]! }
    enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
    enum __DirectiveLocation { QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT
        VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
        INPUT_FIELD_DEFINITION }
    scalar Boolean scalar Float scalar ID scalar Int scalar String
    directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @deprecated(reason: String) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
    directive @specifiedBy(url: String!) on SCALAR
    directive @oneOf on INPUT_OBJECT";

/// The schema's types by name, and how many of everything there are.
#[derive(Debug, Default)]
pub struct Facts {
    types: HashMap<String, TypeFacts>,
    /// Sizes of the lists of introspection.
    pub counts: Counts,
}

/// An object, an interface or a union.
#[derive(Debug, Default)]
pub struct TypeFacts {
    /// The type's name.
    pub name: String,
    /// How long caches may keep it.
    pub hint: Hint,
    fields: HashMap<String, FieldFacts>,
}

/// One output field.
#[derive(Debug)]
pub struct FieldFacts {
    /// Its type, without list and non-null.
    pub of: String,
    /// Whether it is a list.
    pub is_list: bool,
    /// Rows when neither `first` nor `last` is given; none if it has no such argument.
    pub default_page: Option<u64>,
    /// Its argument that is a list, as `ids`: as many items come back.
    pub list_argument: Option<String>,
    /// How long caches may keep it.
    pub hint: Hint,
}

/// What `@cacheControl` says of a type or field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Seconds.
    pub max_age: Option<u32>,
    /// Whether it is for nobody but the client.
    pub private: bool,
    /// Whether it may be kept as long as its parent.
    pub inherit_max_age: bool,
}

/// How long the lists of introspection are: over all types together, and at most.
#[derive(Debug, Default)]
pub struct Counts {
    pub types: u64,
    pub directives: u64,
    pub fields: Count,
    pub field_arguments: Count,
    pub directive_arguments: Count,
    pub input_fields: Count,
    pub enum_values: Count,
    pub interfaces: Count,
    pub possible_types: Count,
}

/// How many there are in all, and with any one owner at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub total: u64,
    pub most: u64,
}

impl Count {
    fn add(&mut self, count: usize) {
        let count = count as u64;
        self.total += count;
        self.most = self.most.max(count);
    }
}

impl Facts {
    /// The facts of the service's schema.
    pub fn ours() -> &'static Self {
        static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::of(&sdl()));
        &FACTS
    }

    /// The facts of a schema, and of introspection; none of one that does not parse, which tests rule out for ours.
    pub fn of(sdl: &str) -> Self {
        let mut facts = Self::default();
        let mut possible_types = HashMap::<String, usize>::new();
        for text in [sdl, INTROSPECTION] {
            let Ok(document) = parse_schema(text) else { continue };
            for definition in document.definitions {
                match definition {
                    TypeSystemDefinition::Type(definition) => facts.add_type(&definition.node, &mut possible_types),
                    TypeSystemDefinition::Directive(definition) => {
                        facts.counts.directives += 1;
                        facts.counts.directive_arguments.add(definition.node.arguments.len());
                    }
                    TypeSystemDefinition::Schema(_) => {}
                }
            }
        }
        possible_types.values().for_each(|&count| facts.counts.possible_types.add(count));
        facts
    }

    /// The type of this name, if it has fields or members; scalars and enums have none.
    pub fn get(&self, name: &str) -> Option<&TypeFacts> {
        self.types.get(name)
    }

    fn add_type(&mut self, definition: &TypeDefinition, possible_types: &mut HashMap<String, usize>) {
        let (name, hint) = (definition.name.node.to_string(), Hint::of(&definition.directives));
        self.counts.types += 1;
        match &definition.kind {
            TypeKind::Object(object) => {
                object.implements.iter().for_each(|it| *possible_types.entry(it.node.to_string()).or_default() += 1);
                self.counts.interfaces.add(object.implements.len());
                self.add_fields(name, hint, &object.fields);
            }
            TypeKind::Interface(interface) => self.add_fields(name, hint, &interface.fields),
            TypeKind::Union(union) => {
                possible_types.insert(name.clone(), union.members.len());
                self.add_fields(name, hint, &[]);
            }
            TypeKind::Enum(kind) => self.counts.enum_values.add(kind.values.len()),
            TypeKind::InputObject(input) => self.counts.input_fields.add(input.fields.len()),
            TypeKind::Scalar => {}
        }
    }

    fn add_fields(&mut self, name: String, hint: Hint, fields: &[Positioned<FieldDefinition>]) {
        self.counts.fields.add(fields.len());
        fields.iter().for_each(|field| self.counts.field_arguments.add(field.node.arguments.len()));
        let fields = fields.iter().map(|field| (field.node.name.node.to_string(), FieldFacts::new(&field.node))).collect();
        self.types.insert(name.clone(), TypeFacts { name, hint, fields });
    }
}

impl TypeFacts {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&FieldFacts> {
        self.fields.get(name)
    }
}

impl FieldFacts {
    fn new(field: &FieldDefinition) -> Self {
        let argument = |name: &str| field.arguments.iter().find(|argument| argument.node.name.node == name);
        let default = |argument: &Positioned<InputValueDefinition>| match &argument.node.default_value.as_ref()?.node {
            Value::Number(number) => number.as_u64(),
            _ => None,
        };
        let is_list = is_list(&field.ty.node);
        let first = argument("first").or_else(|| argument("last"));
        let list_argument = field.arguments.iter().find(|argument| is_list && self::is_list(&argument.node.ty.node));
        Self {
            of: named(&field.ty.node).to_owned(),
            is_list,
            default_page: first.map(|first| default(first).unwrap_or(DEFAULT_PAGE.unsigned_abs().into())),
            list_argument: list_argument.map(|argument| argument.node.name.node.to_string()),
            hint: Hint::of(&field.directives),
        }
    }
}

impl Hint {
    fn of(directives: &[Positioned<ConstDirective>]) -> Self {
        let Some(directive) = directives.iter().find(|directive| directive.node.name.node == cache_hints::DIRECTIVE) else {
            return Self::default();
        };
        let argument = |name| directive.node.get_argument(name).map(|value| &value.node);
        let max_age = argument("maxAge").and_then(|value| match value {
            // What is no age is no permission.
            Value::Number(number) => Some(number.as_u64().and_then(|age| age.try_into().ok()).unwrap_or(0)),
            _ => None,
        });
        Self {
            max_age,
            private: matches!(argument("scope"), Some(Value::Enum(scope)) if scope == "PRIVATE"),
            inherit_max_age: matches!(argument("inheritMaxAge"), Some(Value::Boolean(true))),
        }
    }
}

fn is_list(kind: &Type) -> bool {
    matches!(kind.base, BaseType::List(_))
}

fn named(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => named(of),
    }
}
