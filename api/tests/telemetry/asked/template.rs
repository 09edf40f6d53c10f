//! What Terraform's `templatefile` does to our templates: there is nothing in them but `${name}`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use regex::Regex;

use crate::Result;
use crate::service::{ENVIRONMENT, SERVICE};
use crate::support::skip;

/// What Terraform knows, as far as it makes a difference; what is not ours is made up.
const VARIABLES: [(&str, &str); 13] = [
    ("region", "eu-west-1"),
    ("service", SERVICE),
    ("environment", ENVIRONMENT),
    ("namespace", "Taproom"),
    ("cluster", "taproom-cluster"),
    ("ecs_service", "taproom-service"),
    ("load_balancer", "app/taproom/50dc6c495c0c9188"),
    ("target_group_blue", TARGET_GROUPS[0].1),
    ("target_group_green", TARGET_GROUPS[1].1),
    ("database", "taproom-database"),
    ("log_group", "/taproom/service"),
    ("runbooks", "https://example.com/docs/runbooks"),
    ("alarm_arns", r#"["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:taproom"]"#),
];
const TARGET_GROUPS: [(&str, &str); 2] =
    [("blue", "targetgroup/taproom-blue/943f017f100becff"), ("green", "targetgroup/taproom-green/73e2d6bc24d8a067")];

/// The template's text with these variables beside the usual ones.
pub fn render(template: &str, more: &[(&str, &str)]) -> Result<String> {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$\{([^}]*)\}").unwrap());
    if let Some(directive) = ["%{", "$${"].into_iter().find(|directive| template.contains(directive)) {
        return Err(format!("a template has {directive}, and may have nothing but ${{name}}"));
    }
    let mut rendered = String::new();
    let mut end = 0;
    for found in VARIABLE.captures_iter(template) {
        let (whole, name) = (found.get(0).unwrap(), &found[1]);
        let value = more.iter().chain(&VARIABLES).find(|(known, _)| *known == name);
        let (_, value) = value.ok_or_else(|| format!("${{{name}}} is no variable of the templates"))?;
        rendered.push_str(&template[end..whole.start()]);
        rendered.push_str(value);
        end = whole.end();
    }
    Ok(rendered + &template[end..])
}

/// Those of `gate.yaml`, for this candidate.
pub fn render_for(template: &str, candidate: &str) -> Result<String> {
    render(template, &gate_variables(candidate))
}

fn gate_variables(candidate: &str) -> [(&'static str, &'static str); 4] {
    let [blue, green] = TARGET_GROUPS;
    let (candidate, other) = if candidate == "blue" { (blue, green) } else { (green, blue) };
    [("candidate", candidate.0), ("other", other.0), ("candidate_target_group", candidate.1), ("other_target_group", other.1)]
}

/// Whether Terraform makes the same of them, and can read what it made.
#[test]
fn terraform_renders_the_same() {
    if Command::new("terraform").arg("-version").output().is_err() {
        skip("terraform_renders_the_same", "terraform is not installed: see https://developer.hashicorp.com/terraform/install");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let candidate = gate_variables("green");
    let variables: BTreeMap<_, _> = VARIABLES.into_iter().chain(candidate).collect();
    std::fs::write(folder.path().join("variables.json"), serde_json::to_string(&variables).unwrap()).unwrap();
    for (name, decode) in [("ops.json", "json"), ("deploy.json", "json"), ("alarms.yaml", "yaml"), ("gate.yaml", "yaml")] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboards/").to_owned() + name;
        let ours = render(&std::fs::read_to_string(&path).unwrap(), &candidate).unwrap();
        let rendered = format!("templatefile({path:?}, jsondecode(file(\"variables.json\")))");
        let theirs = console(folder.path(), &format!("base64encode({rendered})"));
        assert!(BASE64.decode(theirs.trim_matches('"')).unwrap() == ours.as_bytes(), "{name}");
        assert_eq!(console(folder.path(), &format!("length({decode}decode({rendered})) > 0")), "true", "{name}");
    }
}

fn console(folder: &Path, expression: &str) -> String {
    let mut terraform = Command::new("terraform")
        .arg("console")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(terraform.stdin.take().unwrap(), "{expression}").unwrap();
    let output = terraform.wait_with_output().unwrap();
    assert!(output.status.success(), "{expression}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
