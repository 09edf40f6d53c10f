//! `codedeploy/migrate`, with the real AWS CLI, against a model of ECS whose tasks are the real program, on a real PostgreSQL server.

mod ecs;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Output, Stdio},
    sync::{Arc, atomic::Ordering},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use self::ecs::{Ecs, Fate};
use crate::{
    support::{postgres::unmigrated_postgres_database, skip, stdout},
    task_definition::{
        aws::{cli, has_cli},
        can_render, container, file, image, render,
        roles::{self, MIGRATOR_PASSWORD},
        values,
    },
};

/// A shell cannot trap what is ignored when it starts, and background jobs, of which these tests may be one, begin with Ctrl-C ignored.
const WITH_CTRL_C: &str =
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])";

/// An environment with a registered release, whose migration is to be run.
struct Release {
    ecs: Arc<Ecs>,
    endpoint: String,
    values: Value,
    folder: TempDir,
}

impl Release {
    /// Registers the task definition, as a release does.
    async fn register(ecs: Ecs, database_url: &str, owner: &str) -> Self {
        let ecs = Arc::new(ecs);
        let endpoint = ecs.serve().await;
        let folder = tempfile::tempdir().unwrap();
        let mut values = values();
        values["migration_database_url"] = database_url.into();
        values["migration_database_role"] = owner.into();
        fs::write(folder.path().join("taskdef.json"), render("taskdef.yaml", &values).to_string()).unwrap();
        let mut register = cli(&endpoint, folder.path());
        register.args(["ecs", "register-task-definition", "--cli-input-json", "file://taskdef.json"]).current_dir(&folder);
        let registered: Value = serde_json::from_str(&stdout(&output(register).await)).unwrap();
        values["task_definition"] = registered["taskDefinition"]["taskDefinitionArn"].clone();
        Self { ecs, endpoint, values, folder }
    }

    /// One that needs no database.
    async fn of(ecs: Ecs) -> Self {
        Self::register(ecs, "postgres://nobody@127.0.0.1:1/nothing", "nobody").await
    }

    /// `migrate`, which does not wait between its questions.
    fn command(&self) -> Command {
        let path = self.folder.path().join("values.json");
        fs::write(&path, self.values.to_string()).unwrap();
        let mut command = cli(&self.endpoint, self.folder.path());
        // The script calls the CLI by itself.
        let environment: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        command = Command::new("python3");
        command.args(["-c", WITH_CTRL_C]).arg(file("migrate"));
        for (name, value) in environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.args(["--poll", "0"]).arg(path).stdin(Stdio::null());
        command
    }

    async fn migrate(&self) -> Output {
        output(self.command()).await
    }
}

/// While the model in this process answers.
async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// What a failure says on standard error, and on standard output.
fn failed(output: &Output) -> (String, String) {
    let texts = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    assert_eq!(output.status.code(), Some(1), "{texts:?}");
    texts.into()
}

fn can_run(test: &str) -> bool {
    let jq = Command::new("jq").arg("--version").output().is_ok();
    if !jq {
        skip(test, "jq is not installed; get it with `apt-get install jq`");
    }
    jq && can_render(test) && has_cli(test)
}

