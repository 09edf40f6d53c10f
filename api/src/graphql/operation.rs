//! A request on its way to execution: what came, and what it is once it has been judged.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Positioned, Variables};

use super::documents::{DocumentSource, Origin, Registration};
use crate::telemetry::metrics::attributes::PersistedQueryResult;

/// What a client asks for.
#[derive(Clone, Debug, Default)]
pub struct GraphqlRequest {
    /// What it says about its document.
    pub document: DocumentSource,
    /// Which of its operations to execute; none if there is but one.
    pub operation_name: Option<String>,
    /// Values of its variables.
    pub variables: Variables,
    /// Whether only a query may be executed, because the request came by a method without side effects.
    pub queries_only: bool,
}

impl GraphqlRequest {
    /// A request for the only operation of the document `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self { document: DocumentSource::Text(text.into()), ..Self::default() }
    }
}

/// Which operation of the document was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name the client gave it, if any.
    pub name: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

/// What becomes known of a request while it is judged, even if it is refused.
#[derive(Debug, Default)]
pub struct Known {
    /// The operation.
    pub operation: Option<Operation>,
    /// Where the document came from.
    pub origin: Option<Origin>,
    /// The lower-case hexadecimal SHA-256 of its text.
    pub document_hash: Option<String>,
    /// What became of its id, if the request had one.
    pub persisted: Option<PersistedQueryResult>,
    /// Points that the operation may cost.
    pub cost: Option<u64>,
}

/// A request that was judged and may be executed.
#[derive(Debug)]
pub struct Prepared {
    /// The operation; none if the request does not choose exactly one, which execution reports.
    pub operation: Option<Operation>,
    /// Points that it may cost: see [`super::guard`].
    pub cost: u64,
    /// How many root fields the document's operations have.
    pub(super) root_fields: u64,
    /// Whether whoever asks may see the schema.
    pub(super) sees_schema: bool,
    /// Where the document came from.
    pub origin: Origin,
    /// For how many seconds every cache may keep an anonymous answer without errors: a query's that came by a safe method and named its
    /// document by its id alone. None if none may.
    pub max_age: Option<u32>,
    pub(super) registration: Option<Registration>,
    pub(super) request: async_graphql::Request,
}

/// The operation that would be executed; none if the name does not choose exactly one.
pub(super) fn chosen<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Option<(Option<&'a Name>, &'a Positioned<OperationDefinition>)> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), None) => Some((None, operation)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(wanted)) => {
            operations.get_key_value(wanted).map(|(name, operation)| (Some(name), operation))
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            all.next().filter(|_| operations.len() == 1).map(|(name, operation)| (Some(name), operation))
        }
    }
}
