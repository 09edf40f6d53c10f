//! A schema from its definition language.

use std::collections::BTreeMap;

use cynic_parser::TypeSystemDocument;
use cynic_parser::common::{OperationType, WrappingType};
use cynic_parser::type_system::{Definition, FieldDefinition, InputValueDefinition, TypeDefinition};

use super::model::{Directive, Field, Input, Kind, Schema, Type, TypeRef};

/// The schema that `text` defines.
///
/// # Errors
/// It is no document of type definitions.
pub(super) fn parse(text: &str) -> Result<Schema, cynic_parser::Error> {
    let document = cynic_parser::parse_type_system_document(text)?;
    let source = Source(text);
    let mut schema = Schema { roots: roots(&document), ..Schema::default() };
    for definition in document.definitions() {
        match definition {
            Definition::Schema(_) | Definition::SchemaExtension(_) => {}
            Definition::Type(ty) | Definition::TypeExtension(ty) => source.add(&mut schema, ty),
            Definition::Directive(directive) => {
                let defined = Directive {
                    arguments: directive.arguments().map(|argument| source.input(argument)).collect(),
                    locations: directive.locations().map(|location| location.to_string()).collect(),
                    repeatable: directive.is_repeatable(),
                };
                schema.directives.insert(directive.name().to_owned(), defined);
            }
        }
    }
    Ok(schema.tidied())
}

/// Types of these names are the roots of a schema that does not say otherwise.
fn roots(document: &TypeSystemDocument) -> BTreeMap<&'static str, String> {
    let stated: BTreeMap<_, _> = document
        .definitions()
        .filter_map(|definition| match definition {
            Definition::Schema(schema) | Definition::SchemaExtension(schema) => Some(schema),
            _ => None,
        })
        .flat_map(|schema| schema.root_operations())
        .map(|root| (operation(root.operation_type()), root.named_type().to_owned()))
        .collect();
    if !stated.is_empty() {
        return stated;
    }
    let defined =
        |name: &str| document.definitions().any(|definition| matches!(definition, Definition::Type(ty) if ty.name() == name));
    let usual = [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")];
    usual.into_iter().filter(|(_, name)| defined(name)).map(|(root, name)| (root, name.to_owned())).collect()
}

fn operation(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// The text that spans point into.
struct Source<'a>(&'a str);

impl Source<'_> {
    /// Adds a type, or what an extension says of it.
    fn add(&self, schema: &mut Schema, definition: TypeDefinition<'_>) {
        let kind = match definition {
            TypeDefinition::Scalar(_) => Kind::Scalar,
            TypeDefinition::Object(_) => Kind::Object,
            TypeDefinition::Interface(_) => Kind::Interface,
            TypeDefinition::Union(_) => Kind::Union,
            TypeDefinition::Enum(_) => Kind::Enum,
            TypeDefinition::InputObject(_) => Kind::InputObject,
        };
        let ty = schema.types.entry(definition.name().to_owned()).or_insert_with(|| Type::new(kind));
        match definition {
            TypeDefinition::Scalar(_) => {}
            TypeDefinition::Object(object) => {
                ty.fields.extend(object.fields().map(|field| self.field(field)));
                ty.interfaces.extend(object.implements_interfaces().map(str::to_owned));
            }
            TypeDefinition::Interface(interface) => {
                ty.fields.extend(interface.fields().map(|field| self.field(field)));
                ty.interfaces.extend(interface.implements_interfaces().map(str::to_owned));
            }
            TypeDefinition::Union(union) => ty.members.extend(union.members().map(|member| member.name().to_owned())),
            TypeDefinition::Enum(values) => ty.members.extend(values.values().map(|value| value.value().to_owned())),
            TypeDefinition::InputObject(input) => {
                ty.inputs.extend(input.fields().map(|field| self.input(field)));
                ty.one_of |= input.directives().any(|directive| directive.name() == "oneOf");
            }
        }
    }

    fn field(&self, field: FieldDefinition<'_>) -> (String, Field) {
        let arguments = field.arguments().map(|argument| self.input(argument)).collect();
        (field.name().to_owned(), Field { ty: type_ref(field.ty()), arguments })
    }

    fn input(&self, input: InputValueDefinition<'_>) -> (String, Input) {
        let default = input.default_value().map(|_| {
            let span = input.default_value_span();
            // It has the equals sign.
            self.0.get(span.start..span.end).unwrap_or_default().trim_start_matches('=').trim().to_owned()
        });
        (input.name().to_owned(), Input { ty: type_ref(input.ty()), default })
    }
}

fn type_ref(ty: cynic_parser::type_system::Type<'_>) -> TypeRef {
    // From the outermost to the innermost.
    let wrappers: Vec<_> = ty.wrappers().collect();
    wrappers.into_iter().rev().fold(TypeRef::Named(ty.name().to_owned()), |inner, wrapper| match wrapper {
        WrappingType::List => TypeRef::List(Box::new(inner)),
        WrappingType::NonNull => TypeRef::NonNull(Box::new(inner)),
    })
}
