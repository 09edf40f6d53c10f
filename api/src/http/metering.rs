//! Charges GraphQL requests to their clients, and tells these how they stand.
//!
//! [RateLimit header fields](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/), draft 10.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::{Arc, Mutex, Once, PoisonError};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::caching;
use super::client_address::client_address;
use super::graphql_response::{Refusal, ResponseType, whole_seconds};
use super::rate_limit::{Client, Exhausted, RateLimiter, Standing, WINDOW};
use super::settings::Settings;
use crate::graphql::error::ErrorCode;

/// What every request costs its sender's address, in points, before anything is read: about what reading and parsing it, and looking up
/// its credential, cost beside the fields that the operation is charged for.
const ARRIVAL: u32 = 10;

/// How many bytes of a request cost a point: parsing a document takes some 0.5 ms a kilobyte, even of one that is refused then.
const BYTES_A_POINT: usize = 100;

/// Counts, or not; cheap to clone.
#[derive(Clone)]
pub(super) struct Meter {
    limiter: Arc<RateLimiter>,
    settings: Arc<Settings>,
}

impl Meter {
    /// A meter, if there is a limit.
    pub(super) fn new(settings: &Arc<Settings>) -> Option<Self> {
        let points = settings.rate_limit.and_then(NonZeroU32::new)?;
        Some(Self { limiter: Arc::new(RateLimiter::new(points)), settings: settings.clone() })
    }
}

/// What a request is charged to; travels in its extensions.
#[derive(Clone)]
pub(super) struct Account {
    limiter: Arc<RateLimiter>,
    address: Client,
    standing: Arc<Mutex<Option<Standing>>>,
}

impl Account {
    /// Charges what an operation costs to `principal`, or, if that is nobody in particular, to the address.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`] if there are not enough points.
    pub(super) fn charge_operation(&self, principal: Option<&str>, points: u64) -> Result<(), Refusal> {
        let principal = principal.map(|name| Client::Principal(name.into()));
        self.charge(principal.as_ref().unwrap_or(&self.address), u32::try_from(points).unwrap_or(u32::MAX))
    }

    /// Charges these bytes of a body or query string to the address. It does not matter in how many pieces they come.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`] if there are not enough points.
    pub(super) fn charge_reading(&self, bytes: Range<usize>) -> Result<(), Refusal> {
        match u32::try_from(bytes.end / BYTES_A_POINT - bytes.start / BYTES_A_POINT).unwrap_or(u32::MAX) {
            0 => Ok(()),
            points => self.charge(&self.address, points),
        }
    }

    fn charge(&self, client: &Client, points: u32) -> Result<(), Refusal> {
        let outcome = self.limiter.charge(client, points);
        let standing = outcome.as_ref().map_or_else(|exhausted| exhausted.standing, |standing| *standing);
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Some(standing);
        outcome.map(drop).map_err(|exhausted| refusal(points, exhausted))
    }
}

fn refusal(points: u32, exhausted: Exhausted) -> Refusal {
    let Standing { quota, remaining, .. } = exhausted.standing;
    let window = WINDOW.as_secs();
    let Some(wait) = exhausted.enough_in else {
        let message = format!("this costs {points} points, and a client has only {quota} in {window} s: ask for less at a time");
        return Refusal::new(ErrorCode::RateLimited, message);
    };
    let seconds = whole_seconds(wait);
    let message =
        format!("this costs {points} points, and {remaining} of {quota} in {window} s are left: try again in {seconds} s");
    Refusal::new(ErrorCode::RateLimited, message).retry_after(wait)
}

/// Middleware: charges the arrival of a request, lets the endpoint charge the rest to its [`Account`], and adds to the answer what is left
/// of whom was charged last.
pub(super) async fn meter(State(meter): State<Meter>, mut request: Request, next: Next) -> Response {
    // Where there is no socket, as in benchmarks, all are one client.
    let peer =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let trusted = &meter.settings.trusted_proxies;
    if trusted.is_empty() && request.headers().contains_key("x-forwarded-for") {
        warn_once();
    }
    let address = client_address(peer, request.headers(), trusted);
    let account = Account { limiter: meter.limiter, address: address.into(), standing: Arc::default() };
    let mut response = match account.charge(&account.address, ARRIVAL) {
        Ok(()) => {
            request.extensions_mut().insert(account.clone());
            next.run(request).await
        }
        Err(refusal) => refusal.respond(ResponseType::negotiate(request.headers()).unwrap_or(ResponseType::Json)),
    };
    let standing = *account.standing.lock().unwrap_or_else(PoisonError::into_inner);
    // A cache would tell others how this client stands.
    if let Some(standing) = standing.filter(|_| !caching::is_public(&response)) {
        tell(response.headers_mut(), standing);
    }
    response
}

fn warn_once() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        let advice =
            "if a proxy stands in front, name its network in TAPROOM_TRUSTED_PROXIES: without, all clients share its points";
        tracing::warn!(advice, "X-Forwarded-For is not believed");
    });
}

fn tell(headers: &mut HeaderMap, Standing { quota, remaining, whole_in }: Standing) {
    let policy = format!(r#""cost";q={quota};w={}"#, WINDOW.as_secs());
    let limit = format!(r#""cost";r={remaining};t={}"#, whole_seconds(whole_in));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
        headers.extend(HeaderValue::from_str(&value).map(|value| (HeaderName::from_static(name), value)));
    }
}
