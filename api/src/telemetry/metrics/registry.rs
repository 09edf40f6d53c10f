//! Every metric there is. `docs/telemetry.md` is made of this list.

use std::sync::LazyLock;

use opentelemetry::metrics::Meter;

use super::attributes::{
    ConnectionState, DatabaseOperation, DropReason, ErrorType, GuardCode, HttpMethod, HttpRoute, HttpStatus, OperationName,
    OperationType, PersistedQueryResult,
};
use super::{AttributeSet, Counter, Definition, Gauge, Histogram, ObservableGauge};

/// The instrumentation scope of what we measure.
const SCOPE: &str = "taproom";

macro_rules! registry {
    ($($field:ident: $kind:ident<$attributes:ty>, $name:literal, $unit:literal, $description:literal;)+) => {
        /// The service's instruments.
        #[derive(Debug)]
        pub struct Metrics {
            $(#[doc = $description] pub $field: $kind<$attributes>,)+
        }

        impl Metrics {
            fn new(meter: &Meter) -> Self {
                let [$($field),+] = definitions();
                Self { $($field: $kind::new(meter, &$field)),+ }
            }
        }

        /// Every metric, in the order of the documentation.
        #[must_use]
        pub const fn definitions() -> [Definition; [$($name),+].len()] {
            [$(Definition {
                name: $name,
                kind: $kind::<$attributes>::KIND,
                unit: $unit,
                description: $description,
                attributes: <$attributes>::DEFINITIONS,
            }),+]
        }
    };
}

registry! {
    http_request_duration: Histogram<(HttpMethod, HttpRoute, HttpStatus)>, "http.server.request.duration", "s",
        "How long HTTP requests took until their response was ready, the time to read them included. Successful health checks aside, unless a load balancer forwarded them.";
    http_active_requests: ObservableGauge<()>, "http.server.active_requests", "{request}",
        "HTTP requests under way, of one task.";
    http_rate_limited: Counter<()>, "http.server.rate_limited", "{request}",
        "HTTP requests refused because their client had no points left.";
    graphql_requests: Counter<(OperationType, OperationName)>, "graphql.server.requests", "{request}",
        "GraphQL requests, whatever came of them, but those refused because their client had no points left.";
    graphql_faults: Counter<(OperationType, OperationName)>, "graphql.server.faults", "{request}",
        "GraphQL requests with at least one error for which the server is to blame, whatever their HTTP status.";
    graphql_errors: Counter<(ErrorType,)>, "graphql.server.errors", "{error}",
        "Errors told to clients, by their code.";
    graphql_request_duration: Histogram<(OperationType, OperationName)>, "graphql.server.request.duration", "s",
        "How long GraphQL requests took from when they had been read until their response was ready.";
    graphql_rejected: Counter<(GuardCode,)>, "graphql.server.rejected", "{request}",
        "GraphQL requests refused by a guard, before anything was executed, by the limit they exceeded.";
    graphql_persisted_query: Counter<(PersistedQueryResult,)>, "graphql.server.persisted_query", "{request}",
        "GraphQL requests that named their document by an id, by what became of it.";
    graphql_db_statements: Histogram<(OperationType, OperationName)>, "graphql.server.db_statements", "{statement}",
        "SQL statements that a GraphQL request took, the look-up of its credential included; transaction control not, nor one that was cut with the request.";
    db_operation_duration: Histogram<(DatabaseOperation,)>, "db.client.operation.duration", "s",
        "How long SQL statements took that ended, by themselves or by the database's time limit; the wait for a connection not included.";
    db_connection_wait: Histogram<()>, "db.client.connection.wait_time", "s",
        "How long a connection of the pool was waited for, by those who got one.";
    db_connection_timeouts: Counter<()>, "db.client.connection.timeouts", "{timeout}",
        "Attempts of requests to get a connection of the pool that were given up.";
    db_connection_count: ObservableGauge<(ConnectionState,)>, "db.client.connection.count", "{connection}",
        "Connections of one task's pool, by whether they are in use.";
    db_connection_max: ObservableGauge<()>, "db.client.connection.max", "{connection}",
        "Most connections that one task's pool may open.";
    startup_duration: Gauge<()>, "taproom.startup.duration", "s",
        "How long a task took from its start until it served; recorded once, so that it also marks when tasks were started.";
    spans_dropped: Counter<(DropReason,)>, "taproom.spans.dropped", "{span}",
        "Spans of sampled requests that were not exported, by why.";
}

/// The instruments of this process. They record for the meter provider there is when they are first asked for: after
/// [`crate::telemetry::init`], and for nobody without it.
pub fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(&opentelemetry::global::meter(SCOPE)));
    &METRICS
}
