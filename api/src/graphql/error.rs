//! Errors of GraphQL: a code for each, and no more text than a client may see.

use async_graphql::parser::types::OperationType;
use async_graphql::{Error, ErrorExtensions, Response, ServerError, Value};
use sea_orm::DbErr;

use crate::{auth::Denied, database, telemetry::pool};

pub use crate::error_code::ErrorCode;

impl ErrorCode {
    /// A resolver's error with this code.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(message).extend_with(|_, extensions| extensions.set("code", self.as_str()))
    }

    /// A top-level error with this code, outside any resolver.
    #[must_use]
    pub fn server_error(self, message: impl Into<String>) -> ServerError {
        self.tag(ServerError::new(message, None))
    }

    /// `error` with this code, unless it has one already.
    #[must_use]
    pub fn tag(self, mut error: ServerError) -> ServerError {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", self.as_str());
        }
        error
    }
}

/// Whether a response is about the request and no result of it: nothing was executed then (§7.1 of the GraphQL specification). The error of
/// a field has a path.
#[must_use]
pub fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null && response.is_err() && response.errors.iter().all(|error| error.path.is_empty())
}

/// `response`, or, if nothing came of the request because the database was not there for it, a request error: the client learns by the
/// HTTP status that it may try again. Not if something may have been written: by another root field of a mutation, or by the one whose
/// payload could not be read then.
#[must_use]
pub fn fail_as_a_whole(response: Response, kind: Option<OperationType>, root_fields: u64) -> Response {
    let is_query = kind == Some(OperationType::Query);
    let wrote_nothing = |error: &ServerError| is_query || (root_fields == 1 && error.path.len() == 1);
    let away = |error: &ServerError| has_code(error, ErrorCode::ServiceUnavailable) && wrote_nothing(error);
    let nothing = match &response.data {
        Value::Object(members) => members.values().all(|member| *member == Value::Null),
        data => *data == Value::Null,
    };
    if !nothing || response.is_ok() || !response.errors.iter().all(away) {
        return response;
    }
    let message = "the database cannot be reached or is too busy at the moment; try again later";
    Response::from_errors(vec![ErrorCode::ServiceUnavailable.server_error(message)])
}

fn has_code(error: &ServerError, code: ErrorCode) -> bool {
    error.extensions.as_ref().and_then(|extensions| extensions.get("code")) == Some(&Value::from(code.as_str()))
}

/// A database error for the client, [`report`]ed.
#[must_use]
pub fn database_error(error: &DbErr) -> Error {
    report(error);
    client_error(error)
}

/// Logs and counts a database error, which is to be done once, however many fields fail by it.
pub(super) fn report(error: &DbErr) {
    pool::count_timeout(error);
    if database::is_transient(error) {
        database::availability::doubt();
        tracing::error!(%error, "database unavailable");
    } else {
        tracing::error!(%error, "database error");
    }
}

/// A database error for the client: the text stays in the log, for it may name tables, values or hosts.
pub(super) fn client_error(error: &DbErr) -> Error {
    if database::is_transient(error) {
        return ErrorCode::ServiceUnavailable
            .error("the database cannot be reached or is too busy at the moment; try again later");
    }
    ErrorCode::InternalServerError.error("something went wrong on the server; the error has been logged")
}

impl From<Denied> for ErrorCode {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated(_) => Self::Unauthenticated,
            Denied::Forbidden(_) => Self::Forbidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{PathSegment, value};

    use super::*;

    #[test]
    fn only_what_left_nothing_behind_fails_as_a_whole() {
        let (query, mutation) = (Some(OperationType::Query), Some(OperationType::Mutation));
        let away = ErrorCode::ServiceUnavailable;
        for (data, depth, code, kind, root_fields, whole) in [
            (Value::Null, 1, away, query, 1, true),
            (value!({ "a": null, "b": null }), 1, away, query, 2, true),
            (Value::Null, 3, away, query, 1, true),
            (value!({ "a": null, "b": 1 }), 1, away, query, 2, false),
            (Value::Null, 1, ErrorCode::InternalServerError, query, 1, false),
            (Value::Null, 1, away, mutation, 1, true),
            // Another field may have written.
            (Value::Null, 1, away, mutation, 2, false),
            // It has written, and its payload cannot be read.
            (Value::Null, 3, away, mutation, 1, false),
        ] {
            let mut response = Response::new(data.clone());
            let path = vec![PathSegment::Field("a".to_owned()); depth];
            response.errors.push(code.server_error("away").with_path(path));
            let failed = fail_as_a_whole(response, kind, root_fields);
            assert_eq!(is_request_error(&failed), whole, "{data} {depth} {code:?} {kind:?} {root_fields}");
        }
    }
}
