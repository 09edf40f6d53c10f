//! What `render` says of values that cannot be right. Whoever calls it goes on with what it prints: then it prints nothing.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{can_render, file, render, run, values, variable};
use crate::support::{failure, stdout};

/// The task definition's refusal of the usual values with one changed.
fn refused(name: &str, value: Value) -> String {
    let mut values = values();
    values[name] = value;
    refused_values(&values)
}

fn refused_values(values: &Value) -> String {
    refused_text(&values.to_string())
}

fn refused_text(values: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.json");
    fs::write(&path, values).unwrap();
    failure(&run(&[file("taskdef.yaml").to_str().unwrap(), path.to_str().unwrap()]), 2)
}

#[test]
fn a_value_of_the_wrong_form_is_refused() {
    if !can_render("a_value_of_the_wrong_form_is_refused") {
        return;
    }
    for (name, value, why) in [
        ("image", json!("taproom:latest"), "must be an image by digest"),
        ("collector_image", json!("collector@sha256:short"), "must be an image by digest"),
        ("slot", json!("none"), "must be blue or green"),
        ("architecture", json!("amd64"), "must be X86_64 or ARM64"),
        ("cpu", json!(256), "must be a text"),
        ("memory", json!("1 GB"), "must be a text of digits"),
        ("deployment", json!("run 42"), "without blanks"),
        // The program would take the embedded database instead.
        ("database_url", Value::Null, "must be a text, and not empty"),
        ("database_url", json!("postgres://taproom:hunter2@db.example/taproom"), "without a password"),
        ("commit", json!("c0ffee1\n"), "must be the commit's hash"),
        ("trusted_proxies", json!(""), "must be a text, and not empty"),
        ("rate_limit", json!(1000), "must be a text, or null to leave it out"),
        ("metric_operations", json!(["Beers"]), "must be a text, or null to leave it out"),
    ] {
        let message = refused(name, value);
        assert!(message.contains(&format!("{name} is ")) && message.contains(why), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let alone = refused("jwt_issuer", json!("https://issuer.example"));
    assert!(alone.contains("jwt_issuer, jwt_audience, jwt_jwks_url must all have a value"), "{alone}");
    // Half of a surrogate pair is no character.
    let no_text = refused_text(&values().to_string().replace(r#""log":null"#, r#""log":"\ud800""#));
    assert!(no_text.contains("no Unicode text"), "{no_text}");
    let appspec = file("appspec.yaml");
    for (text, why) in [("subnets=subnet-0a", "must be a list"), ("task_definition=taproom:7", "must be the ARN")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("values.json");
        fs::write(&path, values().to_string()).unwrap();
        let message = failure(&run(&[appspec.to_str().unwrap(), path.to_str().unwrap(), text]), 2);
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn a_missing_or_unknown_value_is_refused() {
    if !can_render("a_missing_or_unknown_value_is_refused") {
        return;
    }
    let mut missing = values();
    missing.as_object_mut().unwrap().remove("slot").unwrap();
    missing.as_object_mut().unwrap().remove("commit").unwrap();
    assert!(refused_values(&missing).contains("taskdef.yaml needs a value for commit, slot"));
    let unknown = refused("databse_url", json!("x"));
    assert!(unknown.contains("knows databse_url; is it misspelt?"), "{unknown}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    if !can_render("what_cannot_be_read_is_refused") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let made = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let said = |template: &str, values: &str| failure(&run(&[template, values]), 2);
    let template = made("fine.yaml", "a: ${name}\n");
    assert!(said(&template, "nowhere.json").contains("nowhere.json cannot be read"));
    assert!(said(&template, &made("broken.json", "{")).contains("is no JSON"));
    assert!(said(&template, &made("list.json", "[]")).contains("must be an object"));
    assert!(said("nowhere.yaml", "name=x").contains("nowhere.yaml cannot be read"));
    assert!(said(&made("broken.yaml", "a: [${name}\n"), "name=x").contains("is no YAML"));
    assert!(said(&made("part.yaml", "a: x-${name}\n"), "name=x").contains("must be the whole value"));
    assert_eq!(stdout(&run(&[&template, "name=a: ${b} # \"c\""])), "{\n  \"a\": \"a: ${b} # \\\"c\\\"\"\n}\n");
    assert!(stdout(&run(&["--help"])).contains("usage: render"));
    assert_eq!(run(&[]).status.code(), Some(2));
}

#[test]
fn without_pyyaml_it_says_how_to_get_it() {
    if !can_render("without_pyyaml_it_says_how_to_get_it") {
        return;
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("yaml.py"), "raise ImportError").unwrap();
    let mut command = Command::new(file("render"));
    command.arg(file("appspec.yaml")).env("PYTHONPATH", folder.path());
    assert!(failure(&command.output().unwrap(), 2).contains("pip install pyyaml"));
}

/// Of two values the later one counts, and what is null is not in the environment.
#[test]
fn values_come_from_everywhere() {
    if !can_render("values_come_from_everywhere") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let write = |name: &str, values: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, values.to_string()).unwrap();
        path
    };
    let usual = write("environment.json", &values());
    let release = write("release.json", &json!({ "slot": "blue", "rate_limit": "1000" }));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let rendered = run(&[&text(&file("taskdef.yaml")), &text(&usual), &text(&release), "deployment=run-43"]);
    let rendered: Value = serde_json::from_str(&stdout(&rendered)).unwrap();
    let app = super::container(&rendered, "taproom");
    assert_eq!(variable(app, "TAPROOM_SLOT"), Some("blue"));
    assert_eq!(variable(app, "TAPROOM_DEPLOYMENT"), Some("run-43"));
    assert_eq!(variable(app, "TAPROOM_RATE_LIMIT"), Some("1000"));

    let rendered = render("taskdef.yaml", &values());
    let app = super::container(&rendered, "taproom");
    assert_eq!((variable(app, "TAPROOM_RATE_LIMIT"), variable(app, "OTEL_TRACES_SAMPLER_ARG")), (None, Some("0.1")));
}
