//! What others think of the rendered documents: botocore's model of AWS's APIs, the AWS CLI, and moto, an imitation of AWS.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use super::{can_render, render, values};
use crate::support::{skip, stdout};

/// botocore checks names and types, but not which words an enumeration has.
const ENUMERATIONS: &str = r#"
import json, sys, botocore.session
def check(shape, value, at):
    if shape.type_name == "structure":
        for name, member in value.items():
            check(shape.members[name], member, f"{at}.{name}")
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            check(shape.member, member, f"{at}[{index}]")
    elif shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        sys.exit(f"{at} is {value}, but must be one of {shape.enum}")
operation = botocore.session.Session().get_service_model("ecs").operation_model(sys.argv[1])
check(operation.input_shape, json.load(sys.stdin), sys.argv[1])
"#;

struct Moto {
    server: Child,
    endpoint: String,
}

impl Moto {
    fn start() -> Self {
        // Free now, and nobody is likely to take it before the server does.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.try_wait().unwrap().is_none(), "moto_server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { server, endpoint: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The AWS CLI against `endpoint`, with nobody's credentials.
pub fn cli(endpoint: &str, home: &Path) -> Command {
    let mut command = Command::new("aws");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command.env("HOME", home).env("AWS_ENDPOINT_URL", endpoint).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "nobody's");
    command.env("AWS_DEFAULT_REGION", "eu-west-1");
    command
}

/// Whether the AWS CLI is here; says so if not.
pub fn has_cli(test: &str) -> bool {
    let has = Command::new("aws").arg("--version").output().is_ok();
    if !has {
        skip(test, "the AWS CLI is not installed; get it with `pip install awscli`");
    }
    has
}

#[test]
fn aws_knows_every_word() {
    let test = "aws_knows_every_word";
    if !can_render(test) {
        return;
    }
    if !Command::new("python3").args(["-c", "import botocore"]).output().is_ok_and(|output| output.status.success()) {
        return skip(test, "botocore is not installed; get it with `pip install botocore`");
    }
    for (template, operation) in [("taskdef.yaml", "RegisterTaskDefinition"), ("migration.yaml", "RunTask")] {
        let mut python = Command::new("python3");
        let mut python =
            python.args(["-c", ENUMERATIONS, operation]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        serde_json::to_writer(python.stdin.take().unwrap(), &render(template, &values())).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Also that nothing is lost on the way.
#[test]
fn the_definition_can_be_registered() {
    let test = "the_definition_can_be_registered";
    if !can_render(test) || !has_cli(test) {
        return;
    }
    if Command::new("moto_server").arg("--help").output().is_err() {
        return skip(test, "moto is not installed; get it with `pip install 'moto[server]'`");
    }
    let definition = render("taskdef.yaml", &values());
    let (moto, folder) = (Moto::start(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("taskdef.json"), definition.to_string()).unwrap();
    let mut register = cli(&moto.endpoint, folder.path());
    register.args(["ecs", "register-task-definition", "--cli-input-json", "file://taskdef.json"]).current_dir(&folder);
    let registered: Value = serde_json::from_str(&stdout(&register.output().unwrap())).unwrap();
    let registered = &registered["taskDefinition"];
    assert_eq!(registered["revision"], 1);
    for (name, value) in definition.as_object().unwrap().iter().filter(|(name, _)| *name != "containerDefinitions") {
        assert_eq!(&registered[name], value, "{name}");
    }
    let containers = definition["containerDefinitions"].as_array().unwrap();
    for (ours, theirs) in containers.iter().zip(registered["containerDefinitions"].as_array().unwrap()) {
        for (name, value) in ours.as_object().unwrap() {
            if name == "portMappings" {
                // Under awsvpc it is the container's.
                assert_eq!(theirs[name][0]["containerPort"], value[0]["containerPort"]);
            } else {
                assert_eq!(&theirs[name], value, "{name}");
            }
        }
    }
    assert_eq!(registered["containerDefinitions"].as_array().unwrap().len(), containers.len());
}

#[test]
fn the_cli_takes_the_migrations_request_and_the_appspec() {
    let test = "the_cli_takes_the_migrations_request_and_the_appspec";
    if !can_render(test) || !has_cli(test) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let appspec = json!({ "content": render("appspec.yaml", &values()).to_string() });
    let revision = json!({ "revisionType": "AppSpecContent", "appSpecContent": appspec });
    let deployment = json!({ "applicationName": "taproom", "revision": revision });
    for (words, input) in
        [(["ecs", "run-task"], render("migration.yaml", &values())), (["deploy", "create-deployment"], deployment)]
    {
        fs::write(folder.path().join("input.json"), input.to_string()).unwrap();
        // Checks its arguments, and sends nothing.
        let mut command = cli("http://127.0.0.1:1", folder.path());
        command.args(words).args(["--cli-input-json", "file://input.json", "--generate-cli-skeleton", "output"]);
        stdout(&command.current_dir(&folder).output().unwrap());
    }
}
