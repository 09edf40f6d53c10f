//! Clients as they are published, unchanged, against the real program: see `api/tests/clients`.

use std::{io, path::Path, process::Command};

use crate::support::{program::Running, skip};

/// Runs a client's script; all its checks pass, and none is missing.
fn run(client: &str, passed: u32) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients"));
    if !folder.join("node_modules").is_dir() {
        return skip(client, "the clients are not installed; run `npm ci` in api/tests/clients");
    }
    let mut server = Running::quiet();
    let (url, key) = (format!("http://{}/graphql", server.address), server.write_key());
    let script = format!("{client}.mjs");
    match Command::new("node").args([&script, &url, &key]).current_dir(folder).output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skip(client, "Node is not installed; get version 20 or newer, with npm");
        }
        output => {
            let output = output.unwrap();
            let [said, errors] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
            assert_eq!(said, format!("{passed} passed, 0 failed\n"), "{said}{errors}");
        }
    }
}

#[test]
fn apollo_client() {
    run("apollo", 11);
}

#[test]
fn urql() {
    run("urql", 10);
}

#[test]
fn graphql_code_generator() {
    run("codegen", 10);
}

#[test]
fn relay() {
    run("relay", 5);
}
