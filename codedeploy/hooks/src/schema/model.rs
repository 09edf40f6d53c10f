//! A GraphQL schema, as far as it matters to whoever sends operations: no descriptions, no directives but those of operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Scalars that every schema has, whether it says so or not.
const BUILT_IN_SCALARS: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];
/// Directives that every schema has.
const BUILT_IN_DIRECTIVES: [&str; 2] = ["include", "skip"];
/// Where operations can have directives, <https://spec.graphql.org/September2025/#ExecutableDirectiveLocation>.
const EXECUTABLE_LOCATIONS: [&str; 8] = [
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "MUTATION",
    "QUERY",
    "SUBSCRIPTION",
    "VARIABLE_DEFINITION",
];

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schema {
    /// The types of `query`, `mutation` and `subscription`.
    pub roots: BTreeMap<&'static str, String>,
    pub types: BTreeMap<String, Type>,
    pub directives: BTreeMap<String, Directive>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    pub kind: Kind,
    /// Of objects and interfaces.
    pub fields: BTreeMap<String, Field>,
    /// Of input objects.
    pub inputs: BTreeMap<String, Input>,
    /// That an object or interface implements.
    pub interfaces: BTreeSet<String>,
    /// A union's types, or an enum's values.
    pub members: BTreeSet<String>,
    /// Whether an input object takes exactly one of its fields.
    pub one_of: bool,
}

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the specification's names")]
pub enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub ty: TypeRef,
    pub arguments: BTreeMap<String, Input>,
}

/// An argument, or a field of an input object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub ty: TypeRef,
    /// As it is written.
    pub default: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directive {
    pub arguments: BTreeMap<String, Input>,
    pub locations: BTreeSet<String>,
    pub repeatable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeRef {
    Named(String),
    List(Box<Self>),
    NonNull(Box<Self>),
}

impl Schema {
    /// Leaves out what every schema has, what is about schemas alone, and what only a schema's author can use.
    pub fn tidied(mut self) -> Self {
        self.types.retain(|name, _| !name.starts_with("__") && !BUILT_IN_SCALARS.contains(&name.as_str()));
        for directive in self.directives.values_mut() {
            directive.locations.retain(|location| EXECUTABLE_LOCATIONS.contains(&location.as_str()));
        }
        self.directives
            .retain(|name, directive| !directive.locations.is_empty() && !BUILT_IN_DIRECTIVES.contains(&name.as_str()));
        self
    }
}

impl Type {
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            fields: BTreeMap::new(),
            inputs: BTreeMap::new(),
            interfaces: BTreeSet::new(),
            members: BTreeSet::new(),
            one_of: false,
        }
    }
}

impl Input {
    /// Whether it has to be given.
    pub fn is_required(&self) -> bool {
        matches!(self.ty, TypeRef::NonNull(_)) && self.default.is_none()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "a scalar",
            Self::Object => "an object type",
            Self::Interface => "an interface",
            Self::Union => "a union",
            Self::Enum => "an enum",
            Self::InputObject => "an input object",
        })
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::List(item) => write!(f, "[{item}]"),
            Self::NonNull(inner) => write!(f, "{inner}!"),
        }
    }
}
