//! What the catalogue does, over SeaORM: its rules, reading, writing, search, import and seed. Knows no GraphQL and no HTTP.

pub mod bulk;
pub mod clock;
pub mod error;
pub mod import;
pub mod progress;
pub mod rules;
pub mod search;
pub mod seed;
pub mod text;
