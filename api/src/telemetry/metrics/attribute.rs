//! Attributes of metrics. Each has a bounded number of values: one that a client chooses would make a time series, which is billed, of
//! every value somebody thinks of.

use opentelemetry::{KeyValue, Value};

/// What an attribute's values are.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// One of these.
    Listed(fn() -> Vec<&'static str>),
    /// Bounded in another way, which is said here.
    Bounded(&'static str),
}

/// An attribute, as the documentation tells it.
#[derive(Clone, Copy, Debug)]
pub struct AttributeDefinition {
    /// Its key, of the semantic conventions where there is one.
    pub key: &'static str,
    /// What it means.
    pub description: &'static str,
    /// What its values are.
    pub values: Values,
}

/// A value of one attribute.
pub trait Attribute {
    /// Which attribute it is.
    const DEFINITION: AttributeDefinition;

    /// The value.
    fn value(self) -> Value;
}

/// The attributes of a metric, as a tuple.
pub trait AttributeSet {
    /// Which attributes they are.
    const DEFINITIONS: &'static [AttributeDefinition];

    /// Calls `record` with the values.
    fn with<T>(self, record: impl FnOnce(&[KeyValue]) -> T) -> T;
}

macro_rules! attribute_sets {
    ($(($($attribute:ident $value:ident),*);)+) => {
        $(impl<$($attribute: Attribute),*> AttributeSet for ($($attribute,)*) {
            const DEFINITIONS: &'static [AttributeDefinition] = &[$($attribute::DEFINITION),*];

            fn with<T>(self, record: impl FnOnce(&[KeyValue]) -> T) -> T {
                let ($($value,)*) = self;
                record(&[$(KeyValue::new($attribute::DEFINITION.key, $value.value())),*])
            }
        })+
    };
}

attribute_sets! {
    ();
    (A a);
    (A a, B b);
    (A a, B b, C c);
}
