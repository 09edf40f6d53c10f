//! What the catalogue does, over SeaORM: its rules, reading, writing, search, import and seed. Knows no GraphQL and no HTTP.

pub mod bulk;
pub mod error;
pub mod filter;
pub mod import;
pub mod list;
pub mod progress;
pub mod resource;
pub mod rules;
pub mod search;
pub mod seed;
pub mod text;
pub mod write;
