//! What a request is called in logs and error responses, so that one leads to the other.

use std::fmt;
use std::num::NonZeroU128;

use http::HeaderMap;

tokio::task_local! {
    static CURRENT: TraceId;
}

/// A request's trace id, shown as 32 hexadecimal digits: 16 bytes, not all of them zero, as in
/// [W3C Trace Context §3.2.2.3](https://www.w3.org/TR/trace-context/#trace-id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(NonZeroU128);

impl TraceId {
    /// The id that came along, in `traceparent` or an AWS load balancer's `X-Amzn-Trace-Id`; otherwise a random one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let header = |name| headers.get(name)?.to_str().ok();
        let propagated =
            header("traceparent").and_then(from_traceparent).or_else(|| header("x-amzn-trace-id").and_then(from_aws));
        propagated.unwrap_or_else(|| Self(rand::random()))
    }

    /// The id of the request that this task answers, if it does.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }

    /// Runs `future`, in which [`Self::current`] is this id.
    pub async fn scope<T>(self, future: impl Future<Output = T>) -> T {
        CURRENT.scope(self, future).await
    }

    fn parse(digits: &str) -> Option<Self> {
        is_hex(digits, 32).then(|| u128::from_str_radix(digits, 16).ok().and_then(NonZeroU128::new).map(Self)).flatten()
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// `VERSION-TRACE-PARENT-FLAGS`; versions after 00 may append more (§3.2.4).
fn from_traceparent(value: &str) -> Option<TraceId> {
    let mut parts = value.splitn(5, '-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_valid = is_hex(version, 2)
        && version != "ff"
        && is_hex(parent, 16)
        && parent.bytes().any(|digit| digit != b'0')
        && is_hex(flags, 2)
        && (version != "00" || parts.next().is_none());
    if is_valid { TraceId::parse(trace) } else { None }
}

/// `Root=1-TIME-ID`, among other fields:
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html>
fn from_aws(value: &str) -> Option<TraceId> {
    let root = value.split(';').find_map(|field| field.trim().strip_prefix("Root=1-"))?;
    let (time, id) = root.split_once('-')?;
    if time.len() == 8 { TraceId::parse(&format!("{time}{id}")) } else { None }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn of(name: &'static str, value: &str) -> String {
        TraceId::of(&HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])).to_string()
    }

    #[test]
    fn an_id_that_came_along_is_kept() {
        assert_eq!(of("traceparent", &format!("00-{ID}-00f067aa0ba902b7-01")), ID);
        assert_eq!(of("traceparent", &format!("01-{ID}-00f067aa0ba902b7-01-more-of-it")), ID);
        assert_eq!(of("x-amzn-trace-id", &format!("Self=1-x;Root=1-{}-{};Sampled=1", &ID[..8], &ID[8..])), ID);
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
        ] {
            let other = of("traceparent", value);
            assert!(other != ID && other != zero && other.len() == 32, "{value}: {other}");
            assert_ne!(of("x-amzn-trace-id", value), other, "random");
        }
    }
}
