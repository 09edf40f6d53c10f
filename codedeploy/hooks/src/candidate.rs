//! What was meant to be deployed, and what runs.

use std::time::Duration;

use aws_sdk_ecs::types::{ContainerDefinition, Task, TaskDefinition, TaskSet};

use crate::aws::sentence;
use crate::config::EcsService;
use crate::deadline::Deadline;

/// The container of the service in the task definition.
const CONTAINER: &str = "taproom";
/// Its label with the commit, as OCI images have it.
const REVISION: &str = "org.opencontainers.image.revision";
/// Its label with what is to be done about changes of the schema that break clients: `refused`, as without it, or `accepted`.
const BREAKING_CHANGES: &str = "taproom.breaking-changes";
/// `DescribeTasks` takes so many.
const TASKS_AT_ONCE: usize = 100;

/// Between questions for tasks that are starting.
const POLL: Duration = Duration::from_secs(5);

/// What a deployment is to bring, as its task definition says, and its tasks.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub task_set: String,
    pub intended: Intended,
    /// Those that run; at least one.
    pub tasks: Vec<RunningTask>,
}

/// What the task definition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intended {
    pub commit: String,
    pub slot: String,
    pub deployment: String,
    /// Of the image, such as `sha256:…`.
    pub digest: String,
    /// Changes of the schema that break clients are meant.
    pub may_break: bool,
}

/// A task that runs.
#[derive(Clone, Debug)]
pub struct RunningTask {
    /// The last part of its ARN, by which the collector names its log stream.
    pub id: String,
    /// Of the image it was started from.
    pub digest: Option<String>,
}

/// Why there is no candidate to be judged.
#[derive(Debug, thiserror::Error)]
pub enum CandidateError {
    /// AWS does not answer, or refuses.
    #[error("{action} failed, does the function's role allow it? {reason}")]
    Aws { action: &'static str, reason: String },
    /// There is no such service.
    #[error("cluster {} has no service {} that CodeDeploy deploys", .0.cluster, .0.name)]
    NoService(EcsService),
    /// The deployment is not this service's, or its task set is gone.
    #[error("service {service} has no task set of the deployment {deployment}, only of: {others}")]
    NoTaskSet { service: String, deployment: String, others: String },
    /// The task definition was not made from the template.
    #[error("{definition}: {}", .wrong.join("; "))]
    Definition { definition: String, wrong: Vec<String> },
    /// Which tasks are whose cannot be told.
    #[error(
        "{0} is also what the version before runs, so that their tasks cannot be told apart: register a new revision for each deployment"
    )]
    SharedDefinition(String),
    /// Those that run are fewer than are wanted, or none.
    #[error("only {running} of {desired} tasks of {definition} are running")]
    Starting { definition: String, running: usize, desired: usize },
}

/// The task sets of a service; more than one while a deployment is under way.
///
/// # Errors
/// AWS does not answer, or knows no such service.
pub async fn task_sets(ecs: &aws_sdk_ecs::Client, service: &EcsService) -> Result<Vec<TaskSet>, CandidateError> {
    let described = ecs.describe_services().cluster(&service.cluster).services(&service.name).send().await;
    let mut described = described.map_err(|error| failed("ecs:DescribeServices", error))?;
    let found = described.services.as_mut().and_then(Vec::pop).and_then(|service| service.task_sets);
    found.ok_or_else(|| CandidateError::NoService(service.clone()))
}

impl Candidate {
    /// Finds what CodeDeploy's deployment of that id brought: a task set's `externalId` is
    /// [the deployment's](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html). Waits for its tasks until `deadline`.
    ///
    /// # Errors
    /// It cannot be found, or is not whole.
    pub async fn find(
        ecs: &aws_sdk_ecs::Client,
        service: &EcsService,
        deployment: &str,
        deadline: Deadline,
    ) -> Result<Self, CandidateError> {
        loop {
            match Self::find_now(ecs, service, deployment).await {
                Err(CandidateError::Starting { .. }) if !deadline.remaining().is_zero() => {
                    tokio::time::sleep(POLL.min(deadline.remaining())).await;
                }
                found => return found,
            }
        }
    }

    async fn find_now(ecs: &aws_sdk_ecs::Client, service: &EcsService, deployment: &str) -> Result<Self, CandidateError> {
        let task_sets = task_sets(ecs, service).await?;
        let task_set = task_sets.iter().find(|set| set.external_id() == Some(deployment));
        let task_set = task_set.ok_or_else(|| CandidateError::NoTaskSet {
            service: service.name.clone(),
            deployment: deployment.to_owned(),
            others: task_sets.iter().map(|set| set.external_id().unwrap_or("nobody")).collect::<Vec<_>>().join(", "),
        })?;
        let definition = task_set.task_definition().unwrap_or_default();
        if task_sets.iter().any(|other| other.id() != task_set.id() && other.task_definition() == Some(definition)) {
            return Err(CandidateError::SharedDefinition(definition.to_owned()));
        }
        let described = ecs.describe_task_definition().task_definition(definition).send().await;
        let described = described.map_err(|error| failed("ecs:DescribeTaskDefinition", error))?;
        let intended = Intended::of(definition, described.task_definition())?;
        let tasks = tasks(ecs, service, definition).await?;
        let (running, desired) = (tasks.len(), usize::try_from(task_set.computed_desired_count()).unwrap_or_default().max(1));
        if running < desired {
            return Err(CandidateError::Starting { definition: definition.to_owned(), running, desired });
        }
        Ok(Self { task_set: task_set.id().unwrap_or_default().to_owned(), intended, tasks })
    }

