//! The real program: starting without configuration, refusing to start, and stopping by signals.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use taproom::telemetry;
use tempfile::TempDir;

use crate::support::program::{Running, next};
use crate::support::taproom;

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Output, String) {
    let folder = TempDir::new().unwrap();
    let output = taproom().args(arguments).envs(environment.iter().copied()).current_dir(&folder).output().unwrap();
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    (output, errors)
}

impl Running {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// A request of which the server has the head and half the body.
    fn half_a_request(&self) -> TcpStream {
        let mut stream = self.connect();
        let head = format!("POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n", self.address);
        write!(stream, "{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", BODY.len()).unwrap();
        let mut go_on = *b"HTTP/1.1 100 Continue\r\n\r\n";
        stream.read_exact(&mut go_on).unwrap();
        assert!(go_on.starts_with(b"HTTP/1.1 100"));
        write!(stream, "{}", &BODY[..10]).unwrap();
        stream
    }
}

const BODY: &str = r#"{"query":"{ __typename }"}"#;

fn get(stream: &mut TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut buffer = [0; 4096];
    let length = stream.read(&mut buffer).unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[test]
fn it_starts_without_configuration_and_says_what_to_do() {
    let mut running = Running::start(&[]);
    let health = |arguments: &[&str]| run(&[&["healthcheck", "--listen", &running.address], arguments].concat(), &[]);
    assert!(health(&[]).0.status.success());
    assert!(health(&["--url", &format!("http://{}/readyz", running.address)]).0.status.success());
    let (output, errors) = health(&["--url", &format!("http://{}/nowhere", running.address)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("/nowhere answers 404"), "{errors}");

    running.signal("-TERM");
    assert_eq!(running.exit_code(), Some(0));
    let mut banner = String::new();
    running.child.stdout.take().unwrap().read_to_string(&mut banner).unwrap();
    for expected in [&format!("Playground   http://{}/", running.address), "Write key    ", "curl http://"] {
        assert!(banner.contains(expected), "{banner}");
    }
    let (output, errors) = run(&["healthcheck", "--listen", &running.address], &[]);
    assert_eq!(output.status.code(), Some(1), "nobody is there any more");
    assert!(errors.contains("cannot be reached"), "{errors}");
}

#[test]
fn a_request_leaves_one_line_in_the_log_and_no_secrets() {
    let mut running = Running::start(&[]);
    let mut stream = running.connect();
    let body = r#"{"query":"query Mine($v: String) { nothing(v: $v) }","variables":{"v":"private"}}"#;
    let head =
        "POST /graphql?token=hidden HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream.read_to_string(&mut String::new()).unwrap();

    let line = next(&mut running.log, "request");
    let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    assert_eq!((field("method"), field("path"), &line["status"]), ("POST".to_owned(), "/graphql".to_owned(), &Value::from(200)));
    assert_eq!((field("operation_name"), field("operation_type")), ("Mine".to_owned(), "query".to_owned()));
    assert_eq!(field("error_codes"), "GRAPHQL_VALIDATION_FAILED");
    assert!(line["duration_ms"].is_number() && line.get("principal").is_none(), "{line}");

    let key = running.write_key();
    let mut stream = running.connect();
    let query = r#"query Names($name: String) { beers(first: 3, filter: { name: { contains: $name } }) { nodes { name } } }"#;
    let body = json!({ "query": query, "variables": { "name": "private" } }).to_string();
    write!(stream, "{head}authorization: Bearer {key}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream.read_to_string(&mut String::new()).unwrap();
    let done = next(&mut running.log, "request");
    let names: Vec<_> = done.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "cost document document_hash duration_ms level message method operation_name operation_type path principal span_id \
                    statements status target timestamp trace_id xray_trace_id";
    assert_eq!(names.join(" "), expected, "{done}");
    assert_eq!(
        (&done["operation_name"], &done["operation_type"], &done["document"]),
        (&json!("Names"), &json!("query"), &json!("text"))
    );
    assert_eq!(done["document_hash"], format!("{:x}", Sha256::digest(query)), "{done}");
    assert!(done["cost"].as_u64().unwrap() > 3 && done["principal"].as_str().unwrap().starts_with("key:"), "{done}");
    assert_eq!(done["statements"], 2, "the key's and the beers': {done}");
    for name in names.iter().chain(&["error_codes"]) {
        assert!(telemetry::guide().contains(&format!("`{name}`")), "{name} is not in the guide");
    }

    write!(running.connect(), "GET /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer hunter2\r\n\r\n").unwrap();
    running.signal("-TERM");
    let mut rest = String::new();
    running.log.read_to_string(&mut rest).unwrap();
    let log = format!("{line}\n{done}\n{rest}");
    for secret in ["private", "hidden", "hunter2", "first: 3", key.splitn(3, '_').nth(2).unwrap()] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn it_refuses_to_start_when_it_would_go_wrong() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let unmigrated = [("TAPROOM_DATABASE_URL", "sqlite:empty.db"), ("TAPROOM_LISTEN", "127.0.0.1:0")];
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: [Case<'_>; 8] = [
        (&[("TAPROOM_LISTEN", &taken)], &[&taken, "TAPROOM_LISTEN"]),
        (&[("TAPROOM_LISTEN", "0.0.0.0:0")], &["0.0.0.0:0", "loopback", "TAPROOM_DATABASE_URL"]),
        (&[("TAPROOM_LISTEN", "8080")], &["TAPROOM_LISTEN is \"8080\""]),
        (&[("TAPROOM_LOG", "taproom=loud")], &["TAPROOM_LOG", "taproom=loud"]),
        (&[("TAPROOM_DRAIN_DELAY", "30s")], &["TAPROOM_DRAIN_DELAY is 30s", "TAPROOM_SHUTDOWN_TIMEOUT"]),
        (&[("TAPROOM_DRAIN_DELAY", "3601s")], &["TAPROOM_DRAIN_DELAY is \"3601s\"", "at most 1h"]),
        (&[("TAPROOM_SHUTDOWN_TIMEOUT", "500000000000y")], &["TAPROOM_SHUTDOWN_TIMEOUT is", "at most 1h"]),
        (&unmigrated, &["taproom migrate up"]),
    ];
    for (environment, expected) in cases {
        let (output, errors) = run(&["serve"], environment);
        assert!(!output.status.success(), "{environment:?}");
        assert!(expected.iter().all(|part| errors.contains(part)), "{environment:?}: {errors}");
    }
}

#[test]
fn sigterm_drains() {
    let mut running =
        Running::start(&[("TAPROOM_DRAIN_DELAY", "3s"), ("TAPROOM_BODY_TIMEOUT", "600s"), ("TAPROOM_REQUEST_TIMEOUT", "600s")]);
    let mut under_way = running.half_a_request();
    let mut idle = running.connect();
    assert!(get(&mut idle, "/readyz").starts_with("HTTP/1.1 200"));

    running.signal("-TERM");
    next(&mut running.log, "stopping");
    assert!(get(&mut running.connect(), "/readyz").starts_with("HTTP/1.1 503"), "still served, and not ready");
    assert_eq!(idle.read(&mut [0; 16]).unwrap(), 0, "the idle connection is closed");
    // Until it accepts nothing more.
    while TcpStream::connect(&running.address).is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }

    under_way.write_all(&BODY.as_bytes()[10..]).unwrap();
    let mut response = String::new();
    under_way.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK") && response.ends_with("}}"), "{response}");
    assert_eq!(running.exit_code(), Some(0));
}

