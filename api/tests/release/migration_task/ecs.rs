//! A model of what `migrate` asks of ECS and CloudWatch Logs, made after AWS's documentation: tasks are not known at once, and logs come
//! late and in pages. It checks no permissions, no roles and no network. A task that runs is the real program, with the command and the
//! environment that were asked for.

use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    support::taproom,
    task_definition::{container, environment},
};

/// Lines on a page of a log.
const PAGE: usize = 2;

/// What becomes of the tasks that are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// They run the program.
    #[default]
    Run,
    /// Their image cannot be pulled.
    NeverStart,
    /// They go on.
    NeverEnd,
    /// Somebody stops them while they run.
    Stopped,
    /// There is no room for any.
    NoCapacity,
}

#[derive(Default)]
pub struct Ecs {
    pub fate: Fate,
    /// How to log in to the database, since nobody knows IAM's tokens here.
    pub password: &'static str,
    /// How many requests for each operation are throttled before one is answered.
    pub throttled: usize,
    /// Whether the log is answered by what is no answer.
    pub garbled: AtomicBool,
    pub state: Mutex<Known>,
}

/// What it was told so far.
#[derive(Default)]
pub struct Known {
    definitions: Vec<Value>,
    tasks: BTreeMap<String, Task>,
    requests: Vec<(String, Value)>,
}

struct Task {
    description: Value,
    log: Vec<String>,
    /// How often it, or its log, was asked for.
    asked: usize,
}

impl Ecs {
    /// Serves it; the endpoint.
    pub async fn serve(self: &Arc<Self>) -> String {
        let router = Router::new().fallback(answer).with_state(Arc::clone(self));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        endpoint
    }

    /// The bodies of all requests for an operation.
    pub fn requests(&self, operation: &str) -> Vec<Value> {
        let state = self.state.lock().unwrap();
        state.requests.iter().filter(|(name, _)| name == operation).map(|(_, body)| body.clone()).collect()
    }

    /// Whether this request is to be made again.
    fn throttles(&self, operation: &str, body: &Value) -> bool {
        self.state.lock().unwrap().requests.push((operation.to_owned(), body.clone()));
        self.requests(operation).len() <= self.throttled
    }

    fn register(&self, mut definition: Value) -> Value {
        let mut state = self.state.lock().unwrap();
        let revision = state.definitions.len() + 1;
        let family = definition["family"].as_str().unwrap();
        definition["taskDefinitionArn"] =
            format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/{family}:{revision}").into();
        state.definitions.push(definition.clone());
        json!({ "taskDefinition": definition })
    }

    fn definition(&self, arn: &Value) -> Option<Value> {
        self.state.lock().unwrap().definitions.iter().find(|definition| definition["taskDefinitionArn"] == *arn).cloned()
    }

    async fn run_task(&self, request: &Value) -> Value {
        if self.fate == Fate::NoCapacity {
            return json!({ "tasks": [], "failures": [{ "reason": "Capacity is unavailable at this time." }] });
        }
        let id = format!("{:032x}", self.state.lock().unwrap().tasks.len() + 1);
        let arn = format!("arn:aws:ecs:eu-west-1:123456789012:task/{}/{id}", request["cluster"].as_str().unwrap());
        let definition = self.definition(&request["taskDefinition"]).unwrap();
        let app = container(&definition, "taproom");
        let (exit_code, log) = match self.fate {
            Fate::Run => self.run(app, request).await,
            Fate::Stopped => (None, vec!["half of it".to_owned()]),
            _ => (None, Vec::new()),
        };
        let mut description = json!({
            "taskArn": arn,
            "lastStatus": "STOPPED",
            "containers": [{ "name": "collector", "exitCode": 143 }, { "name": "taproom" }],
        });
        match self.fate {
            Fate::NeverStart => {
                description["stopCode"] = "TaskFailedToStart".into();
                description["stoppedReason"] = "CannotPullContainerError: image not found".into();
            }
            Fate::NeverEnd => description["lastStatus"] = "RUNNING".into(),
            Fate::Stopped => {
                description["stopCode"] = "UserInitiated".into();
                description["stoppedReason"] = "somebody was afraid".into();
                description["startedAt"] = 1_763_700_000.into();
            }
            Fate::Run | Fate::NoCapacity => {
                description["stopCode"] = "EssentialContainerExited".into();
                description["stoppedReason"] = "Essential container in task exited".into();
                description["containers"][1]["exitCode"] = exit_code.into();
            }
        }
        let pending = json!({ "taskArn": arn, "lastStatus": "PROVISIONING" });
        self.state.lock().unwrap().tasks.insert(id, Task { description, log, asked: 0 });
        json!({ "tasks": [pending], "failures": [] })
    }

