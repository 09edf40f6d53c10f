//! What of a schema its users would miss in another one. The rules are those of graphql-js' `findBreakingChanges`, with which a test compares them, and two more:
//! a default that is gone, and an input object that became `@oneOf`, change what operations mean that are still valid.

use std::collections::BTreeMap;

use super::change::{Break, BreakingChange};
use super::model::{Directive, Field, Input, Kind, Schema, Type, TypeRef};

/// What breaks, by its path.
pub(crate) fn compare(old: &Schema, new: &Schema) -> Vec<BreakingChange> {
    let mut found = Found(Vec::new());
    for (root, name) in &old.roots {
        match new.roots.get(root) {
            Some(other) if other == name => {}
            other => found.add(root, Break::RootChanged { old: name.clone(), new: other.cloned() }),
        }
    }
    for (name, old) in &old.types {
        match new.types.get(name) {
            None => found.add(name, Break::TypeRemoved),
            Some(new) if new.kind != old.kind => found.add(name, Break::KindChanged { old: old.kind, new: new.kind }),
            Some(new) => found.types(name, old, new),
        }
    }
    for (name, old) in &old.directives {
        let path = format!("@{name}");
        match new.directives.get(name) {
            None => found.add(&path, Break::DirectiveRemoved),
            Some(new) => found.directives(&path, old, new),
        }
    }
    found.0.sort_by(|one, other| one.path.cmp(&other.path));
    found.0
}

struct Found(Vec<BreakingChange>);

impl Found {
    fn add(&mut self, path: &str, what: Break) {
        self.0.push(BreakingChange { path: path.to_owned(), what });
    }

    fn types(&mut self, name: &str, old: &Type, new: &Type) {
        for (field, old) in &old.fields {
            let path = format!("{name}.{field}");
            match new.fields.get(field) {
                None => self.add(&path, Break::FieldRemoved),
                Some(new) => self.fields(&path, old, new),
            }
        }
        self.inputs(name, &old.inputs, &new.inputs, Place::InputObject);
        for interface in old.interfaces.difference(&new.interfaces) {
            self.add(name, Break::InterfaceRemoved(interface.clone()));
        }
        for member in old.members.difference(&new.members) {
            let what = if old.kind == Kind::Enum { Break::ValueRemoved } else { Break::MemberRemoved };
            self.add(&format!("{name}.{member}"), what);
        }
        if new.one_of && !old.one_of {
            self.add(name, Break::OneOf);
        }
    }

    fn fields(&mut self, path: &str, old: &Field, new: &Field) {
        if !gives_what(&old.ty, &new.ty) {
            self.add(path, Break::TypeChanged { old: old.ty.to_string(), new: new.ty.to_string() });
        }
        self.inputs(path, &old.arguments, &new.arguments, Place::Arguments);
    }

    fn inputs(&mut self, parent: &str, old: &BTreeMap<String, Input>, new: &BTreeMap<String, Input>, place: Place) {
        for (name, old) in old {
            let path = place.path(parent, name);
            let Some(new) = new.get(name) else {
                self.add(&path, place.removed());
                continue;
            };
            if !takes_what(&old.ty, &new.ty) {
                self.add(&path, Break::TypeChanged { old: old.ty.to_string(), new: new.ty.to_string() });
            }
            // Nothing and null are told apart by few, and a default of null says the same as none to the others.
            if let (Some(default), None) = (&old.default, &new.default)
                && default != "null"
            {
                self.add(&path, Break::DefaultRemoved(default.clone()));
            }
        }
        for (name, input) in new.iter().filter(|(name, input)| input.is_required() && !old.contains_key(*name)) {
            self.add(&place.path(parent, name), Break::RequiredAdded(input.ty.to_string()));
        }
    }

    fn directives(&mut self, path: &str, old: &Directive, new: &Directive) {
        self.inputs(path, &old.arguments, &new.arguments, Place::Arguments);
        for location in old.locations.difference(&new.locations) {
            self.add(path, Break::LocationRemoved(location.clone()));
        }
        if old.repeatable && !new.repeatable {
            self.add(path, Break::NotRepeatable);
        }
    }
}

#[derive(Clone, Copy)]
enum Place {
    Arguments,
    InputObject,
}

impl Place {
    /// As a schema coordinate.
    fn path(self, parent: &str, name: &str) -> String {
        match self {
            Self::Arguments => format!("{parent}({name}:)"),
            Self::InputObject => format!("{parent}.{name}"),
        }
    }

    fn removed(self) -> Break {
        match self {
            Self::Arguments => Break::ArgumentRemoved,
            Self::InputObject => Break::FieldRemoved,
        }
    }
}

/// Whether a field of the type `new` gives nothing that one of `old` could not have given.
fn gives_what(old: &TypeRef, new: &TypeRef) -> bool {
    match (old, new) {
        (TypeRef::NonNull(old), TypeRef::NonNull(new)) | (TypeRef::List(old), TypeRef::List(new)) => gives_what(old, new),
        (TypeRef::NonNull(_), _) => false,
        (old, TypeRef::NonNull(new)) => gives_what(old, new),
        (old, new) => old == new,
    }
}

/// Whether an input of the type `new` takes all that one of `old` took.
fn takes_what(old: &TypeRef, new: &TypeRef) -> bool {
    match (old, new) {
        (TypeRef::NonNull(old), TypeRef::NonNull(new)) | (TypeRef::List(old), TypeRef::List(new)) => takes_what(old, new),
        (TypeRef::NonNull(old), new) => takes_what(old, new),
        (old, new) => old == new,
    }
}
