//! Accepting connections, and what one may take: time, memory, and a place among the others.

use std::convert::Infallible;
use std::error::Error;
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
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::Service;

use super::observation::count_unreadable;
use super::places::{Admission, Place, Places};
use super::under_way::UnderWay;
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

/// How long a connection may be without a request once another one waits for its place. An idle one may be of a client that is about to
/// use it, who then has to try again; but to refuse new ones instead would let anybody shut everybody out by connecting and saying
/// nothing, the health check among them.
const CROWDED_IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// For how long a response may get nowhere while another connection waits for the place, and how long the requests of one that is told to
/// leave for it may still take: longer than an operation does.
const CROWDED_STALL_TIMEOUT: Duration = Duration::from_secs(5);
const CROWDED_REQUESTS_TIME: Duration = Duration::from_secs(30);

/// How long a client of HTTP/2 may take to hear that its idle connection is closed: what it has sent before is still answered.
const GOODBYE_TIME: Duration = Duration::from_secs(5);

/// Nor may it go on asking longer than this after it was told.
const LAST_REQUESTS_TIME: Duration = Duration::from_secs(300);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// How long one may be without a request, or take to send a request's head. It must exceed the load balancer's idle timeout (an
    /// ALB's is 60 s by default), for else we could close a connection just as the load balancer reuses it, and its client would see a
    /// 502.
    pub idle_timeout: Duration,
    /// How long a client may read nothing while there is something to read, and how long it may take over some kilobytes of any one
    /// response.
    pub write_timeout: Duration,
    /// How many may be served at a time. When they are, those without a request make place for new ones after a second.
    pub max_connections: u32,
    /// How many may wait for a place; further ones are closed at once, so that the next from loopback is reached.
    pub max_waiting: u32,
    /// How many more may be served from loopback, whence a container's own health check comes: who fails it is killed. They have a bound
    /// because a proxy beside us brings strangers from there, too.
    pub reserved_for_loopback: u32,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(20),
            max_connections: 4096,
            max_waiting: 1024,
            reserved_for_loopback: 32,
        }
    }
}

impl From<&HttpConfig> for Connections {
    fn from(config: &HttpConfig) -> Self {
        let HttpConfig { idle_timeout, write_timeout, max_connections, .. } = *config;
        Self { idle_timeout, write_timeout, max_connections, ..Self::default() }
    }
}

/// Serves connections until it is told to finish.
pub(super) struct Server {
    service: Arc<Shared>,
    places: Arc<Places>,
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
        Self {
            places: Places::new(&limits),
            service: Arc::new(Shared { app, builder, limits }),
            ending: watch::Sender::new(false),
        }
    }

    /// Accepts connections, and serves those that have a place.
    pub(super) async fn accept(&self, listener: &TcpListener) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => match self.places.admit(peer.ip()) {
                    Some(admission) => self.spawn(stream, peer, Some(admission)),
                    None => tracing::debug!(%peer, "closed: too many connections wait for a place"),
                },
                Err(error) if is_of_client(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn spawn(&self, stream: TcpStream, peer: SocketAddr, admission: Option<Admission>) {
        let (service, mut ending) = (self.service.clone(), self.ending.subscribe());
        tokio::spawn(async move {
            let mut place = match admission {
                Some(admission) => tokio::select! {
                    place = admission.place() => place,
                    // Nobody comes after it.
                    () = ended(&mut ending) => None,
                },
                None => None,
            };
            // In a box, so that those that wait take little memory.
            Box::pin(service.converse(stream, peer, ending, &mut place)).await;
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
    async fn converse(&self, stream: TcpStream, peer: SocketAddr, mut ending: watch::Receiver<bool>, place: &mut Option<Place>) {
        // Responses are written whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        // hyper-util closes a connection of which it has read nothing, although a request may be waiting in the socket.
        if !begins(&stream, &mut ending, self.limits.idle_timeout, place).await {
            return;
        }
        let under_way = UnderWay::default();
        let result = tokio::select! {
            result = self.serve(stream, peer, &mut ending, place, &under_way) => result,
            () = under_way.stalled(self.limits.write_timeout) => Err("a response is not read".into()),
        };
        if let Err(error) = result {
            count_unreadable(&*error);
            tracing::debug!(error, "a connection ended badly");
        }
    }

    async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        ending: &mut watch::Receiver<bool>,
        place: &mut Option<Place>,
        under_way: &UnderWay,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.write_timeout));
        let service = service_fn(|mut request: Request<Incoming>| {
            let (mut app, this) = (self.app.clone(), under_way.begin());
            request.extensions_mut().insert(ConnectInfo(peer));
            async move { app.call(request).await.map(|response| this.watch(response)) }
        });
        let mut connection = pin!(self.builder.serve_connection(TokioIo::new(Box::pin(stream)), service));
        let (goodbye_time, stall_timeout, requests_time) = tokio::select! {
            // In this order, so that it has read what is there before it is told to end; `GracefulShutdown` has the other one.
            biased;
            result = connection.as_mut() => return result,
            () = ended(ending) => {
                connection.as_mut().graceful_shutdown();
                return connection.await;
            }
            () = under_way.idle(self.limits.idle_timeout) => (GOODBYE_TIME, self.limits.write_timeout, LAST_REQUESTS_TIME),
            () = dispensable(under_way, place) => (CROWDED_IDLE_TIMEOUT, CROWDED_STALL_TIMEOUT, CROWDED_REQUESTS_TIME),
        };
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            result = connection => result,
            () = under_way.idle(goodbye_time) => Ok(()),
            () = under_way.stalled(stall_timeout) => Err("a response is not read".into()),
            () = sleep(requests_time) => Ok(()),
        }
    }
}

/// Waits until there is something to read; gives up after the time for a request's head, or soon after connections shall end, or when
/// another one waits for the place.
async fn begins(
    stream: &TcpStream,
    ending: &mut watch::Receiver<bool>,
    idle_timeout: Duration,
    place: &mut Option<Place>,
) -> bool {
    let given_up = async {
        ended(ending).await;
        sleep(FIRST_BYTE_GRACE).await;
    };
    let nothing = UnderWay::default();
    tokio::select! {
        biased;
        readable = stream.readable() => readable.is_ok(),
        () = given_up => false,
        () = sleep(idle_timeout) => false,
        () = dispensable(&nothing, place) => false,
    }
}

/// Waits until the connection has been without a request for a while, or with a response that gets nowhere, and another one waits for its
/// place.
async fn dispensable(under_way: &UnderWay, place: &mut Option<Place>) {
    let Some(place) = place else { return std::future::pending().await };
    loop {
        tokio::select! {
            () = under_way.idle(CROWDED_IDLE_TIMEOUT) => tokio::select! {
                biased;
                () = under_way.busy() => {}
                () = place.wanted() => return,
            },
            () = under_way.stalled(CROWDED_STALL_TIMEOUT) => {
                if timeout(CROWDED_IDLE_TIMEOUT, place.wanted()).await.is_ok() {
                    return;
                }
            }
        }
    }
}

/// Waits until connections shall end, or the server is gone.
async fn ended(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|&ending| ending).await;
}
