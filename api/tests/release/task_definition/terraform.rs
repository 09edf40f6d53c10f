//! Terraform makes the same of the templates as `render` does, by the lines that the README gives.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{TEMPLATES, can_render, file, render, text, values};
use crate::support::skip;

#[test]
fn terraform_renders_the_same() {
    let test = "terraform_renders_the_same";
    if !can_render(test) {
        return;
    }
    if Command::new("terraform").arg("-version").output().is_err() {
        return skip(test, "terraform is not installed: see https://developer.hashicorp.com/terraform/install");
    }
    // What YAML, JSON and Terraform each have their own opinion of.
    let mut values = values();
    values["service"] = json!("on");
    values["cors_origins"] = json!("a: \"b\" # ${c} %{d} <e> & \\ \u{2028}\u{1f37a}\n- null\n");
    for template in TEMPLATES {
        let ours = render(template, &values);
        let mut theirs = by_terraform(template, &values);
        if template == "taskdef.yaml" {
            theirs["definition"]["containerDefinitions"] = theirs["containers"].take();
        }
        assert_eq!(floats(theirs["definition"].take()), floats(ours), "{template}");
    }
}

fn by_terraform(template: &str, values: &Value) -> Value {
    let readme = text("README.md");
    let block = readme.split("```hcl\n").nth(1).unwrap().split("```").next().unwrap();
    let mut code = block.replace("\"codedeploy/taskdef.yaml\"", &format!("{:?}", file(template)));
    code = code.replace("var.values", "jsondecode(file(\"values.json\"))");
    let wanted = if template == "taskdef.yaml" {
        "{ definition = local.definition, containers = local.containers }"
    } else {
        code = code[..code.find("  containers").unwrap()].to_owned() + "}\n";
        "{ definition = local.definition }"
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), code).unwrap();
    fs::write(folder.path().join("values.json"), values.to_string()).unwrap();
    let printed = console(folder.path(), &format!("base64encode(jsonencode({wanted}))"));
    serde_json::from_slice(&BASE64.decode(printed.trim_matches('"')).unwrap()).unwrap()
}

/// 0 and 0.0 are the same in JSON.
fn floats(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(entries) => entries.into_iter().map(floats).collect(),
        Value::Object(entries) => entries.into_iter().map(|(name, value)| (name, floats(value))).collect(),
        other => other,
    }
}

fn console(folder: &Path, expression: &str) -> String {
    let mut command = Command::new("terraform");
    command.arg("console").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut terraform = command.spawn().unwrap();
    writeln!(terraform.stdin.take().unwrap(), "{expression}").unwrap();
    let output = terraform.wait_with_output().unwrap();
    assert!(output.status.success(), "{expression}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