#[test]
fn the_deadline_cuts_and_says_so() {
    let mut running = Running::start(&[("TAPROOM_SHUTDOWN_TIMEOUT", "500ms"), ("TAPROOM_BODY_TIMEOUT", "600s")]);
    let _under_way = running.half_a_request();
    running.signal("-INT");
    assert_eq!(next(&mut running.log, "stopped: requests under way were cut")["requests"], 1);
    assert_eq!(running.exit_code(), Some(1));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut running = Running::start(&[
        ("TAPROOM_DRAIN_DELAY", "600s"),
        ("TAPROOM_SHUTDOWN_TIMEOUT", "1200s"),
        ("TAPROOM_BODY_TIMEOUT", "600s"),
    ]);
    let _under_way = running.half_a_request();
    running.signal("-TERM");
    next(&mut running.log, "stopping");
    running.signal("-TERM");
    assert_eq!(running.exit_code(), Some(1));
}

/// The program, after a command of the shell.
fn after(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!(r#"{command} && exec "$@""#), "sh"]).arg(taproom().get_program());
    for (name, _) in taproom().get_envs() {
        shell.env_remove(name);
    }
    shell
}

#[test]
#[cfg(target_os = "linux")]
fn as_many_files_may_be_open_as_the_system_allows() {
    let running = Running::launch(after("ulimit -S -n 256"), &[]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.child.id())).unwrap();
    let limits: Vec<_> =
        limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap().split_whitespace().collect();
    assert_eq!(limits[0], limits[1], "the soft limit is the hard one");
    assert_ne!(limits[0], "256");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let warns = |max_connections: &str| {
        let arguments = ["serve", "--listen", &taken.local_addr().unwrap().to_string(), "--max-connections", max_connections];
        let output = after("ulimit -n 2000").args(arguments).output().unwrap();
        String::from_utf8(output.stderr).unwrap().contains("too few files may be open for all connections")
    };
    assert!(warns("4096") && !warns("100"));
}
