//! What the service exports to: an OTLP/gRPC receiver on a loopback port, within the test.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{MetricsService, MetricsServiceServer};
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// How exports are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Takes them.
    #[default]
    Accept,
    /// Says that it is unavailable, as the collector does when its memory limiter refuses.
    Refuse,
    /// Says nothing until that is changed.
    Hang,
}

/// An export, and whether one of spans hung when it came.
#[derive(Clone, Debug)]
pub struct Arrival<T> {
    pub beside_hanging: bool,
    pub request: T,
}

/// What was accepted so far, in the order of its arrival.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub traces: Vec<Arrival<ExportTraceServiceRequest>>,
    pub metrics: Vec<Arrival<ExportMetricsServiceRequest>>,
    /// Exports that were refused.
    pub refused: usize,
}

/// Receives until it is dropped.
pub struct Receiver {
    endpoint: String,
    state: Arc<State>,
    server: JoinHandle<()>,
}

struct State {
    received: Mutex<Received>,
    /// Counts up with each export.
    changed: watch::Sender<u64>,
    answer: watch::Sender<Answer>,
    answer_to_spans: watch::Sender<Answer>,
    exports_of_spans: AtomicU64,
    hanging: Mutex<BTreeSet<u64>>,
}

/// An export of spans that is not answered yet. The client may give it up.
struct Hanging<'a>(&'a State, u64);

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.hanging().remove(&self.1);
    }
}

impl Receiver {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let endpoint = format!("http://{}", listener.local_addr().expect("the port"));
        let state = Arc::new(State {
            received: Mutex::default(),
            changed: watch::Sender::new(0),
            answer: watch::Sender::default(),
            answer_to_spans: watch::Sender::default(),
            exports_of_spans: AtomicU64::default(),
            hanging: Mutex::default(),
        });
        let services = Server::builder()
            .add_service(TraceServiceServer::from_arc(state.clone()))
            .add_service(MetricsServiceServer::from_arc(state.clone()));
        let serve = services.serve_with_incoming(TcpIncoming::from(listener));
        let server = tokio::spawn(async move { serve.await.expect("the receiver serves") });
        Self { endpoint, state, server }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// From now on exports are answered so, those that hang included.
    pub fn answer(&self, answer: Answer) {
        self.state.answer.send_replace(answer);
        self.answer_spans(answer);
    }

    /// The same, of spans alone.
    pub fn answer_spans(&self, answer: Answer) {
        self.state.answer_to_spans.send_replace(answer);
    }

    /// Exports of spans that wait for an answer now, by their number.
    pub fn hanging(&self) -> BTreeSet<u64> {
        self.state.hanging().clone()
    }

    /// What was accepted so far.
    pub fn received(&self) -> Received {
        self.state.received().clone()
    }

    /// Forgets what came so far, and returns it.
    pub fn take(&self) -> Received {
        std::mem::take(&mut *self.state.received())
    }

    /// Waits until enough came, and returns all that did. Fails the test, naming `what`, if that takes too long.
    pub async fn wait_for(&self, what: &str, within: Duration, enough: impl Fn(&Received) -> bool) -> Received {
        let mut changed = self.state.changed.subscribe();
        let come = async {
            loop {
                changed.borrow_and_update();
                let received = self.received();
                if enough(&received) {
                    return received;
                }
                changed.changed().await.expect("the receiver is there");
            }
        };
        match tokio::time::timeout(within, come).await {
            Ok(received) => received,
            Err(_) => panic!("{what} did not come within {within:?}: {:?}", self.received()),
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Receiver({})", self.endpoint)
    }
}

impl State {
    fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hanging(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.hanging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hang(&self) -> Hanging<'_> {
        let number = self.exports_of_spans.fetch_add(1, Ordering::Relaxed);
        self.hanging().insert(number);
        Hanging(self, number)
    }

    async fn take(&self, answer: &watch::Sender<Answer>, store: impl FnOnce(&mut Received)) -> Result<(), Status> {
        let mut answers = answer.subscribe();
        let answer = *answers.wait_for(|answer| *answer != Answer::Hang).await.expect("the receiver is there");
        match answer {
            Answer::Accept => store(&mut self.received()),
            Answer::Refuse | Answer::Hang => self.received().refused += 1,
        }
        self.changed.send_modify(|count| *count += 1);
        if answer == Answer::Accept { Ok(()) } else { Err(Status::unavailable("data refused due to high memory usage")) }
    }
}

#[tonic::async_trait]
impl TraceService for State {
    async fn export(&self, request: Request<ExportTraceServiceRequest>) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let _hanging = self.hang();
        let arrival = Arrival { beside_hanging: false, request: request.into_inner() };
        self.take(&self.answer_to_spans, |received| received.traces.push(arrival)).await?;
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for State {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let arrival = Arrival { beside_hanging: !self.hanging().is_empty(), request: request.into_inner() };
        self.take(&self.answer, |received| received.metrics.push(arrival)).await?;
        Ok(Response::new(Default::default()))
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;

    use super::*;

    #[tokio::test]
    async fn what_is_exported_arrives() {
        let receiver = Receiver::start().await;
        let mut client = TraceServiceClient::connect(receiver.endpoint().to_owned()).await.unwrap();
        client.export(ExportTraceServiceRequest::default()).await.unwrap();
        let received = receiver.wait_for("a trace", Duration::from_secs(60), |received| received.traces.len() == 1).await;
        assert!(received.metrics.is_empty());
        assert_eq!(receiver.take().traces.len(), 1);
        assert!(receiver.received().traces.is_empty());
    }

    #[tokio::test]
    async fn it_refuses_and_hangs_until_told_otherwise() {
        let receiver = Receiver::start().await;
        let mut client = TraceServiceClient::connect(receiver.endpoint().to_owned()).await.unwrap();
        receiver.answer(Answer::Refuse);
        let refused = client.export(ExportTraceServiceRequest::default()).await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::Unavailable);
        assert_eq!(receiver.received().refused, 1);
        assert!(receiver.hanging().is_empty());

        receiver.answer(Answer::Hang);
        let hanging = client.export(ExportTraceServiceRequest::default());
        tokio::pin!(hanging);
        let arrives = async {
            while receiver.hanging() != [1].into() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            answer = &mut hanging => panic!("it is to hang: {answer:?}"),
            () = arrives => {}
        }
        receiver.answer(Answer::Accept);
        hanging.await.unwrap();
        assert_eq!(receiver.received().traces.len(), 1);
    }
}
