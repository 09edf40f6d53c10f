//! The closed list of codes that every top-level error carries in `extensions.code`.

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

    /// Whether a guard refused the request for a limit of [`crate::config::LimitsConfig`].
    #[must_use]
    pub const fn is_guard(self) -> bool {
        matches!(
            self,
            Self::DocumentSizeLimitExceeded
                | Self::TokenLimitExceeded
                | Self::NestingLimitExceeded
                | Self::DepthLimitExceeded
                | Self::CostLimitExceeded
                | Self::FieldLimitExceeded
                | Self::AliasLimitExceeded
                | Self::RootFieldLimitExceeded
                | Self::DirectiveLimitExceeded
                | Self::FragmentLimitExceeded
        )
    }
}
