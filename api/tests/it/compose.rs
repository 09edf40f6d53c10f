//! What `compose.yaml` and the `Dockerfile` say, without Docker: the commands and environments of the file, with the real program and a real PostgreSQL.

use std::collections::BTreeMap;
use std::process::Output;

use serde::Deserialize;
use serde_json::{Value, json};
use taproom::tls::http_client;

use crate::support::postgres::{Server, own_server};
use crate::support::program::Running;
use crate::support::{stdout, taproom};

#[derive(Deserialize)]
struct Compose {
    services: BTreeMap<String, Service>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Service {
    image: String,
    command: Vec<String>,
    environment: BTreeMap<String, String>,
    depends_on: Value,
    ports: Vec<String>,
    read_only: bool,
    cap_drop: Vec<String>,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn compose() -> BTreeMap<String, Service> {
    serde_saphyr::from_str::<Compose>(&read("compose.yaml")).unwrap().services
}

impl Service {
    /// Its environment, where other services are at `server` and not in containers. Nobody collects telemetry.
    fn environment(&self, server: &Server) -> Vec<(&str, String)> {
        let here = |value: &str| value.replace("@postgres:5432/", &format!("@127.0.0.1:{}/", server.port));
        let variables = self.environment.iter().filter(|(name, _)| *name != "OTEL_EXPORTER_OTLP_ENDPOINT");
        variables.map(|(name, value)| (name.as_str(), here(value))).collect()
    }

    fn run(&self, server: &Server) -> Output {
        taproom().args(&self.command).envs(self.environment(server)).output().unwrap()
    }
}

#[tokio::test]
async fn its_commands_and_environments_set_up_a_database_and_serve_it() {
    let Some((server, _)) = own_server().await else { return };
    let services = compose();
    let PostgresImage { database, password } = PostgresImage::of(&services["postgres"]);
    server.execute("postgres", &format!("CREATE DATABASE {database}")).await;
    server.execute("postgres", &format!("ALTER ROLE postgres PASSWORD '{password}'")).await;

    for again in [false, true] {
        let said = stdout(&services["roles"].run(&server));
        assert_eq!(said.contains("nothing was changed"), again, "{said}");
        let said = stdout(&services["migrate"].run(&server));
        assert_eq!(said.contains("up to date"), again, "{said}");
    }
    stdout(&services["seed"].run(&server));

    let service = &services["taproom"];
    assert!(service.command.is_empty(), "the image's command is serve");
    let environment = service.environment(&server);
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let running = Running::start(&environment);
    let base = format!("http://{}", running.address);
    let client = http_client(|builder| builder).unwrap();
    assert_eq!(client.get(format!("{base}/readyz")).send().await.unwrap().status(), 200);
    let query = json!({ "query": "{ beers(first: 1) { totalCount } __schema { queryType { name } } }" });
    let answer = client.post(format!("{base}/graphql")).json(&query).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["data"]["beers"]["totalCount"], 138, "{answer}");
}

/// What PostgreSQL's image makes at its first start.
struct PostgresImage<'a> {
    database: &'a str,
    password: &'a str,
}

impl<'a> PostgresImage<'a> {
    fn of(service: &'a Service) -> Self {
        Self { database: &service.environment["POSTGRES_DB"], password: &service.environment["POSTGRES_PASSWORD"] }
    }
}

#[test]
fn each_step_waits_for_the_one_before() {
    let services = compose();
    let condition =
        |service: &str, of: &str| services[service].depends_on[of]["condition"].as_str().unwrap_or_default().to_owned();
    assert_eq!(condition("roles", "postgres"), "service_healthy");
    for (service, of) in [("migrate", "roles"), ("seed", "migrate"), ("taproom", "migrate")] {
        assert_eq!(condition(service, of), "service_completed_successfully", "{service}");
    }
}

#[test]
fn nothing_is_privileged_or_reached_from_elsewhere_and_no_version_is_open() {
    for (name, service) in compose() {
        assert!(service.read_only && service.cap_drop == ["ALL"], "{name}");
        assert!(service.ports.iter().all(|port| port.starts_with("127.0.0.1:")), "{name}: {:?}", service.ports);
        let tag = service.image.rsplit_once(':').map(|(_, tag)| tag);
        assert!(tag.is_some_and(|tag| tag != "latest"), "{name}: {}", service.image);
    }
}

/// Another compiler than everybody's would build what is shipped.
#[test]
fn the_image_is_built_by_the_projects_toolchain() {
    let toolchain = read("rust-toolchain.toml");
    let version = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"')).unwrap();
    let dockerfile = read("Dockerfile");
    let bases: Vec<_> = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM rust:")).collect();
    assert!(matches!(bases[..], [base] if base.starts_with(&format!("{version}-"))), "{bases:?} and {version}");
}
