//! Which requests of a connection are under way, and whether their responses get anywhere.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// Bodies are handed over in pieces of so many bytes at most, each of which is progress: slow readers go on, and who takes a byte now
/// and then does not. HTTP/2's frames are no larger by default (RFC 9113 §4.2).
const PIECE: usize = 16 << 10;

/// The requests of a connection that are under way: until the last byte of the response has been written, or is given up. hyper knows
/// idle connections of HTTP/1.1 only: one of HTTP/2, or one that has not said yet which it is, it would keep for ever.
#[derive(Clone, Default)]
pub(super) struct UnderWay(Arc<Shared>);

#[derive(Default)]
struct Shared {
    count: watch::Sender<usize>,
    next_id: AtomicU64,
    /// When each response last got further.
    progress: Mutex<HashMap<u64, Instant>>,
}

impl UnderWay {
    pub(super) fn begin(&self) -> UnderWayRequest {
        self.0.count.send_modify(|requests| *requests += 1);
        UnderWayRequest { id: self.0.next_id.fetch_add(1, Ordering::Relaxed), of: self.clone() }
    }

    /// Waits until there has been no request for `time`.
    pub(super) async fn idle(&self, time: Duration) {
        let mut requests = self.0.count.subscribe();
        // Neither wait fails, for the sender is ours.
        while requests.wait_for(|&requests| requests == 0).await.is_ok() && timeout(time, requests.changed()).await.is_ok() {}
    }

    /// Waits until there is a request.
    pub(super) async fn busy(&self) {
        let _ = self.0.count.subscribe().wait_for(|&requests| requests > 0).await;
    }

    /// Waits until some response has not got further for `time`. The socket's own timeout does not see that over HTTP/2, whose clients
    /// hold responses back by flow control while everything that is written is read.
    pub(super) async fn stalled(&self, time: Duration) {
        loop {
            let oldest = self.progress().values().min().copied();
            // Whatever begins meanwhile is due later.
            let due = oldest.map_or(time, |oldest| time.saturating_sub(oldest.elapsed()));
            if due.is_zero() {
                return;
            }
            sleep(due).await;
        }
    }

    fn progress(&self) -> MutexGuard<'_, HashMap<u64, Instant>> {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request under way.
pub(super) struct UnderWayRequest {
    id: u64,
    of: UnderWay,
}

impl UnderWayRequest {
    /// `response`, which from now on has to get on.
    pub(super) fn watch(self, response: Response) -> Response {
        self.got_further();
        response.map(|body| Body::new(Watched { body, rest: Bytes::new(), request: Arc::new(self) }))
    }

    fn got_further(&self) {
        self.of.progress().insert(self.id, Instant::now());
    }
}

impl Drop for UnderWayRequest {
    fn drop(&mut self) {
        self.of.progress().remove(&self.id);
        self.of.0.count.send_modify(|requests| *requests -= 1);
    }
}

/// A body in pieces. It must have its next frame ready when asked: waiting for one would count as the client's delay.
struct Watched {
    body: Body,
    /// What is left of the last frame.
    rest: Bytes,
    request: Arc<UnderWayRequest>,
}

impl Watched {
    fn next_piece(&mut self) -> Frame<Bytes> {
        let bytes = self.rest.split_to(self.rest.len().min(PIECE));
        Frame::data(Bytes::from_owner(Piece { bytes, request: self.request.clone() }))
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.request.got_further();
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        Poll::Ready(Some(Ok(self.next_piece())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest + body.lower());
        if let Some(upper) = body.upper() {
            hint.set_upper(rest + upper);
        }
        hint
    }
}

/// Bytes of a response, of which hyper lets go when they are written: it takes the last ones from the body long before.
struct Piece {
    bytes: Bytes,
    request: Arc<UnderWayRequest>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.request.got_further();
    }
}
