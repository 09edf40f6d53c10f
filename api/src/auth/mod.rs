//! From an `Authorization` header to a [`Viewer`]: API keys and JSON Web Tokens.

mod scope;
mod viewer;

pub use scope::Scope;
pub use viewer::{Denied, Viewer};
