//! A deployment under way: blue has the users, the candidate has been started.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws::{Aws, CLUSTER, EXECUTION, LOG_GROUP, Model, SECRET, SERVICE};
use super::lambda::{self, Invocation};
use super::receiver::Receiver;
use super::taproom::{self, Database, Taproom};

pub const DEPLOYMENT: &str = "d-CANDIDATE";
pub const TEST: &str = "AfterAllowTestTraffic";
pub const ALL: &str = "AfterAllowTraffic";
/// Of the candidate's one task.
pub const TASK: &str = "0c0ffee0";
pub const DEFINITION: &str = "arn:aws:ecs:eu-central-1:123456789012:task-definition/taproom:2";
const OLD_DEFINITION: &str = "arn:aws:ecs:eu-central-1:123456789012:task-definition/taproom:1";

pub struct World {
    pub blue: Taproom,
    pub candidate: Taproom,
    pub aws: Aws,
    _database: Database,
}

/// How the candidate differs from a good one.
pub struct Candidate<'a> {
    pub program: PathBuf,
    pub environment: &'a [(&'a str, &'a str)],
    pub database: Database,
}

impl Default for Candidate<'_> {
    fn default() -> Self {
        Self { program: taproom::program(), environment: &[], database: Database::new() }
    }
}

impl World {
    pub async fn start() -> Self {
        Self::with(Candidate::default()).await
    }

    pub async fn with(Candidate { program, environment, database }: Candidate<'_>) -> Self {
        let receiver = Arc::new(Receiver::start().await);
        let mut green = vec![
            ("TAPROOM_SLOT", "green"),
            ("TAPROOM_DEPLOYMENT", "run-2"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint()),
        ];
        green.extend(environment);
        let blue = [("TAPROOM_SLOT", "blue"), ("TAPROOM_DEPLOYMENT", "run-1")];
        let blue = Taproom::start(&taproom::program(), &database, &blue).await;
        let candidate = Taproom::start(&program, &database, &green).await;
        let version = candidate.version().await;
        let model = Model {
            task_sets: vec![
                json!({ "id": "ecs-svc/1", "externalId": "d-BEFORE", "status": "PRIMARY", "taskDefinition": OLD_DEFINITION }),
                json!({ "id": "ecs-svc/2", "externalId": DEPLOYMENT, "status": "ACTIVE", "taskDefinition": DEFINITION }),
            ],
            definitions: [(DEFINITION.to_owned(), definition(version["commit"].as_str().unwrap()))].into(),
            tasks: vec![task("0b1ue000", OLD_DEFINITION, &digest('b')), task(TASK, DEFINITION, &digest('a'))],
            secret: database.key.clone(),
            streams: [(TASK.to_owned(), receiver)].into(),
            ..Model::default()
        };
        Self { blue, candidate, aws: Aws::start(model).await, _database: database }
    }

    /// CodeDeploy has no verdict yet.
    pub fn forget(&self) {
        let mut model = self.aws.model();
        model.completed = false;
        model.told.clear();
    }

    /// Labels the candidate's container.
    pub fn label(&self, name: &str, value: &str) {
        let mut model = self.aws.model();
        model.definitions.get_mut(DEFINITION).unwrap()["containerDefinitions"][1]["dockerLabels"][name] = value.into();
    }

    /// A call by CodeDeploy, as it would be configured, but with little patience.
    pub fn hook(&self, hook: &str) -> Call<'_> {
        let production = if hook == ALL { &self.candidate } else { &self.blue };
        let environment = [
            ("HOOK", hook),
            ("TEST_URL", &self.candidate.url()),
            ("PRODUCTION_URL", &production.url()),
            ("ECS_CLUSTER", CLUSTER),
            ("ECS_SERVICE", SERVICE),
            ("METRICS_LOG_GROUP", LOG_GROUP),
            ("INTROSPECTION_KEY_SECRET", SECRET),
            ("VERSION_ANSWERS", "3"),
            ("VERSION_TIMEOUT_SECONDS", "60"),
            // Only what is meant to be slow is too slow.
            ("LATENCY_SLACK_MS", "5000"),
            ("LATENCY_ROUNDS", "2"),
            ("TELEMETRY_TIMEOUT_SECONDS", "60"),
            ("AWS_ENDPOINT_URL", &self.aws.endpoint),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Call { world: self, environment, time: Duration::from_secs(600) }
    }
}

