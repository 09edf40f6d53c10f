//! What belongs to one request: its trace, and what is counted until it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::propagation::TraceContextPropagator;

tokio::task_local! {
    static CURRENT: RequestTrace;
}

/// One request's place in a trace; cheap to clone.
#[derive(Clone, Debug)]
pub struct RequestTrace(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    trace_id: TraceId,
    /// Whose work the request is part of, if that was said.
    parent: Option<SpanContext>,
    span_id: SpanId,
    /// Whether a span has taken the id.
    span_id_taken: AtomicBool,
    is_sampled: bool,
    statements: AtomicU64,
}

impl RequestTrace {
    /// The trace that came along, in `traceparent` or `X-Amzn-Trace-Id`; otherwise a new one.
    ///
    /// Whether it is traced is decided here, at random: a load balancer leaves that open, and clients could have all their requests traced.
    #[must_use]
    pub fn begin(headers: &HeaderMap, ratio: f64) -> Self {
        let propagated = from_traceparent(headers).or_else(|| from_aws(headers));
        let trace_id = propagated.as_ref().map_or_else(random_trace_id, SpanContext::trace_id);
        Self(Arc::new(Inner {
            trace_id,
            // A load balancer names the trace alone.
            parent: propagated.filter(SpanContext::is_valid),
            span_id: random_span_id(),
            span_id_taken: AtomicBool::new(false),
            is_sampled: rand::random_bool(ratio),
            statements: AtomicU64::new(0),
        }))
    }

    /// That of the request which this task answers, if it does.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Runs `future`, in which [`Self::current`] is this.
    pub async fn scope<T>(self, future: impl Future<Output = T>) -> T {
        CURRENT.scope(self, future).await
    }

    /// Whether this task answers a request that is traced.
    pub(super) fn is_current_sampled() -> bool {
        CURRENT.try_with(|current| current.0.is_sampled).unwrap_or(false)
    }

    /// Whether its spans are exported.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.0.is_sampled
    }

    /// 16 bytes, not all of them zero: [W3C Trace Context §3.2.2.3](https://www.w3.org/TR/trace-context/#trace-id).
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.0.trace_id
    }

    /// The id of the request's own span.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.0.span_id
    }

    /// [`Self::trace_id`] as X-Ray writes it: `1-TIME-ID`
    /// (<https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids>).
    #[must_use]
    pub fn xray_trace_id(&self) -> String {
        let id = self.0.trace_id.to_string();
        let (time, rest) = id.split_at(8);
        format!("1-{time}-{rest}")
    }

    /// The context in which the request's own span begins.
    pub(super) fn parent_context(&self) -> Option<Context> {
        self.0.parent.clone().map(|parent| Context::new().with_remote_span_context(parent))
    }

    /// Counts an SQL statement of the request that this task answers.
    pub fn count_statement() {
        let _ = CURRENT.try_with(|current| current.0.statements.fetch_add(1, Ordering::Relaxed));
    }

    /// How many SQL statements it has taken so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }
}

/// Gives the request's own span the ids that the log has.
#[derive(Debug)]
pub(super) struct Ids;

impl opentelemetry_sdk::trace::IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        CURRENT.try_with(|current| current.0.trace_id).unwrap_or_else(|_| random_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        let own = CURRENT.try_with(|current| {
            let is_first = !current.0.span_id_taken.swap(true, Ordering::Relaxed);
            is_first.then_some(current.0.span_id)
        });
        own.ok().flatten().unwrap_or_else(random_span_id)
    }
}

fn from_traceparent(headers: &HeaderMap) -> Option<SpanContext> {
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
    Some(context.span().span_context().clone()).filter(SpanContext::is_valid)
}

