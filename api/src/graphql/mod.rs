//! The GraphQL schema: types, queries, mutations, connections, loaders and errors. Translates to and from the catalogue.

pub mod error;
