//! The GraphQL schema: types, queries, mutations, connections, loaders and errors. Translates to and from the catalogue.
//!
//! A new field goes to its type's file under `types/`; a new mutation gets its input, payload and resolver in one file under
//! `mutation/`, and what it does becomes a command in [`crate::catalog::write`].

mod batching;
mod connection;
pub mod error;
pub mod error_codes;
mod guide;
mod id;
mod input;
mod loaders;
mod mutation;
mod nesting;
mod query;
mod types;
mod variables;

use async_graphql::{EmptySubscription, Request, Response};
use sea_orm::DatabaseConnection;

pub use self::{guide::guide, id::NodeType, mutation::Mutation, query::Query};
use crate::auth::Viewer;

/// The schema's type.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What of the schema is a matter of configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Whether `seedCatalog` may be called.
    pub seed_catalog: bool,
}

/// Builds the schema; it needs no database to be printed.
#[must_use]
pub fn schema(features: Features) -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation::default(), EmptySubscription).extension(error_codes::ErrorCodes).data(features)
}

/// The schema in the GraphQL schema definition language.
#[must_use]
pub fn sdl() -> String {
    schema(Features::default()).finish().sdl()
}

/// Executes requests over one database.
#[derive(Clone)]
pub struct Executor {
    schema: Schema,
    db: DatabaseConnection,
}

impl Executor {
    /// An executor with these features.
    #[must_use]
    pub fn new(db: DatabaseConnection, features: Features) -> Self {
        Self { schema: schema(features).data(db.clone()).finish(), db }
    }

    /// Executes a request on a viewer's behalf. Every error of the response has a code of [`error::ErrorCode`].
    pub async fn execute(&self, request: Request, viewer: Viewer) -> Response {
        let queue = batching::Queue::default();
        let request = request.data(viewer).data(loaders::loaders(self.db.clone(), queue.clone()));
        batching::drive(&queue, self.schema.execute(request)).await
    }
}
