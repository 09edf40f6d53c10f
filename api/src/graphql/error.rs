//! The closed list of codes that every top-level error carries in `extensions.code`.

use async_graphql::{Error, ErrorExtensions, ServerError};
use sea_orm::DbErr;

use crate::{auth::Denied, database};

/// What went wrong, for programs. Part of the public API: documented in the API guide, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The HTTP request is not a well-formed GraphQL request.
    BadRequest,
    /// The HTTP method is not allowed for this operation: mutations are sent by POST.
    MethodNotAllowed,
    /// None of the media types in `Accept` can be produced.
    NotAcceptable,
    /// The body is not in a media type that is understood.
    UnsupportedMediaType,
    /// The body is larger than the limit.
    PayloadTooLarge,
    /// The document is not syntactically valid GraphQL.
    GraphqlParseFailed,
    /// The document or its variables do not fit the schema.
    GraphqlValidationFailed,
    /// An argument fits the schema and still makes no sense, such as a cursor of another order.
    BadUserInput,
    /// The operation needs a credential, or the one presented is not valid.
    Unauthenticated,
    /// The credential lacks a scope.
    Forbidden,
    /// The operation is switched off by configuration.
    FeatureDisabled,
    /// The database cannot be reached or does not answer in time; a later attempt may succeed.
    ServiceUnavailable,
    /// A fault of the server.
    InternalServerError,
}

impl ErrorCode {
    /// Every code there is.
    pub const ALL: [Self; 13] = [
        Self::BadRequest,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::UnsupportedMediaType,
        Self::PayloadTooLarge,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::BadUserInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::FeatureDisabled,
        Self::ServiceUnavailable,
        Self::InternalServerError,
    ];

    /// The code as it stands in `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::FeatureDisabled => "FEATURE_DISABLED",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }

    /// What the code means, in a sentence of the API guide.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::BadRequest => "The HTTP request is not a well-formed GraphQL request.",
            Self::MethodNotAllowed => "The HTTP method is not allowed for this operation: mutations are sent by POST.",
            Self::NotAcceptable => "None of the media types in `Accept` can be produced.",
            Self::UnsupportedMediaType => "The body is not in a media type that is understood.",
            Self::PayloadTooLarge => "The body is larger than the limit.",
            Self::GraphqlParseFailed => "The document is not syntactically valid GraphQL.",
            Self::GraphqlValidationFailed => "The document or its variables do not fit the schema.",
            Self::BadUserInput => "An argument fits the schema and still makes no sense, such as a cursor of another order.",
            Self::Unauthenticated => "The operation needs a credential, or the one presented is not valid.",
            Self::Forbidden => "The credential lacks a scope.",
            Self::FeatureDisabled => "The operation is switched off by configuration.",
            Self::ServiceUnavailable => "The database cannot be reached or does not answer in time; a later attempt may succeed.",
            Self::InternalServerError => "A fault of the server.",
        }
    }

    /// Whether the server is to blame. Client faults never raise an alarm.
    #[must_use]
    pub const fn is_server_fault(self) -> bool {
        matches!(self, Self::ServiceUnavailable | Self::InternalServerError)
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

/// A database error for the client: the text stays in the log, for it may name tables, values or hosts.
#[must_use]
pub fn database_error(error: &DbErr) -> Error {
    if database::is_transient(error) {
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