/// Throttled at first, as every request may be.
#[tokio::test(flavor = "multi_thread")]
async fn it_migrates_once() {
    if !can_run("it_migrates_once") {
        return;
    }
    let Some(database) = unmigrated_postgres_database().await else { return };
    roles::make(&database, "once");
    let url = roles::url(&database, "once_migrator");
    let ecs = Ecs { password: MIGRATOR_PASSWORD, throttled: 1, ..Ecs::default() };
    let release = Release::register(ecs, &url, "once_owner").await;
    let first = stdout(&release.migrate().await);
    let applied: Vec<_> = migration::required_versions().iter().map(|version| format!("applied {version}")).collect();
    let lines: Vec<_> = first.lines().filter(|line| line.starts_with("applied ")).collect();
    assert_eq!(lines, applied, "{first}");
    for line in [&format!("runs {}", image("ab")), "is PENDING", "is STOPPED", "the schema is migrated"] {
        assert_eq!(first.matches(line).count(), 1, "{line:?}: {first}");
    }
    let second = stdout(&release.migrate().await);
    assert!(second.contains("\nThe schema is up to date.\n") && !second.contains("applied"), "{second}");

    release.ecs.garbled.store(true, Ordering::Relaxed);
    let third = stdout(&release.migrate().await);
    assert!(third.contains("nothing is there") && third.contains("the schema is migrated"), "a log is no verdict: {third}");

    // A try that was throttled, its repetition, and the further runs: one token for each run.
    let requests = release.ecs.requests("RunTask");
    let token = |at: usize| requests[at]["clientToken"].as_str().unwrap();
    assert_eq!(requests.len(), 4);
    assert!(token(0) == token(1) && token(1) != token(2));
    let definition = render("taskdef.yaml", &release.values);
    assert_eq!(container(&definition, "taproom")["image"], image("ab").as_str());
    for request in &requests {
        let mut expected = render("migration.yaml", &release.values);
        expected["clientToken"] = request["clientToken"].clone();
        assert_eq!(*request, expected);
        assert_eq!(request["taskDefinition"], release.values["task_definition"]);
        assert_eq!(request["overrides"]["taskRoleArn"], release.values["migration_role_arn"]);
        assert!(!request.to_string().contains("image"), "what is migrated with is what then runs: {request}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_shows_the_log() {
    if !can_run("a_failure_shows_the_log") {
        return;
    }
    // Nobody is there.
    let (said, log) = failed(&Release::of(Ecs { password: "any", ..Ecs::default() }).await.migrate().await);
    assert!(said.contains("failed with exit code 1"), "{said}");
    assert!(log.contains("\nerror: ") && log.contains("127.0.0.1:1"), "{log}");

    let Some(database) = unmigrated_postgres_database().await else { return };
    roles::make(&database, "broken");
    let url = roles::url(&database, "broken_migrator");
    // A table that is in the way.
    database.server.execute(&database.name, "CREATE TABLE style (n int); ALTER TABLE style OWNER TO broken_owner").await;
    let ecs = Ecs { password: MIGRATOR_PASSWORD, ..Ecs::default() };
    let (said, log) = failed(&Release::register(ecs, &url, "broken_owner").await.migrate().await);
    assert!(said.contains("failed with exit code 1") && !said.contains("is migrated"), "{said}");
    assert!(log.contains("\nerror: ") && log.contains("style") && !log.contains("is migrated"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_does_not_run_to_its_end_is_a_failure() {
    if !can_run("a_task_that_does_not_run_to_its_end_is_a_failure") {
        return;
    }
    for (fate, reason) in [
        (Fate::NeverStart, "did not run to its end: TaskFailedToStart: CannotPullContainerError: image not found"),
        (Fate::Stopped, "did not run to its end: UserInitiated: somebody was afraid"),
        (Fate::NoCapacity, "ECS started no task: Capacity is unavailable at this time."),
    ] {
        let (said, told) = failed(&Release::of(Ecs { fate, ..Ecs::default() }).await.migrate().await);
        assert!(said.contains(reason) && !told.contains("is migrated"), "{said} {told}");
        assert_eq!(told.contains("half of it"), fate == Fate::Stopped, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_it_could_not_begin() {
    if !can_run("it_says_what_it_could_not_begin") {
        return;
    }
    let mut release = Release::of(Ecs::default()).await;
    release.values["task_definition"] = json!("arn:aws:ecs:eu-west-1:123456789012:task-definition/taproom:99");
    let (said, _) = failed(&release.migrate().await);
    assert!(said.contains("taproom:99 cannot be described"), "{said}");

    let release = Release::of(Ecs::default()).await;
    let mut command = release.command();
    command.env("AWS_ENDPOINT_URL_ECS", "http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1");
    let (said, _) = failed(&output(command).await);
    assert!(said.contains("cannot be described"), "a service's own endpoint counts: {said}");

    let mut command = Command::new(file("migrate"));
    let output = command.arg("cluster=staging").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("migration.yaml needs a value for"));
    assert_eq!(Command::new(file("migrate")).arg("--pol").output().unwrap().status.code(), Some(2));
}

/// Neither a limit nor Ctrl-C ends the task: a migration that is cut off is worse than one that takes long.
#[tokio::test(flavor = "multi_thread")]
async fn who_stops_waiting_is_told_where_to_look() {
    if !can_run("who_stops_waiting_is_told_where_to_look") {
        return;
    }
    let release = Release::of(Ecs { fate: Fate::NeverEnd, ..Ecs::default() }).await;
    let task = "arn:aws:ecs:eu-west-1:123456789012:task/taproom-staging/00000000000000000000000000000001";
    let mut command = release.command();
    command.args(["--timeout", "0"]);
    let (said, _) = failed(&output(command).await);
    assert!(said.contains("has not ended after 0 s") && said.contains(&format!("--tasks {task};")), "{said}");

    let command = release.command();
    let (code, said) = tokio::task::spawn_blocking(move || interrupted(command)).await.unwrap();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("goes on. Look with: aws ecs describe-tasks --region eu-west-1 --cluster taproom-staging"), "{said}");
    assert!(said.contains("--log-stream-name ecs/taproom/00000000000000000000000000000002"), "{said}");
}

/// Exit code and standard error after Ctrl-C, once the task runs.
fn interrupted(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map(Result::unwrap).find(|line| line.contains("is RUNNING")).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}
