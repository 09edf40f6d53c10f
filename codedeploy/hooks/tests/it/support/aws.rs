//! A model of what the function asks of AWS: seven actions of four APIs, told apart by `X-Amz-Target` as the real ones do. It knows one cluster with one service, checks
//! what it is asked for, and takes any signature.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::emf;
use super::receiver::Receiver;

pub const CLUSTER: &str = "shop";
pub const SERVICE: &str = "taproom";
pub const LOG_GROUP: &str = "/taproom/metrics";
pub const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection";
pub const EXECUTION: &str = "an-execution";

/// What there is.
#[derive(Default)]
pub struct Model {
    pub task_sets: Vec<Value>,
    /// By ARN.
    pub definitions: BTreeMap<String, Value>,
    pub tasks: Vec<Value>,
    pub secret: String,
    /// Whose metrics are in which log stream.
    pub streams: BTreeMap<String, Arc<Receiver>>,
    /// So much older all metrics are.
    pub stopped: Duration,
    /// So many verdicts are refused for now.
    pub throttled: usize,
    /// CodeDeploy has a verdict.
    pub completed: bool,
    /// Every action that was asked for.
    pub asked: Vec<String>,
    /// What CodeDeploy took.
    pub told: Vec<Value>,
}

pub struct Aws {
    /// For `AWS_ENDPOINT_URL`.
    pub endpoint: String,
    model: Arc<Mutex<Model>>,
    server: JoinHandle<()>,
}

impl Aws {
    pub async fn start(model: Model) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let model = Arc::new(Mutex::new(model));
        let routes = Router::new().fallback(answer).with_state(model.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { endpoint, model, server }
    }

    pub fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap()
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An error's name.
type Refusal = &'static str;

async fn answer(State(model): State<Arc<Mutex<Model>>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default().to_owned();
    let action = target.rsplit('.').next().unwrap_or_default().to_owned();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let mut model = model.lock().unwrap();
    model.asked.push(action.clone());
    let answer = match action.as_str() {
        "DescribeServices" => model.describe_services(&request),
        "DescribeTaskDefinition" => model.describe_task_definition(&request),
        "ListTasks" => model.list_tasks(&request),
        "DescribeTasks" => model.describe_tasks(&request),
        "GetSecretValue" => model.get_secret_value(&request),
        "GetLogEvents" => model.get_log_events(&request),
        "PutLifecycleEventHookExecutionStatus" => model.put_verdict(&request),
        _ => panic!("{target} is not modelled"),
    };
    let json = [(CONTENT_TYPE, "application/x-amz-json-1.1")];
    match answer {
        Ok(answer) => (json, answer.to_string()).into_response(),
        Err(name) => (StatusCode::BAD_REQUEST, json, json!({ "__type": name, "message": name }).to_string()).into_response(),
    }
}

impl Model {
    fn describe_services(&self, request: &Value) -> Result<Value, Refusal> {
        if request["cluster"] != CLUSTER {
            return Err("ClusterNotFoundException");
        }
        let known = request["services"] == json!([SERVICE]);
        let services = if known { json!([{ "serviceName": SERVICE, "taskSets": self.task_sets }]) } else { json!([]) };
        Ok(json!({ "services": services, "failures": [] }))
    }

    fn describe_task_definition(&self, request: &Value) -> Result<Value, Refusal> {
        let found = self.definitions.get(request["taskDefinition"].as_str().unwrap()).ok_or("ClientException")?;
        Ok(json!({ "taskDefinition": found }))
    }

    /// One a page, so that somebody has to turn it.
    fn list_tasks(&self, request: &Value) -> Result<Value, Refusal> {
        assert_eq!((&request["cluster"], &request["serviceName"]), (&CLUSTER.into(), &SERVICE.into()));
        let page: usize = request["nextToken"].as_str().map_or(0, |token| token.parse().unwrap());
        let arns: Vec<_> = self.tasks.iter().map(|task| &task["taskArn"]).collect();
        let mut answer = json!({ "taskArns": arns.get(page).into_iter().collect::<Vec<_>>() });
        if page + 1 < arns.len() {
            answer["nextToken"] = (page + 1).to_string().into();
        }
        Ok(answer)
    }

    fn describe_tasks(&self, request: &Value) -> Result<Value, Refusal> {
        let wanted = request["tasks"].as_array().unwrap();
        let tasks: Vec<_> = self.tasks.iter().filter(|task| wanted.contains(&task["taskArn"])).collect();
        Ok(json!({ "tasks": tasks, "failures": [] }))
    }

    fn get_secret_value(&self, request: &Value) -> Result<Value, Refusal> {
        if request["SecretId"] != SECRET {
            return Err("ResourceNotFoundException");
        }
        Ok(json!({ "ARN": SECRET, "SecretString": self.secret }))
    }

    fn get_log_events(&self, request: &Value) -> Result<Value, Refusal> {
        assert_eq!(request["logGroupName"], LOG_GROUP);
        let receiver = self.streams.get(request["logStreamName"].as_str().unwrap());
        let events = emf::events(&receiver.ok_or("ResourceNotFoundException")?.received()).unwrap();
        // Made by the collector with its first event.
        if events.is_empty() {
            return Err("ResourceNotFoundException");
        }
        let limit = usize::try_from(request["limit"].as_u64().unwrap()).unwrap();
        let stopped = i64::try_from(self.stopped.as_millis()).unwrap();
        let start = request["startTime"].as_i64().unwrap_or_default();
        let asked_for: Vec<_> =
            events.iter().map(|(time, event)| (time - stopped, event)).filter(|(time, _)| *time >= start).collect();
        let newest = &asked_for[asked_for.len().saturating_sub(limit)..];
        let events: Vec<_> =
            newest.iter().map(|(time, event)| json!({ "timestamp": time, "message": event.to_string() })).collect();
        Ok(json!({ "events": events, "nextForwardToken": "f", "nextBackwardToken": "b" }))
    }

    fn put_verdict(&mut self, request: &Value) -> Result<Value, Refusal> {
        assert_eq!(request["lifecycleEventHookExecutionId"], EXECUTION);
        if self.throttled > 0 {
            self.throttled -= 1;
            return Err("ThrottlingException");
        }
        if self.completed {
            return Err("LifecycleEventAlreadyCompletedException");
        }
        self.completed = true;
        self.told.push(request.clone());
        Ok(json!({ "lifecycleEventHookExecutionId": EXECUTION }))
    }
}
