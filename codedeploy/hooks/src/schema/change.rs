//! Changes of a schema that break whoever uses it.

use std::fmt;

use super::model::Kind;

/// A change that some operation which was valid does not survive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakingChange {
    /// Where, as a schema coordinate such as `Query.beers(first:)`; `query`, `mutation` and `subscription` are the roots.
    pub path: String,
    /// What happened there.
    pub what: Break,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "how each is told says it")]
pub enum Break {
    RootChanged { old: String, new: Option<String> },
    TypeRemoved,
    KindChanged { old: Kind, new: Kind },
    InterfaceRemoved(String),
    FieldRemoved,
    TypeChanged { old: String, new: String },
    ArgumentRemoved,
    RequiredAdded(String),
    DefaultRemoved(String),
    ValueRemoved,
    MemberRemoved,
    OneOf,
    DirectiveRemoved,
    LocationRemoved(String),
    NotRepeatable,
}

impl fmt::Display for BreakingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.path)?;
        match &self.what {
            Break::RootChanged { old, new: Some(new) } => write!(f, "was of the type {old} and is of {new}"),
            Break::RootChanged { old, new: None } => write!(f, "was of the type {old} and is gone"),
            Break::TypeRemoved | Break::FieldRemoved | Break::ArgumentRemoved | Break::DirectiveRemoved => f.write_str("is gone"),
            Break::ValueRemoved => f.write_str("is gone from the enum"),
            Break::MemberRemoved => f.write_str("is gone from the union"),
            Break::KindChanged { old, new } => write!(f, "was {old} and is {new}"),
            Break::InterfaceRemoved(interface) => write!(f, "no longer implements {interface}"),
            Break::TypeChanged { old, new } => write!(f, "was of the type {old} and is of {new}"),
            Break::RequiredAdded(ty) => write!(f, "is new, of the type {ty}, and has to be given"),
            Break::DefaultRemoved(default) => write!(f, "had the default {default} and has none"),
            Break::OneOf => f.write_str("takes exactly one of its fields now"),
            Break::LocationRemoved(location) => write!(f, "is no longer allowed on {location}"),
            Break::NotRepeatable => f.write_str("can no longer be repeated"),
        }
    }
}
