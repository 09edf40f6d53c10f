//! Serving, and stopping without losing a request.
//!
//! On the first signal the process says that it is not ready and goes on serving for the drain delay, until load balancers have noticed.
//! Then it accepts nothing more, lets requests under way finish and closes idle connections. A deadline, or a second signal, ends that.

use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connections::{Connections, Server};
use super::lifecycle::Lifecycle;

/// How long requests that are cut get to tell their clients so.
const LAST_WORDS: Duration = Duration::from_millis(500);

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
pub async fn serve(
    listener: TcpListener,
    app: Router,
    connections: Connections,
    lifecycle: &Lifecycle,
    mut signals: Signals,
    plan: Plan,
) -> Outcome {
    let server = Server::new(app, connections);
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
    lifecycle.cut_requests();
    let told = async {
        while lifecycle.in_flight() > 0 {
            sleep(LAST_WORDS / 20).await;
        }
    };
    let _ = timeout(LAST_WORDS, told).await;
    Outcome::Cut { requests }
}
