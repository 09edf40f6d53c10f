//! An imitation of [Lambda's runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): one invocation of the real function.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{PATIENCE, PROGRAM};

/// What came of it.
#[derive(Debug)]
pub struct Invocation {
    /// The function's result, or its error.
    pub result: Result<Value, Value>,
    /// Its log, line by line.
    pub log: Vec<Value>,
}

struct Runtime {
    /// What is asked of it, once.
    event: Mutex<Option<Value>>,
    deadline: Duration,
    answers: mpsc::Sender<Result<Value, Value>>,
}

/// Calls the function with `event`, and ends it after `time`, as Lambda would.
pub async fn invoke(environment: impl IntoIterator<Item = (String, String)>, event: Value, time: Duration) -> Invocation {
    #[expect(clippy::disallowed_methods, reason = "the function compares it with the clock of this machine")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let (sender, mut answers) = mpsc::channel(1);
    let runtime = Arc::new(Runtime { event: Mutex::new(Some(event)), deadline: now + time, answers: sender });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = tokio::spawn(async move { axum::serve(listener, routes(runtime)).await.unwrap() });

    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let output = std::fs::File::create(&log).unwrap();
    let mut function = Function(
        Command::new(PROGRAM)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "taproom-hooks"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ])
            .envs(environment)
            .stdin(Stdio::null())
            // Lambda makes one log of both.
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap(),
    );
    let answer = tokio::time::timeout(PATIENCE.min(time), answers.recv());
    let result = tokio::select! {
        answer = answer => answer.ok().flatten(),
        () = function.ends() => None,
    };
    drop(function);
    server.abort();
    let text = std::fs::read_to_string(&log).unwrap();
    let log = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| Value::from(line))).collect();
    Invocation { result: result.unwrap_or_else(|| panic!("the function does not answer: {text}")), log }
}

fn routes(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{end}", post(end))
        .with_state(runtime)
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    let event = runtime.event.lock().unwrap().take();
    let Some(event) = event else { std::future::pending().await };
    let headers = [
        ("lambda-runtime-aws-request-id", "1".to_owned()),
        ("lambda-runtime-deadline-ms", runtime.deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:taproom-hooks".to_owned()),
    ];
    (headers, axum::Json(event)).into_response()
}

async fn end(State(runtime): State<Arc<Runtime>>, Path((_, end)): Path<(String, String)>, body: String) -> Response {
    let body = serde_json::from_str(&body).unwrap_or(Value::from(body));
    let answer = if end == "response" { Ok(body) } else { Err(body) };
    let _ = runtime.answers.send(answer).await;
    axum::http::StatusCode::ACCEPTED.into_response()
}

/// The process, ended at the latest when this is dropped.
struct Function(Child);

impl Function {
    async fn ends(&mut self) {
        while self.0.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
