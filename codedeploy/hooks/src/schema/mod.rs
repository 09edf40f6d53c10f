//! Which changes of a schema break those who use it.

mod change;
mod compare;
pub(crate) mod introspection;
mod model;
mod sdl;

pub use change::{Break, BreakingChange};
pub(crate) use compare::compare;
pub use model::Kind;
pub(crate) use model::Schema;

/// A text that is no schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The one that is there.
    #[error("the old schema cannot be read: {0}")]
    Old(cynic_parser::Error),
    /// The one that is to come.
    #[error("the new schema cannot be read: {0}")]
    New(cynic_parser::Error),
}

/// What users of the schema `old`, in the definition language, would miss in `new`. Changes that need care but break no operation, such as a further
/// value of an enum, are not among them.
///
/// # Errors
/// One of them is no schema.
pub fn breaking_changes(old: &str, new: &str) -> Result<Vec<BreakingChange>, SchemaError> {
    let old = sdl::parse(old).map_err(SchemaError::Old)?;
    let new = sdl::parse(new).map_err(SchemaError::New)?;
    Ok(compare(&old, &new))
}

#[cfg(test)]
mod tests;
