//! The GraphQL schema: types, queries, mutations, connections, loaders and errors. Translates to and from the catalogue.
//!
//! A new field goes to its type's file under `types/`; a new mutation gets its input, payload and resolver in one file under
//! `mutation/`, and what it does becomes a command in [`crate::catalog::write`].

mod batching;
mod connection;
pub mod error;
pub mod guard;
mod guide;
mod id;
mod input;
mod loaders;
mod mutation;
mod operation;
mod query;
mod request_checks;
mod types;
mod variables;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use async_graphql::{EmptySubscription, Request, Response, ServerError};
use sea_orm::DatabaseConnection;

use self::{error::ErrorCode, request_checks::Definitions};
pub use self::{
    guide::guide,
    id::NodeType,
    mutation::Mutation,
    operation::{GraphqlRequest, Operation, Prepared},
    query::Query,
};
use crate::auth::{Scope, Viewer};
use crate::config::{LimitsConfig, Profile};

/// The schema's type.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What of the schema is a matter of configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Whether `seedCatalog` may be called.
    pub seed_catalog: bool,
    /// Decides who may see the schema.
    pub profile: Profile,
    /// How much a document may ask for.
    pub limits: LimitsConfig,
}

/// Builds the schema; it needs no database to be printed.
#[must_use]
pub fn schema(features: Features) -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation::default(), EmptySubscription)
        .extension(request_checks::RequestChecks)
        // The guard has judged that, by fields.
        .limit_recursive_depth(usize::MAX)
        .data(features)
}

/// The schema in the GraphQL schema definition language.
#[must_use]
pub fn sdl() -> String {
    schema(Features::default()).finish().sdl()
}

/// Executes requests over one database.
#[derive(Clone)]
pub struct Executor {
    /// For those who may see the schema.
    open: Schema,
    /// For those who may not: without introspection, and without suggestions in errors.
    closed: Schema,
    db: DatabaseConnection,
    features: Features,
}

impl Executor {
    /// An executor with these features.
    #[must_use]
    pub fn new(db: DatabaseConnection, features: Features) -> Self {
        let schema = || schema(features).data(db.clone());
        Self { open: schema().finish(), closed: schema().disable_introspection().disable_suggestions().finish(), db, features }
    }

    /// The limits that it judges by.
    #[must_use]
    pub const fn limits(&self) -> &LimitsConfig {
        &self.features.limits
    }

    /// Judges a request: nothing of it is validated or executed yet.
    ///
    /// # Errors
    /// Why it is refused, with a code.
    pub fn prepare(&self, request: GraphqlRequest, viewer: &Viewer) -> Result<Prepared, ServerError> {
        let limits = &self.features.limits;
        guard::check_text(&request.document, limits)?;
        let document = parse_query(&request.document).map_err(|error| ErrorCode::GraphqlParseFailed.tag(error.into()))?;
        let chosen = operation::chosen(&document, request.operation_name.as_deref());
        let operation = chosen.map(|(name, chosen)| Operation { name: name.map(ToString::to_string), kind: chosen.node.ty });
        let chosen = chosen.map(|(_, operation)| operation);
        if let Some(kind) = operation.as_ref().map(|operation| operation.kind).filter(|kind| *kind != OperationType::Query)
            && request.queries_only
        {
            let message = format!("a {kind} must be sent by POST; GET is for queries only");
            return Err(ErrorCode::MethodNotAllowed.server_error(message));
        }
        let verdict = guard::check(&document, chosen, &request.variables, limits).0?;
        let sees_schema = self.features.profile == Profile::Development || viewer.has(Scope::Introspection);
        if verdict.document.introspects && !sees_schema {
            let message = format!("the schema is told only to credentials with the scope `{}`", Scope::Introspection);
            return Err(ErrorCode::IntrospectionDisabled.server_error(message));
        }
        let definitions = chosen.map(|chosen| chosen.node.variable_definitions.clone()).unwrap_or_default();
        let mut prepared = Request::new(request.document).variables(request.variables).data(Definitions(definitions));
        prepared.operation_name = request.operation_name;
        prepared.set_parsed_query(document);
        Ok(Prepared { operation, cost: verdict.cost, sees_schema, request: prepared })
    }

    /// Executes a request on a viewer's behalf. Every error of the response has a code of [`error::ErrorCode`].
    pub async fn execute(&self, prepared: Prepared, viewer: Viewer) -> Response {
        let queue = batching::Queue::default();
        let request = prepared.request.data(viewer).data(loaders::loaders(self.db.clone(), queue.clone()));
        let schema = if prepared.sees_schema { &self.open } else { &self.closed };
        batching::drive(&queue, schema.execute(request)).await
    }
}
