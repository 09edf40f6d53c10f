//! Whether the process is on its way out, and what it still has to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::extract::{Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::watch;

use super::guarded_body::hold;

/// Shared by whoever stops the server and whoever answers requests; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    draining: AtomicBool,
    in_flight: AtomicUsize,
    cut: watch::Sender<bool>,
}

impl Lifecycle {
    /// From now on the process is not ready, though it still answers.
    pub fn start_draining(&self) {
        self.0.draining.store(true, Ordering::Release);
    }

    /// Whether [`Self::start_draining`] was called.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Acquire)
    }

    /// From now on requests that have no response get one that says so.
    pub(super) fn cut_requests(&self) {
        self.0.cut.send_replace(true);
    }

    /// Waits for [`Self::cut_requests`].
    pub(super) async fn cut(&self) {
        // The sender is ours: it does not go away.
        let _ = self.0.cut.subscribe().wait_for(|cut| *cut).await;
    }

    /// How many requests have begun and are not answered to the last byte.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.load(Ordering::Acquire)
    }

    fn begin(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Ordering::AcqRel);
        InFlight(self.clone())
    }
}

/// One request under way.
struct InFlight(Lifecycle);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Middleware: counts the request until its last byte has been handed over, and while draining asks clients to come back on another
/// connection, which a load balancer then opens to another task.
pub async fn track(State(lifecycle): State<Lifecycle>, request: Request, next: Next) -> Response {
    let in_flight = lifecycle.begin();
    let is_http1 = request.version() < Version::HTTP_2;
    let mut response = next.run(request).await;
    // HTTP/2 has no such header; there hyper says GOAWAY when it stops.
    if is_http1 && lifecycle.is_draining() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    hold(response, in_flight)
}