/// What the task definition of a candidate says, as far as it is read.
pub fn definition(commit: &str) -> Value {
    json!({
        "taskDefinitionArn": DEFINITION,
        "containerDefinitions": [
            { "name": "collector", "image": "collector" },
            {
                "name": "taproom",
                "image": format!("registry.example/taproom@{}", digest('a')),
                "dockerLabels": { "org.opencontainers.image.revision": commit },
                "environment": [{ "name": "TAPROOM_SLOT", "value": "green" }, { "name": "TAPROOM_DEPLOYMENT", "value": "run-2" }],
            },
        ],
    })
}

/// A running task.
pub fn task(id: &str, definition: &str, digest: &str) -> Value {
    json!({
        "taskArn": format!("arn:aws:ecs:eu-central-1:123456789012:task/{CLUSTER}/{id}"),
        "taskDefinitionArn": definition,
        "lastStatus": "RUNNING",
        "containers": [{ "name": "collector" }, { "name": "taproom", "imageDigest": digest }],
    })
}

/// Of no image.
pub fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

/// A call of the function that is about to be made.
pub struct Call<'a> {
    world: &'a World,
    environment: BTreeMap<String, String>,
    time: Duration,
}

impl Call<'_> {
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// How long the function may take.
    pub fn within(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// The prober instead of a hook.
    pub async fn probe(self) -> Invocation {
        lambda::invoke(self.environment, json!({ "probe": {} }), self.time).await
    }

    /// Whatever comes of it.
    pub async fn invoke(self) -> Invocation {
        let event = json!({ "DeploymentId": DEPLOYMENT, "LifecycleEventHookExecutionId": EXECUTION });
        lambda::invoke(self.environment, event, self.time).await
    }

    /// The verdict: CodeDeploy was told it once, it is in the log once, and it gives no key away.
    pub async fn judge(self) -> Judged {
        let (model, key) = (&self.world.aws, self.world.aws.model().secret.clone());
        let invocation = self.invoke().await;
        let verdict = invocation.result.clone().unwrap_or_else(|error| panic!("{error}: {:#?}", invocation.log));
        let told = &model.model().told;
        let expected = json!({
            "deploymentId": DEPLOYMENT,
            "lifecycleEventHookExecutionId": EXECUTION,
            "status": verdict["verdict"],
        });
        assert_eq!(told[..], [expected], "{verdict:#}");
        assert_eq!(invocation.log.iter().filter(|line| line.get("verdict").is_some()).collect::<Vec<_>>(), [&verdict]);
        assert!(key.is_empty() || !format!("{:?}", invocation.log).contains(&key));
        Judged(verdict)
    }
}

/// What the function found.
pub struct Judged(pub Value);

impl Judged {
    /// Passed, skipped and failed checks, by name.
    fn with(&self, outcome: &str) -> Vec<&str> {
        let checks = self.0["checks"].as_array().unwrap().iter();
        checks.filter(|check| check["outcome"] == outcome).map(|check| check["name"].as_str().unwrap()).collect()
    }

    /// What is said of a check.
    pub fn detail(&self, name: &str) -> &str {
        let mut checks = self.0["checks"].as_array().unwrap().iter();
        checks.find(|check| check["name"] == name).unwrap()["detail"].as_str().unwrap()
    }

    /// It succeeded, and skipped only these.
    #[track_caller]
    pub fn succeeded(&self, skipped: &[&str]) {
        assert_eq!(self.0["verdict"], "Succeeded", "{:#}", self.0);
        assert_eq!(self.with("skipped"), skipped, "{:#}", self.0);
    }

    /// It failed because of these checks and no others. Returns what is said of the first.
    #[track_caller]
    pub fn failed(&self, checks: &[&str]) -> &str {
        assert_eq!(self.0["verdict"], "Failed", "{:#}", self.0);
        assert_eq!(self.with("failed"), checks, "{:#}", self.0);
        self.detail(checks[0])
    }
}
