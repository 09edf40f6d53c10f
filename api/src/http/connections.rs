//! Accepting connections, and what one may take: time, memory, and a place among the others.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::Service;

use super::guarded_body::hold;
use crate::config::HttpConfig;

/// A pause after a failed accept, which is mostly for lack of file descriptors and would fail again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a connection that has not sent anything yet may still begin to, once the listener is closed.
const FIRST_BYTE_GRACE: Duration = Duration::from_millis(100);

/// At most so many connections are taken from the backlog before the listener is closed: Linux keeps no more by default.
const BACKLOG: usize = 4096;

/// Most bytes of a request's head: a GET may bring a document, percent-encoded.
const MAX_HEAD_BYTES: u32 = 64 << 10;

/// Most requests at a time on one HTTP/2 connection; RFC 9113 §6.5.2 recommends no less.
const MAX_STREAMS: u32 = 100;

/// How often an HTTP/2 client is asked whether it is still there, and how long it may take to say so.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a connection without a request may still take to hand over what is left of the last response, once it has been idle: a
/// client of HTTP/2 can hold responses back while it reads everything else.
const FLUSH_TIME: Duration = Duration::from_secs(300);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// How long one may be without a request, or take to send a request's head. It must exceed the load balancer's idle timeout (an
    /// ALB's is 60 s by default), for else we could close a connection just as the load balancer reuses it, and its client would see a
    /// 502.
    pub idle_timeout: Duration,
    /// How long a client may read nothing while there is something to read.
    pub write_timeout: Duration,
    /// How many may be open at a time; further ones wait in the system's backlog.
    pub max_connections: u32,
}

impl Default for Connections {
    fn default() -> Self {
        Self { idle_timeout: Duration::from_secs(75), write_timeout: Duration::from_secs(30), max_connections: 4096 }
    }
}

impl From<&HttpConfig> for Connections {
    fn from(config: &HttpConfig) -> Self {
        let HttpConfig { idle_timeout, write_timeout, max_connections, .. } = *config;
        Self { idle_timeout, write_timeout, max_connections }
    }
}

/// Serves connections until it is told to finish.
pub(super) struct Server {
    service: Arc<Shared>,
    vacancies: Arc<Semaphore>,
    /// Becomes true when connections shall end. Each holds a receiver until it has.
    ending: watch::Sender<bool>,
}

struct Shared {
    app: Router,
    builder: auto::Builder<TokioExecutor>,
    limits: Connections,
}

impl Server {
    pub(super) fn new(app: Router, limits: Connections) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // hyper starts the clock when the previous response has been sent.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.idle_timeout).max_buf_size(MAX_HEAD_BYTES as usize);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD_BYTES);
        let vacancies = usize::try_from(limits.max_connections).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self {
            service: Arc::new(Shared { app, builder, limits }),
            vacancies: Arc::new(Semaphore::new(vacancies)),
            ending: watch::Sender::new(false),
        }
    }

    /// Accepts connections while there is a place for them.
    pub(super) async fn accept(&self, listener: &TcpListener) -> Infallible {
        loop {
            // It is never closed, so there always comes one.
            let place = self.vacancies.clone().acquire_owned().await.ok();
            match listener.accept().await {
                Ok((stream, peer)) => self.spawn(stream, peer, place),
                Err(error) if is_of_client(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn spawn(&self, stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>) {
        let (service, ending) = (self.service.clone(), self.ending.subscribe());
        tokio::spawn(async move {
            service.converse(stream, peer, ending).await;
            drop(place);
        });
    }

    /// Takes what has connected already, closes the listener, and waits until every connection is done.
    pub(super) async fn finish(self, listener: TcpListener) {
        if let Err(error) = self.take_backlog(listener) {
            tracing::warn!(%error, "connections that were not accepted yet may be lost");
        }
        self.ending.send_replace(true);
        self.ending.closed().await;
    }

    /// Asks the system itself: tokio learns of new connections only when it polls, and would hand out but some of them at a time. They
    /// need no place: none comes after them, and whoever waited for one would see a reset connection instead.
    fn take_backlog(&self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        for _ in 0..BACKLOG {
            match listener.accept() {
                Ok((stream, peer)) => {
                    stream.set_nonblocking(true)?;
                    self.spawn(TcpStream::from_std(stream)?, peer, None);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if is_of_client(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a connection could not be accepted because its client has left.
fn is_of_client(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

impl Shared {
    async fn converse(&self, stream: TcpStream, peer: SocketAddr, mut ending: watch::Receiver<bool>) {
        // Responses are written whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        // hyper-util closes a connection of which it has read nothing, although a request may be waiting in the socket.
        if !begins(&stream, &mut ending, self.limits.idle_timeout).await {
            return;
        }
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.write_timeout));
        let under_way = UnderWay::default();
        let service = service_fn(|mut request: Request<Incoming>| {
            let (mut app, guard) = (self.app.clone(), under_way.begin());
            request.extensions_mut().insert(ConnectInfo(peer));
            async move { app.call(request).await.map(|response| hold(response, guard)) }
        });
        let mut connection = pin!(self.builder.serve_connection(TokioIo::new(Box::pin(stream)), service));
        let result = tokio::select! {
            // In this order, so that it has read what is there before it is told to end; `GracefulShutdown` has the other one.
            biased;
            result = connection.as_mut() => result,
            () = ended(&mut ending) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = under_way.idle(self.limits.idle_timeout) => {
                connection.as_mut().graceful_shutdown();
                timeout(FLUSH_TIME, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = result {
            tracing::debug!(error, "a connection ended badly");
        }
    }
}

/// Waits until there is something to read; gives up after the time for a request's head, or soon after connections shall end.
async fn begins(stream: &TcpStream, ending: &mut watch::Receiver<bool>, idle_timeout: Duration) -> bool {
    let given_up = async {
        ended(ending).await;
        sleep(FIRST_BYTE_GRACE).await;
    };
    tokio::select! {
        biased;
        readable = stream.readable() => readable.is_ok(),
        () = given_up => false,
        () = sleep(idle_timeout) => false,
    }
}

/// Waits until connections shall end, or the server is gone.
async fn ended(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|&ending| ending).await;
}

/// How many requests of a connection are under way. hyper knows idle connections of HTTP/1.1 only: one of HTTP/2, or one that has not
/// said yet which it is, it would keep for ever.
#[derive(Default)]
struct UnderWay(watch::Sender<usize>);

impl UnderWay {
    fn begin(&self) -> Guard {
        self.0.send_modify(|requests| *requests += 1);
        Guard(self.0.clone())
    }

    /// Waits until there has been no request for `time`.
    async fn idle(&self, time: Duration) {
        let mut requests = self.0.subscribe();
        // Neither wait fails, for the sender is ours.
        while requests.wait_for(|&requests| requests == 0).await.is_ok() && timeout(time, requests.changed()).await.is_ok() {}
    }
}

struct Guard(watch::Sender<usize>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.send_modify(|requests| *requests -= 1);
    }
}