    /// A sentence for each task that does not run the intended image.
    #[must_use]
    pub fn foreign_images(&self) -> Vec<String> {
        let intended = &self.intended.digest;
        let foreign = self.tasks.iter().filter(|task| task.digest.as_ref() != Some(intended));
        let sentence = |task: &RunningTask| {
            let digest = task.digest.as_deref().unwrap_or("an image that ECS does not name");
            format!("task {} runs {digest}, but its task definition names {intended}", task.id)
        };
        foreign.map(sentence).collect()
    }
}

impl Intended {
    fn of(name: &str, definition: Option<&TaskDefinition>) -> Result<Self, CandidateError> {
        let wrong = |wrong: Vec<String>| CandidateError::Definition { definition: name.to_owned(), wrong };
        let containers = definition.map(TaskDefinition::container_definitions).unwrap_or_default();
        let Some(container) = containers.iter().find(|container| container.name() == Some(CONTAINER)) else {
            return Err(wrong(vec![format!("it has no container {CONTAINER}")]));
        };
        let mut problems = Vec::new();
        let mut need = |found: Option<String>, hint: String| {
            let found = found.filter(|text| !text.is_empty());
            if found.is_none() {
                problems.push(hint);
            }
            found.unwrap_or_default()
        };
        let image = container.image().unwrap_or_default();
        let digest = image.split_once('@').map(|(_, digest)| digest.to_owned());
        let label = |name| container.docker_labels().and_then(|labels| labels.get(name)).cloned();
        let breaking_changes = label(BREAKING_CHANGES);
        let may_break = match breaking_changes.as_deref() {
            None | Some("refused") => Some(false),
            Some("accepted") => Some(true),
            Some(_) => None,
        };
        let intended = Self {
            digest: need(digest, format!("its image {image} is not named by digest, so that another could have been started")),
            commit: need(label(REVISION), format!("it has no label {REVISION}")),
            slot: need(variable(container, "TAPROOM_SLOT"), "it does not set TAPROOM_SLOT".to_owned()),
            deployment: need(variable(container, "TAPROOM_DEPLOYMENT"), "it does not set TAPROOM_DEPLOYMENT".to_owned()),
            may_break: may_break.unwrap_or_default(),
        };
        if may_break.is_none() {
            let label = breaking_changes.unwrap_or_default();
            problems.push(format!("its label {BREAKING_CHANGES} is {label:?}: write accepted or refused"));
        }
        if problems.is_empty() { Ok(intended) } else { Err(wrong(problems)) }
    }
}

fn variable(container: &ContainerDefinition, name: &str) -> Option<String> {
    container.environment().iter().find(|pair| pair.name() == Some(name))?.value().map(str::to_owned)
}

/// The running tasks of a service that are of this task definition.
async fn tasks(ecs: &aws_sdk_ecs::Client, service: &EcsService, definition: &str) -> Result<Vec<RunningTask>, CandidateError> {
    let mut pages = ecs.list_tasks().cluster(&service.cluster).service_name(&service.name).into_paginator().items().send();
    let mut arns = Vec::new();
    while let Some(arn) = pages.next().await {
        arns.push(arn.map_err(|error| failed("ecs:ListTasks", error))?);
    }
    let mut running = Vec::new();
    for arns in arns.chunks(TASKS_AT_ONCE) {
        let described = ecs.describe_tasks().cluster(&service.cluster).set_tasks(Some(arns.to_vec())).send().await;
        let described = described.map_err(|error| failed("ecs:DescribeTasks", error))?;
        let ours = described.tasks().iter().filter(|task| task.task_definition_arn() == Some(definition));
        running.extend(ours.filter(|task| task.last_status() == Some("RUNNING")).filter_map(RunningTask::of));
    }
    Ok(running)
}

impl RunningTask {
    fn of(task: &Task) -> Option<Self> {
        let id = task.task_arn()?.rsplit('/').next()?.to_owned();
        let container = task.containers().iter().find(|container| container.name() == Some(CONTAINER))?;
        Some(Self { id, digest: container.image_digest().map(str::to_owned) })
    }
}

fn failed(action: &'static str, error: impl std::error::Error) -> CandidateError {
    CandidateError::Aws { action, reason: sentence(error) }
}
