//! The GraphQL over HTTP specification, as the audits of the `graphql-http` package see it, against the real program.

use std::{io, path::Path, process::Command};

use crate::support::{program::Running, skip, stdout};

#[test]
fn every_audit_passes() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance"));
    if !folder.join("node_modules/graphql-http").is_dir() {
        return skip("the audits", "graphql-http is not installed; run `npm ci` in api/tests/conformance");
    }
    let server = Running::quiet();
    let url = format!("http://{}/graphql", server.address);
    match Command::new("node").arg("audit.mjs").arg(url).current_dir(folder).output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skip("the audits", "Node is not installed; get it with `apt-get install nodejs npm`");
        }
        output => assert_eq!(stdout(&output.unwrap()), "61 passed, 0 failed\n"),
    }
}
