//! Accepting connections, and stopping without losing a request.
//!
//! On the first signal the process says that it is not ready and goes on serving for the drain delay, until load balancers have noticed.
//! Then it accepts nothing more, lets requests under way finish and closes idle connections. A deadline, or a second signal, ends that.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::lifecycle::Lifecycle;

/// How long a client may take to send a request's head, which includes the time that it leaves a connection idle: hyper starts the
/// clock when the previous response has been sent. It must exceed the load balancer's idle timeout (an ALB's is 60 s by default), for
/// else we could close a connection just as the load balancer reuses it, and its client would see a 502.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// A pause after a failed accept, which is mostly for lack of file descriptors and would fail again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a connection that has not sent anything yet may still begin to, once the listener is closed.
const FIRST_BYTE_GRACE: Duration = Duration::from_millis(100);

/// At most so many connections are taken from the backlog before the listener is closed: Linux keeps no more by default.
const BACKLOG: usize = 4096;

/// How to stop.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How long to go on serving, not ready, after the signal.
    pub drain_delay: Duration,
    /// How long after the signal, the drain delay included, requests that are still under way are cut.
    pub deadline: Duration,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every request was answered.
    Drained,
    /// The deadline passed, or a second signal came, with so many requests under way, at least one.
    Cut {
        /// How many requests were not answered to the end.
        requests: usize,
    },
}

/// The signals to stop.
pub struct Signals(mpsc::UnboundedReceiver<&'static str>);

impl Signals {
    /// Listens for SIGTERM and SIGINT from now on.
    ///
    /// # Errors
    /// The operating system's, if it refuses.
    #[cfg(unix)]
    pub fn install() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (sender, signals) = Self::channel();
        for (kind, name) in [(SignalKind::terminate(), "SIGTERM"), (SignalKind::interrupt(), "SIGINT")] {
            let (mut stream, sender) = (signal(kind)?, sender.clone());
            tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(name).is_ok() {} });
        }
        Ok(signals)
    }

    /// Listens for Ctrl-C from now on.
    ///
    /// # Errors
    /// None here; on Unix there may be.
    #[cfg(not(unix))]
    pub fn install() -> io::Result<Self> {
        let (sender, signals) = Self::channel();
        tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send("Ctrl-C").is_ok() {} });
        Ok(signals)
    }

    /// Signals that the caller sends, for tests.
    #[must_use]
    pub fn channel() -> (mpsc::UnboundedSender<&'static str>, Self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, Self(receiver))
    }

    /// The next signal's name; waits for ever when nobody can send one any more.
    pub async fn next(&mut self) -> &'static str {
        match self.0.recv().await {
            Some(name) => name,
            None => std::future::pending().await,
        }
    }
}

/// Serves `app` on `listener`, over HTTP/1.1 and HTTP/2 without TLS, until a signal comes and the [`Plan`] is carried out.
pub async fn serve(listener: TcpListener, app: Router, lifecycle: &Lifecycle, mut signals: Signals, plan: Plan) -> Outcome {
    let server = Server::new(app);
    let signal = tokio::select! {
        signal = signals.next() => signal,
        never = server.accept(&listener) => match never {},
    };
    tracing::info!(signal, in_flight = lifecycle.in_flight(), drain_delay = ?plan.drain_delay, "stopping: not ready any more");
    lifecycle.start_draining();
    let deadline = Instant::now() + plan.deadline;

    let drain = async {
        tokio::select! {
            () = sleep(plan.drain_delay) => {}
            never = server.accept(&listener) => match never {},
        }
        server.finish(listener).await;
    };
    let why = tokio::select! {
        () = drain => {
            tracing::info!("stopped: every request was answered");
            return Outcome::Drained;
        }
        () = sleep_until(deadline) => "the deadline has passed",
        signal = signals.next() => signal,
    };
    let requests = lifecycle.in_flight();
    if requests == 0 {
        // Only connections were left, on which nobody had asked anything yet.
        tracing::info!(why, "stopped: every request was answered");
        return Outcome::Drained;
    }
    tracing::warn!(requests, why, "stopped: requests under way were cut");
    Outcome::Cut { requests }
}

struct Server {
    app: Router,
    builder: auto::Builder<TokioExecutor>,
    /// Becomes true when connections shall end. Each holds a receiver until it has.
    ending: watch::Sender<bool>,
}

impl Server {
    fn new(app: Router) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        builder.http2().timer(TokioTimer::new());
        Self { app, builder, ending: watch::Sender::new(false) }
    }

    async fn accept(&self, listener: &TcpListener) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => self.spawn(stream),
                Err(error) if is_of_client(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn spawn(&self, stream: TcpStream) {
        tokio::spawn(converse(stream, self.app.clone(), self.builder.clone(), self.ending.subscribe()));
    }

    /// Takes what has connected already, closes the listener, and waits until every connection is done.
    async fn finish(self, listener: TcpListener) {
        if let Err(error) = self.take_backlog(listener) {
            tracing::warn!(%error, "connections that were not accepted yet may be lost");
        }
        self.ending.send_replace(true);
        self.ending.closed().await;
    }

    /// Asks the system itself: tokio learns of new connections only when it polls, and would hand out but some of them at a time.
    fn take_backlog(&self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        for _ in 0..BACKLOG {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(true)?;
                    self.spawn(TcpStream::from_std(stream)?);
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

async fn converse(stream: TcpStream, app: Router, builder: auto::Builder<TokioExecutor>, mut ending: watch::Receiver<bool>) {
    // Responses are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    // hyper-util closes a connection of which it has read nothing, although a request may be waiting in the socket.
    if !begins(&stream, &mut ending).await {
        return;
    }
    let service = TowerToHyperService::new(app);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let result = tokio::select! {
        // In this order, so that it has read what is there before it is told to end; `GracefulShutdown` has the other one.
        biased;
        result = connection.as_mut() => result,
        () = ended(&mut ending) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(error, "a connection ended badly");
    }
}

/// Waits until there is something to read; gives up after the time for a request's head, or soon after connections shall end.
async fn begins(stream: &TcpStream, ending: &mut watch::Receiver<bool>) -> bool {
    let given_up = async {
        ended(ending).await;
        sleep(FIRST_BYTE_GRACE).await;
    };
    tokio::select! {
        biased;
        readable = stream.readable() => readable.is_ok(),
        () = given_up => false,
        () = sleep(HEAD_TIMEOUT) => false,
    }
}

/// Waits until connections shall end, or the server is gone.
async fn ended(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|&ending| ending).await;
}
