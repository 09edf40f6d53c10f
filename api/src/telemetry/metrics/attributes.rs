//! The attributes there are.

use std::collections::HashSet;
use std::sync::Arc;

use http::{Method, StatusCode};
use opentelemetry::{StringValue, Value};
use opentelemetry_semantic_conventions::attribute;

use super::{Attribute, AttributeDefinition, Values};
use crate::error_code::ErrorCode;

/// Declares attributes whose values are the variants of an enum.
macro_rules! listed {
    ($($(#[$meta:meta])* $name:ident = $key:expr, $description:literal { $($(#[$doc:meta])* $variant:ident = $value:literal),+ $(,)? })+) => {
        $($(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The value as it is sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $value),+ }
            }
        }

        impl Attribute for $name {
            const DEFINITION: AttributeDefinition =
                AttributeDefinition { key: $key, description: $description, values: Values::Listed(|| vec![$($value),+]) };

            fn value(self) -> Value {
                self.as_str().into()
            }
        })+
    };
}

listed! {
    /// The type of a GraphQL operation.
    OperationType = attribute::GRAPHQL_OPERATION_TYPE, "Type of the operation; `none` if the request did not get as far as having one." {
        /// It reads.
        Query = "query",
        /// It writes.
        Mutation = "mutation",
        /// There is none in our schema.
        Subscription = "subscription",
        /// The request was refused before.
        None = "none",
    }
    /// What became of a request that named its document by an id.
    PersistedQueryResult = "graphql.persisted_query.result", "What became of the id." {
        /// It is one of the manifest.
        Trusted = "trusted",
        /// It had been registered.
        Hit = "hit",
        /// It is not known: the client has to send the text.
        Miss = "miss",
        /// The text came along, and is known from now on.
        Registered = "registered",
    }
    /// What an SQL statement does.
    DatabaseOperation = attribute::DB_OPERATION_NAME, "The statement's first word." {
        /// Reads.
        Select = "SELECT",
        /// Adds rows.
        Insert = "INSERT",
        /// Changes rows.
        Update = "UPDATE",
        /// Removes rows.
        Delete = "DELETE",
        /// Anything else.
        Other = "other",
    }
    /// Whether a connection of the pool is in use.
    ConnectionState = attribute::DB_CLIENT_CONNECTION_STATE, "Whether it is in use." {
        /// It waits to be used.
        Idle = "idle",
        /// Somebody uses it.
        Used = "used",
    }
    /// Why spans were not exported.
    DropReason = attribute::ERROR_TYPE, "Why they were dropped." {
        /// More ended than could be exported.
        QueueFull = "queue_full",
        /// The collector did not take them.
        ExportFailed = "export_failed",
    }
    /// Where a request went.
    HttpRoute = attribute::HTTP_ROUTE, "Pattern of the path." {
        /// The API.
        Graphql = "/graphql",
        /// The playground's page.
        Index = "/",
        /// The playground's files.
        Playground = "/playground/{*path}",
        /// Liveness.
        Livez = "/livez",
        /// Readiness.
        Readyz = "/readyz",
        /// Which build it is.
        Version = "/version",
        /// Nowhere.
        Other = "other",
    }
}

impl HttpRoute {
    /// The route with this pattern.
    #[must_use]
    pub fn of(pattern: Option<&str>) -> Self {
        let all = [Self::Graphql, Self::Index, Self::Playground, Self::Livez, Self::Readyz, Self::Version];
        all.into_iter().find(|route| Some(route.as_str()) == pattern).unwrap_or(Self::Other)
    }
}

/// The operation's name if it is one of the allow-list, else `other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationName(StringValue);

impl Attribute for OperationName {
    const DEFINITION: AttributeDefinition = AttributeDefinition {
        key: attribute::GRAPHQL_OPERATION_NAME,
        description: "Name of the operation, which its client has chosen.",
        values: Values::Bounded("those of `TAPROOM_METRIC_OPERATIONS`, else `other`"),
    };

    fn value(self) -> Value {
        self.0.into()
    }
}

/// The operation names that metrics tell apart; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct OperationNames(Arc<HashSet<Arc<str>>>);

impl OperationNames {
    /// Tells these apart.
    #[must_use]
    pub fn new<T: AsRef<str>>(names: &[T]) -> Self {
        Self(Arc::new(names.iter().map(|name| name.as_ref().into()).collect()))
    }

    /// The value for an operation of this name.
    #[must_use]
    pub fn value(&self, name: Option<&str>) -> OperationName {
        let known = name.and_then(|name| self.0.get(name));
        OperationName(known.map_or_else(|| "other".into(), |name| name.clone().into()))
    }
}

/// The code of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorType(pub ErrorCode);

impl Attribute for ErrorType {
    const DEFINITION: AttributeDefinition = AttributeDefinition {
        key: attribute::ERROR_TYPE,
        description: "Code of the error, as in `extensions.code`.",
        values: Values::Listed(|| ErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
    };

    fn value(self) -> Value {
        self.0.as_str().into()
    }
}

/// The code of a guard's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardCode(ErrorCode);

impl GuardCode {
    /// `code`, if it is a guard's.
    #[must_use]
    pub fn new(code: ErrorCode) -> Option<Self> {
        code.is_guard().then_some(Self(code))
    }
}

impl Attribute for GuardCode {
    const DEFINITION: AttributeDefinition = AttributeDefinition {
        key: attribute::ERROR_TYPE,
        description: "Code of the limit.",
        values: Values::Listed(|| ErrorCode::ALL.iter().filter(|code| code.is_guard()).map(|code| code.as_str()).collect()),
    };

    fn value(self) -> Value {
        self.0.as_str().into()
    }
}

/// The method of an HTTP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpMethod(&'static str);

impl HttpMethod {
    /// None that is known.
    pub const OTHER: Self = Self("_OTHER");

    const KNOWN: [&'static str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

    /// `method`, or `_OTHER` if it is none of
    /// [those that the semantic conventions know](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#common-attributes).
    #[must_use]
    pub fn of(method: &Method) -> Self {
        Self::KNOWN.into_iter().find(|known| *known == method.as_str()).map_or(Self::OTHER, Self)
    }

    /// The value as it is sent.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl Attribute for HttpMethod {
    const DEFINITION: AttributeDefinition = AttributeDefinition {
        key: attribute::HTTP_REQUEST_METHOD,
        description: "Method of the request.",
        values: Values::Listed(|| HttpMethod::KNOWN.into_iter().chain([HttpMethod::OTHER.0]).collect()),
    };

    fn value(self) -> Value {
        self.0.into()
    }
}

/// The status of an HTTP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpStatus(pub StatusCode);

impl Attribute for HttpStatus {
    const DEFINITION: AttributeDefinition = AttributeDefinition {
        key: attribute::HTTP_RESPONSE_STATUS_CODE,
        description: "Status of the response.",
        values: Values::Bounded("the status codes that the service answers with"),
    };

    fn value(self) -> Value {
        i64::from(self.0.as_u16()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_make_values() {
        let names = OperationNames::new(&["Beers"]);
        assert_eq!(names.value(Some("Beers")).value().as_str(), "Beers");
        for name in [None, Some("beers"), Some("Mine")] {
            assert_eq!(names.value(name).value().as_str(), "other");
        }
        assert_eq!(HttpMethod::of(&Method::from_bytes(b"BREW").unwrap()).as_str(), "_OTHER");
        assert_eq!(HttpRoute::of(Some("/secret/{path}")), HttpRoute::Other);
        assert_eq!(GuardCode::new(ErrorCode::Forbidden), None);
    }
}
