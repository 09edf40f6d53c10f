//! The closed list of codes that every top-level error carries in `extensions.code`.

use async_graphql::{Error, ErrorExtensions, ServerError};
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
    GraphqlParseFailed: "GRAPHQL_PARSE_FAILED", "The document is not syntactically valid GraphQL.";
    GraphqlValidationFailed: "GRAPHQL_VALIDATION_FAILED", "The document or its variables do not fit the schema.";
    BadUserInput: "BAD_USER_INPUT", "An argument fits the schema and still makes no sense, such as a cursor of another order.";
    Unauthenticated: "UNAUTHENTICATED", "The operation needs a credential, or the one presented is not valid.";
    Forbidden: "FORBIDDEN", "The credential lacks a scope.";
    FeatureDisabled: "FEATURE_DISABLED", "The operation is switched off by configuration.";
    ServiceUnavailable: "SERVICE_UNAVAILABLE", "The database cannot be reached or does not answer in time; a later attempt may succeed.";
    InternalServerError: "INTERNAL_SERVER_ERROR", "A fault of the server.";
}

impl ErrorCode {
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
