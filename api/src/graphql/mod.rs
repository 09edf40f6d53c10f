//! The GraphQL schema: types, queries, mutations, connections, loaders and errors. Translates to and from the catalogue.
//!
//! A new field goes to its type's file under `types/`; a new mutation gets its input, payload and resolver in one file under
//! `mutation/`, and what it does becomes a command in [`crate::catalog::write`].

mod batching;
mod cache_hints;
mod cache_policy;
mod connection;
pub mod documents;
pub mod error;
mod facts;
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

use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use async_graphql::{EmptySubscription, Request, Response, ServerError};
use sea_orm::DatabaseConnection;

use self::{
    documents::{Documents, Resolved},
    error::ErrorCode,
    facts::Facts,
    request_checks::Definitions,
};
pub use self::{
    guide::guide,
    id::NodeType,
    mutation::Mutation,
    operation::{GraphqlRequest, Known, Operation, Prepared},
    query::Query,
};
use crate::auth::{Scope, Viewer};
use crate::config::{LimitsConfig, Profile};
use crate::telemetry::trace::step;

/// The schema's type.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What builds it.
pub type SchemaBuilder = async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription>;

/// What of the schema is a matter of configuration.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Whether `seedCatalog` may be called.
    pub seed_catalog: bool,
    /// Decides who may see the schema.
    pub profile: Profile,
    /// How much a document may ask for.
    pub limits: LimitsConfig,
    /// The documents that need not be sent.
    pub documents: Arc<Documents>,
}

/// Builds the schema; it needs no database to be printed.
#[must_use]
pub fn schema(features: Features) -> SchemaBuilder {
    Schema::build(Query, Mutation::default(), EmptySubscription)
        .register_output_type::<cache_hints::RelayTypes>()
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
        Self::extended(db, features, |schema| schema)
    }

    /// The same, with extensions of one's own, which see requests before ours do.
    pub fn extended(db: DatabaseConnection, features: Features, extend: impl Fn(SchemaBuilder) -> SchemaBuilder) -> Self {
        // So that the first request does not wait for it.
        Facts::ours();
        let schema = || extend(schema(features.clone()).data(db.clone()));
        let closed = schema().disable_introspection().disable_suggestions().finish();
        Self { open: schema().finish(), closed, db, features }
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
        self.judge(request, viewer, &mut Known::default())
    }

    /// The same. What becomes `known` of the request is so even if it is refused.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn judge(&self, request: GraphqlRequest, viewer: &Viewer, known: &mut Known) -> Result<Prepared, ServerError> {
        let Resolved { text, origin, by_id, persisted, registration } = self.features.documents.resolve(request.document)?;
        *known = Known { origin: Some(origin), document_hash: Some(documents::hash(&text)), persisted, ..Known::default() };
        let limits = &self.features.limits;
        let parsing = step!("graphql.parse").entered();
        guard::check_text(&text, limits)?;
        let document = parse_query(&text).map_err(|error| ErrorCode::GraphqlParseFailed.tag(error.into()))?;
        drop(parsing);
        let chosen = operation::chosen(&document, request.operation_name.as_deref());
        let operation = chosen.map(|(name, chosen)| Operation { name: name.map(ToString::to_string), kind: chosen.node.ty });
        let chosen = chosen.map(|(_, operation)| operation);
        known.operation.clone_from(&operation);
        if let Some(kind) = operation.as_ref().map(|operation| operation.kind).filter(|kind| *kind != OperationType::Query)
            && request.queries_only
        {
            let message = format!("a {kind} must be sent by POST; GET is for queries only");
            return Err(ErrorCode::MethodNotAllowed.server_error(message));
        }
        let verdict = step!("graphql.guard").in_scope(|| guard::check(&document, chosen, &request.variables, limits)).0?;
        known.cost = Some(verdict.cost);
        let sees_schema = self.features.profile == Profile::Development || viewer.has(Scope::Introspection);
        if verdict.document.introspects && !sees_schema {
            let message = format!("the schema is told only to credentials with the scope `{}`", Scope::Introspection);
            return Err(ErrorCode::IntrospectionDisabled.server_error(message));
        }
        let chosen_by_id = chosen.filter(|_| by_id && request.queries_only);
        let max_age = chosen_by_id.and_then(|chosen| cache_policy::max_age(Facts::ours(), &document, &chosen.node));
        let definitions = chosen.map(|chosen| chosen.node.variable_definitions.clone()).unwrap_or_default();
        let mut prepared = Request::new(text).variables(request.variables).data(Definitions(definitions));
        prepared.operation_name = request.operation_name;
        prepared.set_parsed_query(document);
        let (cost, root_fields) = (verdict.cost, verdict.document.root_fields);
        Ok(Prepared { operation, cost, root_fields, origin, max_age, sees_schema, registration, request: prepared })
    }

    /// Executes a request on a viewer's behalf. Every error of the response has a code of [`error::ErrorCode`].
    pub async fn execute(&self, prepared: Prepared, viewer: Viewer) -> Response {
        let queue = batching::Queue::default();
        let request = prepared.request.data(viewer).data(loaders::loaders(self.db.clone(), queue.clone()));
        let schema = if prepared.sees_schema { &self.open } else { &self.closed };
        let kind = prepared.operation.map(|operation| operation.kind);
        let response = batching::drive(&queue, schema.execute(request)).await;
        let mut response = error::fail_as_a_whole(response, kind, prepared.root_fields);
        // async-graphql's own reckoning takes silence for consent.
        response.cache_control.max_age = prepared.max_age.and_then(|age| age.try_into().ok()).unwrap_or(0);
        if let Some(registration) = prepared.registration.filter(|_| !error::is_request_error(&response)) {
            self.features.documents.register(registration);
        }
        response
    }
}
