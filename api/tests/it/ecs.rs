//! Which task of ECS it is: asked where there is somebody to ask, and never a reason not to start.

use std::collections::BTreeMap;
use std::future::pending;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::program::{Running, fields};
use crate::support::{alone, telemetry};

const VARIABLE: &str = "ECS_CONTAINER_METADATA_URI_V4";
const TASK: &str = "158d1c8083dd49d6b527399fd6414f5c";

/// How an endpoint behaves.
#[derive(Clone, Copy)]
enum Answer {
    /// As AWS documents it.
    Metadata,
    Rubbish,
    Never,
}

/// An endpoint, its URL and how often it was asked.
struct Endpoint {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Endpoint {
    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v4/{TASK}-1234567890", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let router = Router::new().fallback(respond).with_state((answer, asked.clone()));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, asked }
    }
}

async fn respond(State((answer, asked)): State<(Answer, Arc<AtomicUsize>)>, request: Request) -> Response {
    asked.fetch_add(1, Ordering::SeqCst);
    match answer {
        Answer::Metadata if request.uri().path().ends_with("/task") => task().to_string().into_response(),
        Answer::Metadata => json!({ "DockerId": "ea32192c8553fbff", "Image": "taproom:1" }).to_string().into_response(),
        Answer::Rubbish => "<html>".into_response(),
        Answer::Never => pending().await,
    }
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-examples.html>
fn task() -> Value {
    json!({
        "Cluster": "default",
        "TaskARN": format!("arn:aws:ecs:us-west-2:111122223333:task/default/{TASK}"),
        "Family": "taproom",
        "Revision": "3",
        "DesiredStatus": "RUNNING",
        "KnownStatus": "RUNNING",
        "Limits": { "CPU": 0.25, "Memory": 512 },
        "AvailabilityZone": "us-west-2c",
        "LaunchType": "FARGATE",
        "ClockDrift": { "ClockErrorBound": 0.5458234999999999, "ClockSynchronizationStatus": "SYNCHRONIZED" },
    })
}

/// The resource's attributes, and what was logged, of a process that finds `endpoint`.
async fn resource(endpoint: &Endpoint) -> (BTreeMap<String, String>, Vec<Value>) {
    let mut command = alone("ecs::resource_is_printed");
    command.env(VARIABLE, &endpoint.url);
    let Output { status, stdout, stderr } = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{stdout} {stderr}");
    let attributes = stdout.lines().filter_map(|line| line.strip_prefix("attribute ")?.split_once('='));
    (attributes.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(), stderr.lines().filter_map(fields).collect())
}

#[tokio::test]
#[ignore = "run by the tests below: the variable is the process's"]
async fn resource_is_printed() {
    let (logs, telemetry) = telemetry();
    for (key, value) in &taproom::telemetry::resource(&telemetry, &logs).await.unwrap() {
        println!("\nattribute {key}={value}");
    }
}

#[tokio::test]
async fn the_task_is_told() {
    let (attributes, log) = resource(&Endpoint::start(Answer::Metadata).await).await;
    assert!(log.is_empty(), "{log:?}");
    let arn = format!("arn:aws:ecs:us-west-2:111122223333:task/default/{TASK}");
    for (key, value) in [
        ("cloud.provider", "aws"),
        ("cloud.platform", "aws_ecs"),
        ("cloud.region", "us-west-2"),
        ("cloud.account.id", "111122223333"),
        ("cloud.availability_zone", "us-west-2c"),
        ("aws.ecs.task.arn", &arn),
        ("aws.ecs.task.family", "taproom"),
        ("aws.ecs.task.revision", "3"),
        ("aws.ecs.cluster.arn", "arn:aws:ecs:us-west-2:111122223333:cluster/default"),
        ("aws.ecs.launchtype", "fargate"),
        ("service.instance.id", TASK),
        ("service.name", "taproom"),
        ("deployment.environment.name", "development"),
        ("taproom.slot", "none"),
    ] {
        assert_eq!(attributes[key], value, "{key}");
    }
    let guide = taproom::telemetry::guide();
    for key in attributes.keys().filter(|key| !key.starts_with("telemetry.sdk.")) {
        assert!(guide.contains(&format!("`{key}`")), "{key} is not in the guide");
    }
}

#[tokio::test]
async fn who_answers_rubbish_or_never_is_warned_of() {
    for answer in [Answer::Rubbish, Answer::Never] {
        let (attributes, log) = resource(&Endpoint::start(answer).await).await;
        let told = log.iter().any(|line| line["level"] == "WARN" && line["message"].as_str().unwrap().contains(VARIABLE));
        assert!(told && log.iter().any(|line| line["error"].is_string()), "{log:?}");
        assert!(!attributes.contains_key("aws.ecs.task.arn") && attributes["service.instance.id"].len() == 36, "{attributes:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_without_a_collector_and_silence_does_not_keep_it_from_serving() {
    let endpoint = Endpoint::start(Answer::Never).await;
    let start = |environment: &[(&str, &str)]| tokio::task::block_in_place(|| drop(Running::start(environment)));
    start(&[(VARIABLE, &endpoint.url)]);
    assert_eq!(endpoint.asked.load(Ordering::SeqCst), 0);
    // Nobody listens on the collector's port either.
    start(&[(VARIABLE, &endpoint.url), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);
    assert_ne!(endpoint.asked.load(Ordering::SeqCst), 0);
}
