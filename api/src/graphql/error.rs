//! The closed list of codes that every top-level error carries in `extensions.code`.

use async_graphql::parser::types::OperationType;
use async_graphql::{Error, ErrorExtensions, Response, ServerError, Value};
use sea_orm::DbErr;

use crate::{auth::Denied, database};

/// Declares the codes, each with its sentence for the API guide, which is its doc comment too.
macro_rules! error_codes {
    ($($variant:ident: $code:literal, $meaning:literal;)+) => {
        /// What went wrong, for programs. Part of the public API: documented in the API guide, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as it stands in `extensions.code`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What the code means, in a sentence of the API guide.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }
        }
    };
}

error_codes! {
    BadRequest: "BAD_REQUEST", "The HTTP request is not a well-formed GraphQL request.";
    MethodNotAllowed: "METHOD_NOT_ALLOWED", "The HTTP method is not allowed for this operation: mutations are sent by POST.";
    NotAcceptable: "NOT_ACCEPTABLE", "None of the media types in `Accept` can be produced.";
    UnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE", "The body is not in a media type that is understood.";
    PayloadTooLarge: "PAYLOAD_TOO_LARGE", "The body is larger than the limit.";
    NotFound: "NOT_FOUND", "There is nothing at the path of the URL.";
    CsrfPrevented: "CSRF_PREVENTED", "A web page of somebody else could have sent the request: a header is missing that only a page we allow can set.";
    RequestTimeout: "REQUEST_TIMEOUT", "The request's body did not arrive in time.";
    RateLimited: "RATE_LIMITED", "The client has used up its points for now; `Retry-After` says when there are enough again.";
    PersistedQueryNotFound: "PERSISTED_QUERY_NOT_FOUND", "No document is stored under this hash: send it along once.";
    PersistedQueryNotSupported: "PERSISTED_QUERY_NOT_SUPPORTED", "Documents are not stored here, or not any more: send the document itself.";
    TrustedDocumentRequired: "TRUSTED_DOCUMENT_REQUIRED", "Only documents of the manifest are executed here, and this is none of them.";
    IntrospectionDisabled: "INTROSPECTION_DISABLED", "The schema is told only to credentials with the scope `introspection`.";
    DocumentSizeLimitExceeded: "DOCUMENT_SIZE_LIMIT_EXCEEDED", "The document has too many bytes.";
    TokenLimitExceeded: "TOKEN_LIMIT_EXCEEDED", "The document has too many tokens, or its arguments too many values, fragments expanded.";
    NestingLimitExceeded: "NESTING_LIMIT_EXCEEDED", "Brackets or selection sets of the document nest too deep, fragments included.";
    DepthLimitExceeded: "DEPTH_LIMIT_EXCEEDED", "Fields nest too deep, once fragments are expanded.";
    CostLimitExceeded: "COST_LIMIT_EXCEEDED", "The operation may cost too much, see [cost and limits](#cost-and-limits).";
    FieldLimitExceeded: "FIELD_LIMIT_EXCEEDED", "The document selects too many fields, once fragments are expanded.";
    AliasLimitExceeded: "ALIAS_LIMIT_EXCEEDED", "The document has too many aliases, once fragments are expanded.";
    RootFieldLimitExceeded: "ROOT_FIELD_LIMIT_EXCEEDED", "An operation has too many root fields, once fragments are expanded.";
    DirectiveLimitExceeded: "DIRECTIVE_LIMIT_EXCEEDED", "The document has too many directives, once fragments are expanded.";
    FragmentLimitExceeded: "FRAGMENT_LIMIT_EXCEEDED", "The document defines too many fragments.";
    GraphqlParseFailed: "GRAPHQL_PARSE_FAILED", "The document is not syntactically valid GraphQL.";
    GraphqlValidationFailed: "GRAPHQL_VALIDATION_FAILED", "The document or its variables do not fit the schema.";
    BadUserInput: "BAD_USER_INPUT", "An argument fits the schema and still makes no sense, such as a cursor of another order.";
    Unauthenticated: "UNAUTHENTICATED", "The operation needs a credential, or the one presented is not valid.";
    Forbidden: "FORBIDDEN", "The credential lacks a scope.";
    FeatureDisabled: "FEATURE_DISABLED", "The operation is switched off by configuration.";
    ServiceUnavailable: "SERVICE_UNAVAILABLE", "The database cannot be reached or does not answer in time; a later attempt may succeed.";
    Overloaded: "OVERLOADED", "The server has more to do than it can; a later attempt may succeed.";
    OperationTimeout: "OPERATION_TIMEOUT", "The operation took too long and was ended.";
    InternalServerError: "INTERNAL_SERVER_ERROR", "A fault of the server.";
}

impl ErrorCode {
    /// Whether the server is to blame. Client faults never raise an alarm.
    #[must_use]
    pub const fn is_server_fault(self) -> bool {
        matches!(self, Self::ServiceUnavailable | Self::Overloaded | Self::OperationTimeout | Self::InternalServerError)
    }

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

/// A database error for the client: the text stays in the log, for it may name tables, values or hosts.
#[must_use]
pub fn database_error(error: &DbErr) -> Error {
    if database::is_transient(error) {
        database::availability::doubt();
        tracing::error!(%error, "database unavailable");
        return ErrorCode::ServiceUnavailable
            .error("the database cannot be reached or is too busy at the moment; try again later");
    }
    tracing::error!(%error, "database error");
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
