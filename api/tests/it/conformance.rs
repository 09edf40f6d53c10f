//! The GraphQL over HTTP specification, as the audits of the `graphql-http` package see it, against the real program.

use std::{io, path::Path, process::Command};

use crate::support::{program::Running, skip};

/// What the audits print under a profile; none if they cannot run here.
fn audit(profile: &str) -> Option<String> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance"));
    if !folder.join("node_modules/graphql-http").is_dir() {
        skip("the audits", "graphql-http is not installed; run `npm ci` in api/tests/conformance");
        return None;
    }
    let server = Running::start(&[("TAPROOM_LOG", "warn,taproom::cli=info"), ("TAPROOM_PROFILE", profile)]);
    let url = format!("http://{}/graphql", server.address);
    match Command::new("node").arg("audit.mjs").arg(url).current_dir(folder).output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skip("the audits", "Node is not installed; get it with `apt-get install nodejs npm`");
            None
        }
        output => Some(String::from_utf8(output.unwrap().stdout).unwrap()),
    }
}

#[test]
fn every_audit_passes_in_development() {
    if let Some(report) = audit("development") {
        assert_eq!(report, "61 passed, 0 failed\n");
    }
}

/// What production refuses, by name and in the audits' order. No document is taken by GET without a header that makes browsers ask first,
/// and the audits send none. And the schema is not told to strangers, while some audits ask for a type of it to see other things work.
const REFUSED: [(&str, &str); 6] = [
    ("BF61", "introspection"),
    ("5A70", "GET without a header"),
    ("2EA1", "introspection"),
    ("28B9", "introspection"),
    ("D6D5", "GET without a header"),
    ("6A70", "GET without a header"),
];

#[test]
fn in_production_only_introspection_and_what_a_foreign_page_could_send_fail() {
    let Some(report) = audit("production") else { return };
    let lines: Vec<_> = report.lines().collect();
    let Some((total, failures)) = lines.split_last() else { panic!("no report") };
    let failed: Vec<_> = failures.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    let expected = REFUSED.map(|(audit, _)| audit);
    assert_eq!((failed.as_slice(), *total), (expected.as_slice(), "55 passed, 6 failed"), "{report}");
}
