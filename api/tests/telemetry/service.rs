//! The real program, which tells a receiver about itself; and its log.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::receiver::Receiver;
use crate::support;

/// The values of what is the same in all runs.
pub const SERVICE: &str = "taproom";
pub const ENVIRONMENT: &str = "contract-test";
pub const DEPLOYMENT: &str = "run-42";
/// Operations that metrics tell apart; traffic has others, too.
pub const OPERATIONS: [&str; 4] = ["Beers", "BeerDetails", "CreateBrewery", "Slow"];

/// What is not in the log as long as it succeeds.
pub const PROBES: [&str; 2] = ["/livez", "/readyz"];

/// A busy machine is no failure.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Service {
    child: Child,
    log: Log,
    client: Client,
    /// `127.0.0.1:…`
    pub address: String,
    sent: AtomicUsize,
    _folder: TempDir,
}

/// The lines so far, and who reads them.
struct Log {
    lines: Arc<Mutex<Vec<Value>>>,
    reader: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts it, and waits until it serves.
    pub async fn start(receiver: &Receiver, environment: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut program = program();
        program.env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint()).envs(environment.iter().copied()).current_dir(&folder);
        let mut child = program.spawn().unwrap();
        let log = Log::read(child.stderr.take().unwrap());
        let serving = log.wait_for(|line| line["message"] == "serving").await;
        let address = serving["address"].as_str().unwrap().to_owned();
        Self { child, log, client: crate::http_support::client(), address, sent: AtomicUsize::default(), _folder: folder }
    }

    /// For the caller to send.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        if !PROBES.contains(&path) {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub fn post(&self, body: &Value) -> RequestBuilder {
        self.request(Method::POST, "/graphql").json(body)
    }

    /// A connection, for a request that no client would send.
    pub async fn connect(&self) -> TcpStream {
        self.sent.fetch_add(1, Ordering::Relaxed);
        TcpStream::connect(&self.address).await.unwrap()
    }

    /// How many requests there were, but for [`PROBES`].
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Waits for a line in the log.
    pub async fn logs(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        self.log.wait_for(wanted).await
    }

    /// Stops it as ECS does: it tells the rest. Returns its log.
    pub async fn stop(mut self) -> Vec<Value> {
        let terminated = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(terminated.success());
        let status = tokio::task::block_in_place(|| self.child.wait().unwrap());
        assert!(status.success(), "{status}: {:?}", self.log.lines());
        self.log.reader.take().unwrap().join().unwrap();
        self.log.lines()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    let mut program = support::taproom();
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OTEL_")) {
        program.env_remove(name);
    }
    program
        .args(["serve", "--listen", "127.0.0.1:0"])
        .envs([
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
            ("OTEL_TRACES_SAMPLER_ARG", "1"),
            ("TAPROOM_ENVIRONMENT", ENVIRONMENT),
            ("TAPROOM_DEPLOYMENT", DEPLOYMENT),
            ("TAPROOM_METRIC_OPERATIONS", &OPERATIONS.join(",")),
            ("TAPROOM_LOG_FORMAT", "json"),
            ("TAPROOM_DRAIN_DELAY", "0s"),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    program
}

impl Log {
    fn read(stderr: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let read = lines.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                read.lock().unwrap().push(line);
            }
        });
        Self { lines, reader: Some(reader) }
    }

    fn lines(&self) -> Vec<Value> {
        self.lines.lock().unwrap().clone()
    }

    async fn wait_for(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = async {
            loop {
                if let Some(line) = self.lines().into_iter().find(&wanted) {
                    return line;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("not in the log: {:#?}", self.lines()))
    }
}

/// A response as JSON.
pub async fn body(response: Response) -> Value {
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Sends `request` and has it refused with `code`.
pub async fn refused(request: RequestBuilder, code: &str) {
    let answer = body(request.send().await.unwrap()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
}

/// Sends `request` and has it answered without an error.
pub async fn done(request: RequestBuilder) -> Value {
    let mut answer = body(request.send().await.unwrap()).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].take()
}