    /// Exit code and log of the container. What the overrides name takes the place of what the definition says.
    async fn run(&self, app: &Value, request: &Value) -> (Option<i32>, Vec<String>) {
        let overrides = &request["overrides"]["containerOverrides"][0];
        assert_eq!(overrides["name"], app["name"]);
        let mut program = taproom();
        program.args(overrides["command"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()));
        program.envs(environment(app)).envs(environment(overrides));
        program.env("TAPROOM_DATABASE_AUTH", "password").env("TAPROOM_DATABASE_PASSWORD", self.password);
        program.stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), text.lines().map(str::to_owned).collect())
    }

    /// It is not known at once, then it starts.
    fn describe(&self, request: &Value) -> Value {
        let arn = request["tasks"][0].as_str().unwrap();
        let mut state = self.state.lock().unwrap();
        let task = state.tasks.get_mut(arn.rsplit('/').next().unwrap()).unwrap();
        task.asked += 1;
        match task.asked {
            1 => json!({ "tasks": [], "failures": [{ "arn": arn, "reason": "MISSING" }] }),
            2 => json!({ "tasks": [{ "taskArn": arn, "lastStatus": "PENDING" }], "failures": [] }),
            _ => json!({ "tasks": [task.description], "failures": [] }),
        }
    }

    /// The stream comes into being when there is something in it, and not at once.
    fn log_events(&self, request: &Value) -> Option<Value> {
        let stream = request["logStreamName"].as_str().unwrap();
        let mut state = self.state.lock().unwrap();
        let task = state.tasks.get_mut(stream.strip_prefix("ecs/taproom/")?)?;
        task.asked += 1;
        if task.log.is_empty() || task.asked == 4 {
            return None;
        }
        let from = request["nextToken"].as_str().map_or(0, |token| token.strip_prefix("f/").unwrap().parse().unwrap());
        let to = task.log.len().min(from + PAGE);
        let events: Vec<_> = task.log[from..to].iter().map(|line| json!({ "timestamp": 0, "message": line })).collect();
        Some(json!({ "events": events, "nextForwardToken": format!("f/{to}"), "nextBackwardToken": "b/0" }))
    }
}

async fn answer(State(ecs): State<Arc<Ecs>>, headers: HeaderMap, body: String) -> Response {
    // The content type is AWS's own.
    let body: Value = serde_json::from_str(&body).unwrap();
    let target = headers["x-amz-target"].to_str().unwrap();
    let operation = target.split_once('.').unwrap().1;
    if ecs.throttles(operation, &body) {
        return refusal("ThrottlingException", "Rate exceeded");
    }
    let answer = match operation {
        "RegisterTaskDefinition" => ecs.register(body),
        "DescribeTaskDefinition" => match ecs.definition(&body["taskDefinition"]) {
            Some(definition) => json!({ "taskDefinition": definition }),
            None => return refusal("ClientException", "Unable to describe task definition."),
        },
        "RunTask" => ecs.run_task(&body).await,
        "DescribeTasks" => ecs.describe(&body),
        "GetLogEvents" if ecs.garbled.load(Ordering::Relaxed) => return "<html>".into_response(),
        "GetLogEvents" => match ecs.log_events(&body) {
            Some(events) => events,
            None => return refusal("ResourceNotFoundException", "The specified log stream does not exist."),
        },
        other => panic!("{other} is not modelled"),
    };
    Json(answer).into_response()
}

fn refusal(code: &str, message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": code, "message": message }))).into_response()
}
