//! Numbers and names that stand in more than one place agree.

use std::{collections::BTreeSet, time::Duration};

use clap::CommandFactory as _;
use serde_json::{Value, json};
use taproom::cli::Cli;

use super::{can_render, container, environment, render, text, values, variable};

/// How long closing the pool and sending telemetry may take after the last request: `CLOSE_TIMEOUT` of `cli/serve.rs` and
/// `SHUTDOWN_TIMEOUT` of `telemetry/mod.rs`.
const AFTERWARDS: Duration = Duration::from_secs(2 + 2);

fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&text(name)).unwrap()
}

fn duration(text: &str) -> Duration {
    humantime::parse_duration(text).unwrap()
}

/// The default of a variable of `serve`.
fn default(name: &str) -> String {
    let cli = Cli::command();
    let serve = cli.find_subcommand("serve").unwrap();
    let argument = serve.get_arguments().find(|argument| argument.get_env().is_some_and(|env| env == name)).unwrap();
    argument.get_default_values()[0].to_string_lossy().into_owned()
}

#[test]
fn the_program_knows_every_variable() {
    if !can_render("the_program_knows_every_variable") {
        return;
    }
    let cli = Cli::command();
    let known: BTreeSet<String> = cli
        .find_subcommand("serve")
        .unwrap()
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .collect();
    let mut all = values();
    for (_, value) in all.as_object_mut().unwrap().iter_mut().filter(|(_, value)| value.is_null()) {
        *value = json!("x");
    }
    let definition = render("taskdef.yaml", &all);
    let given: Vec<_> = environment(container(&definition, "taproom")).into_iter().map(|(name, _)| name.to_owned()).collect();
    for name in &given {
        assert!(known.contains(name), "{name} is no variable of serve");
    }
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len(), "a variable is there twice: {given:?}");
}

#[test]
fn ecs_waits_until_the_program_has_ended() {
    if !can_render("ecs_waits_until_the_program_has_ended") {
        return;
    }
    let definition = render("taskdef.yaml", &values());
    let app = container(&definition, "taproom");
    let [drain, shutdown] =
        ["TAPROOM_DRAIN_DELAY", "TAPROOM_SHUTDOWN_TIMEOUT"].map(|name| duration(variable(app, name).unwrap()));
    assert!(shutdown > drain + duration(&default("TAPROOM_REQUEST_TIMEOUT")));
    let stop = Duration::from_secs(app["stopTimeout"].as_u64().unwrap());
    assert!(stop > shutdown + AFTERWARDS && stop <= Duration::from_secs(120), "{stop:?}");
    // `taproom healthcheck` gives up before ECS does, and says why.
    assert!(app["healthCheck"]["timeout"].as_u64().unwrap() > 2);
}

#[test]
fn the_collector_gets_what_its_configuration_expects() {
    if !can_render("the_collector_gets_what_its_configuration_expects") {
        return;
    }
    let definition = render("taskdef.yaml", &values());
    let (app, collector) = (container(&definition, "taproom"), container(&definition, "collector"));
    let config = yaml("collector.yaml");
    assert_eq!(variable(collector, "AOT_CONFIG_CONTENT").unwrap(), text("collector.yaml"));
    for name in text("collector.yaml").split("${env:").skip(1).map(|rest| rest.split('}').next().unwrap()) {
        assert!(variable(collector, name).is_some(), "{name} is not set");
    }
    let endpoint = config["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].as_str().unwrap();
    assert_eq!(variable(app, "OTEL_EXPORTER_OTLP_ENDPOINT"), Some(format!("http://{endpoint}").as_str()));
    // Where `/healthcheck` asks.
    assert_eq!(config["extensions"]["health_check"]["endpoint"], "127.0.0.1:13133");

    let interval = yaml("rollout.yaml")["metric_export_interval_seconds"].as_u64().unwrap();
    assert_eq!(variable(app, "OTEL_METRIC_EXPORT_INTERVAL").unwrap(), (interval * 1000).to_string());

    let limit = config["processors"]["memory_limiter"]["limit_mib"].as_u64().unwrap();
    let go: u64 = variable(collector, "GOMEMLIMIT").unwrap().strip_suffix("MiB").unwrap().parse().unwrap();
    let memory = collector["memory"].as_u64().unwrap();
    // The process is some 50 MiB more than its heap: see collector.yaml.
    assert!(limit < go && go < memory && limit + 50 < memory, "{limit} {go} {memory}");
    let smallest: u64 = 512;
    assert!(memory <= smallest / 2, "in the smallest task the service has less memory than the collector");
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html>, and `overrides` of
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html>.
#[test]
fn ecs_takes_documents_of_this_size() {
    if !can_render("ecs_takes_documents_of_this_size") {
        return;
    }
    let definition = render("taskdef.yaml", &values()).to_string().len();
    let overrides = render("migration.yaml", &values())["overrides"].to_string().len();
    println!("the task definition has {definition} bytes, the migration's overrides {overrides}");
    assert!(definition < 64 * 1024 / 2 && overrides < 8192 / 2, "{definition} {overrides}");
}

#[test]
fn all_templates_mean_the_same_container() {
    if !can_render("all_templates_mean_the_same_container") {
        return;
    }
    let definition = render("taskdef.yaml", &values());
    let app = container(&definition, "taproom");
    let port = app["portMappings"][0]["containerPort"].as_u64().unwrap();
    assert!(variable(app, "TAPROOM_LISTEN").unwrap().ends_with(&format!(":{port}")));
    let appspec = render("appspec.yaml", &values());
    let service = &appspec["Resources"][0]["TargetService"]["Properties"];
    assert_eq!(service["LoadBalancerInfo"], json!({ "ContainerName": app["name"], "ContainerPort": port }));
    let migration = render("migration.yaml", &values());
    assert_eq!(migration["overrides"]["containerOverrides"][0]["name"], app["name"]);
    let network = &service["NetworkConfiguration"]["AwsvpcConfiguration"];
    let migrations = &migration["networkConfiguration"]["awsvpcConfiguration"];
    assert_eq!((&network["Subnets"], &network["SecurityGroups"]), (&migrations["subnets"], &migrations["securityGroups"]));

    // The collector starts first and ends last, and its absence is no reason not to serve.
    assert_eq!(app["dependsOn"], json!([{ "containerName": "collector", "condition": "START" }]));
    assert_eq!((&app["essential"], &container(&definition, "collector")["essential"]), (&json!(true), &json!(false)));
}
