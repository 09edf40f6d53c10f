//! The templates in `codedeploy/`, rendered by `render` and by Terraform, and held against AWS's model, the program and the collector.

pub mod aws;
mod numbers;
mod refusals;
pub mod roles;
mod served;
mod terraform;

use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::{Command, Output},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::{Value, json};

use crate::support::{skip, stdout};

pub const IMAGE: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom@sha256:";
const TEMPLATES: [&str; 3] = ["taskdef.yaml", "appspec.yaml", "migration.yaml"];

/// A file of `codedeploy/`.
pub fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "codedeploy", name].iter().collect()
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// Digests of nothing: what they name is never pulled.
pub fn image(byte: &str) -> String {
    IMAGE.to_owned() + &byte.repeat(32)
}

/// Values for every template: an environment's and a release's. The optional ones that have none are null.
pub fn values() -> Value {
    json!({
        "family": "taproom-staging",
        "cpu": "256",
        "memory": "512",
        "architecture": "X86_64",
        "execution_role_arn": "arn:aws:iam::123456789012:role/taproom-staging-execution",
        "task_role_arn": "arn:aws:iam::123456789012:role/taproom-staging-task",
        "image": image("ab"),
        "collector_image": image("cd"),
        "collector_config": text("collector.yaml"),
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "deployment": "run-42.1",
        "slot": "green",
        "breaking_changes": "refused",
        "environment": "staging",
        "service": "taproom",
        "region": "eu-west-1",
        "log_group": "/taproom/staging",
        "metrics_log_group": "/taproom/staging/metrics",
        "database_url": "postgres://taproom_app@db.example/taproom",
        "trusted_proxies": "10.0.0.0/24,10.0.1.0/24",
        "rate_limit": null,
        "cors_origins": "https://app.example,https://admin.example",
        "jwt_issuer": null,
        "jwt_audience": null,
        "jwt_jwks_url": null,
        "log": null,
        "metric_operations": "Beers,BeerDetails",
        "trace_ratio": "0.1",
        "database_pool_size": null,
        "task_definition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/taproom-staging:7",
        "capacity_providers": [{ "CapacityProvider": "FARGATE", "Base": 1, "Weight": 1 }],
        "subnets": ["subnet-0a", "subnet-0b"],
        "security_groups": ["sg-0a"],
        "platform_version": "1.4.0",
        "hook_after_allow_test_traffic": "taproom-staging-hook-test",
        "hook_after_allow_traffic": "taproom-staging-hook-production",
        "cluster": "taproom-staging",
        "migration_role_arn": "arn:aws:iam::123456789012:role/taproom-staging-migration",
        "migration_database_url": "postgres://taproom_migrator@db.example/taproom",
        "migration_database_role": "taproom_owner",
    })
}

/// The values that a template needs.
fn placeholders(template: &str) -> BTreeSet<String> {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$\{([a-z_]+)\}").unwrap());
    PLACEHOLDER.captures_iter(&text(template)).map(|found| found[1].to_owned()).collect()
}

/// Whether `render` can run here; says so if not.
pub fn can_render(test: &str) -> bool {
    let python = Command::new("python3").args(["-c", "import yaml"]).output();
    let can = python.is_ok_and(|output| output.status.success());
    if !can {
        skip(test, "Python 3 or PyYAML is not installed; get them with `apt-get install python3-yaml`");
    }
    can
}

/// What `render` does with these arguments.
fn run(arguments: &[&str]) -> Output {
    Command::new(file("render")).args(arguments).output().unwrap()
}

/// What `render` makes of a template.
pub fn render(template: &str, values: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.json");
    std::fs::write(&path, values.to_string()).unwrap();
    serde_json::from_str(&stdout(&run(&[file(template).to_str().unwrap(), path.to_str().unwrap()]))).unwrap()
}

/// A container of a task definition.
pub fn container<'a>(definition: &'a Value, name: &str) -> &'a Value {
    definition["containerDefinitions"].as_array().unwrap().iter().find(|container| container["name"] == name).unwrap()
}

/// The names and values of a container's `environment`.
pub fn environment(container: &Value) -> Vec<(&str, &str)> {
    let entries = container["environment"].as_array().into_iter().flatten();
    entries.map(|entry| (entry["name"].as_str().unwrap(), entry["value"].as_str().unwrap())).collect()
}

/// The value of one.
fn variable<'a>(container: &'a Value, name: &str) -> Option<&'a str> {
    environment(container).into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The README's table says who gives each value.
#[test]
fn the_readme_lists_every_value() {
    let readme = text("README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let listed: BTreeSet<String> = rows.filter(|(name, _)| !name.contains(['.', '/'])).map(|(name, _)| name.to_owned()).collect();
    let needed: BTreeSet<String> = TEMPLATES.iter().flat_map(|template| placeholders(template)).collect();
    assert_eq!(listed, needed);
    let given: BTreeSet<String> = values().as_object().unwrap().keys().cloned().collect();
    assert_eq!(given, needed);
}