/// `Root=1-TIME-ID` and, from others than load balancers, `Parent=ID`, among other fields:
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html>
///
/// opentelemetry-aws' propagator would log, as its error, what a stranger puts into the other fields, and forget the trace.
fn from_aws(headers: &HeaderMap) -> Option<SpanContext> {
    let header = headers.get("x-amzn-trace-id")?.to_str().ok()?;
    let field = |name: &str| header.split(';').find_map(|field| field.trim().strip_prefix(name));
    let (time, id) = field("Root=1-")?.split_once('-')?;
    let is_id = time.len() == 8 && id.len() == 24 && [time, id].concat().bytes().all(|byte| byte.is_ascii_hexdigit());
    let trace_id = is_id.then(|| TraceId::from_hex(&[time, id].concat()).ok()).flatten()?;
    let parent = field("Parent=").and_then(|id| SpanId::from_hex(id).ok()).unwrap_or(SpanId::INVALID);
    Some(SpanContext::new(trace_id, parent, TraceFlags::default(), true, TraceState::NONE))
        .filter(|found| found.trace_id() != TraceId::INVALID)
}

fn random_trace_id() -> TraceId {
    TraceId::from(rand::random::<std::num::NonZeroU128>().get())
}

fn random_span_id() -> SpanId {
    SpanId::from(rand::random::<std::num::NonZeroU64>().get())
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS_HEADER: &str = "x-amzn-trace-id";
    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn begin(name: &'static str, value: &str) -> RequestTrace {
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())]);
        RequestTrace::begin(&headers, 0.0)
    }

    #[test]
    fn an_id_that_came_along_is_kept() {
        let id = |name, value: &str| begin(name, value).trace_id().to_string();
        assert_eq!(id("traceparent", &format!("00-{ID}-00f067aa0ba902b7-01")), ID);
        assert_eq!(id("traceparent", &format!("01-{ID}-00f067aa0ba902b7-01-more-of-it")), ID);
        let root = format!("Root=1-{}-{}", &ID[..8], &ID[8..]);
        assert_eq!(id(AWS_HEADER, &root), ID);
        assert_eq!(id(AWS_HEADER, &format!("Self=1-67891233-12456789abcdef012345678;{root};CalledFrom=app")), ID);
        // What else is in it is its own business.
        assert_eq!(id(AWS_HEADER, &format!("{root};a b=1;=;\t;x=y=z")), ID);
        assert_eq!(begin(AWS_HEADER, &root).xray_trace_id(), format!("1-{}-{}", &ID[..8], &ID[8..]));
    }

    #[test]
    fn a_parent_is_kept_if_there_is_one() {
        let parent = |name, value: &str| begin(name, value).0.parent.as_ref().map(|parent| parent.span_id().to_string());
        assert_eq!(parent("traceparent", &format!("00-{ID}-00f067aa0ba902b7-01")).unwrap(), "00f067aa0ba902b7");
        let root = format!("Root=1-{}-{}", &ID[..8], &ID[8..]);
        assert_eq!(parent(AWS_HEADER, &format!("{root};Parent=53995c3f42cd8ad8;Sampled=1")).unwrap(), "53995c3f42cd8ad8");
        assert_eq!(parent(AWS_HEADER, &root), None);
    }

    #[test]
    fn one_that_is_none_is_replaced() {
        let zero = "0".repeat(32);
        for value in [
            "",
            ID,
            &format!("00-{zero}-00f067aa0ba902b7-01"),
            &format!("00-{ID}-0000000000000000-01"),
            &format!("ff-{ID}-00f067aa0ba902b7-01"),
            &format!("00-{ID}-00f067aa0ba902b7-01-more"),
            &format!("00-{}-00f067aa0ba902b7-01", ID.to_uppercase()),
            &format!("Root=1-{}-{ID}", &ID[..8]),
            "Root=1-a-b",
            "Root=1-00000000-000000000000000000000000",
        ] {
            let other = begin("traceparent", value).trace_id().to_string();
            assert!(other != ID && other != zero && other.len() == 32, "{value}: {other}");
            assert_ne!(begin(AWS_HEADER, value).trace_id().to_string(), other, "random");
        }
    }

    #[test]
    fn nobody_but_the_ratio_decides_what_is_traced() {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static("traceparent"),
            format!("00-{ID}-00f067aa0ba902b7-01").parse().unwrap(),
        )]);
        assert!(!RequestTrace::begin(&headers, 0.0).is_sampled());
        assert!(RequestTrace::begin(&HeaderMap::new(), 1.0).is_sampled());
    }
}
