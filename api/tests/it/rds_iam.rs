//! Login tokens for Amazon RDS.

use std::process::Command;

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use secrecy::ExposeSecret as _;
use serde_json::json;
use taproom::database::{AwsKeys, rds_token};

use crate::support::{failure, postgres::postgres_database, skip, taproom};

/// AWS's own example keys: they open nothing.
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const HOST: &str = "db.abcdefghijkl.eu-west-1.rds.amazonaws.com";

fn keys(session: Option<&str>) -> AwsKeys {
    AwsKeys { id: ID.into(), secret: SECRET.into(), session: session.map(Into::into) }
}

fn time(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").unwrap().and_utc()
}

/// Computed by the AWS CLI 1.45 for the same second.
#[test]
fn a_token_is_what_it_was() {
    let token = rds_token(&format!("{HOST}:5432"), "taproom app", "eu-west-1", &keys(None), time("20261121T120000Z"));
    assert_eq!(token.expose_secret(), PINNED);
}

const PINNED: &str = "db.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=taproom%20app\
&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261121%2Feu-west-1%2Frds-db%2Faws4_request\
&X-Amz-Date=20261121T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
&X-Amz-Signature=21d9e57dcbb692a5119bd3918c5b960b631184f39820c7c11af7168b2b35ccd6";

#[test]
fn a_token_is_what_the_aws_cli_prints() {
    for session in [None, Some("IQoJb3JpZ2luX2VjE/+=EXAMPLE")] {
        let mut command = Command::new("aws");
        command.args(["rds", "generate-db-auth-token", "--hostname", HOST, "--port", "5432", "--region", "eu-west-1"]);
        command.args(["--username", "taproom_app"]).env("AWS_ACCESS_KEY_ID", ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
        match session {
            Some(session) => command.env("AWS_SESSION_TOKEN", session),
            None => command.env_remove("AWS_SESSION_TOKEN"),
        };
        let Ok(output) = command.output() else {
            return skip("a_token_is_what_the_aws_cli_prints", "the AWS CLI is not installed; get it with `pip install awscli`");
        };
        assert!(output.status.success(), "{output:?}");
        let theirs = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let date = theirs.split("X-Amz-Date=").nth(1).unwrap().split('&').next().unwrap();
        let ours = rds_token(&format!("{HOST}:5432"), "taproom_app", "eu-west-1", &keys(session), time(date));
        // The order of a query's parameters means nothing, and theirs changes.
        let sorted = |token: &str| {
            let (endpoint, query) = token.split_once('?').unwrap();
            let mut parameters: Vec<_> = query.split('&').map(str::to_owned).collect();
            parameters.sort();
            (endpoint.to_owned(), parameters)
        };
        assert_eq!(sorted(ours.expose_secret()), sorted(&theirs));
    }
}

#[tokio::test]
async fn the_program_logs_in_with_a_token() {
    let Some(database) = postgres_database().await else { return };
    let mut command = taproom();
    command.args(["key", "list"]).env("TAPROOM_DATABASE_URL", database.server.url("postgres", "127.0.0.1", &database.name));
    command.env("TAPROOM_DATABASE_AUTH", "rds-iam").env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nowhere");
    assert!(failure(&command.output().unwrap(), 1).contains("AWS_REGION"));

    command.env("AWS_REGION", "eu-west-1");
    let message = failure(&command.output().unwrap(), 1);
    assert!(message.contains("AWS credentials"), "{message}");

    // This server is no RDS and knows nothing of tokens: it refuses it, as a password.
    command.env("AWS_ACCESS_KEY_ID", ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    let message = failure(&command.output().unwrap(), 1);
    assert!(message.contains("refused the login of postgres") && !message.contains("X-Amz"), "{message}");
}

/// As in an ECS task, where the only place to ask is an address in the environment.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_finds_the_credentials_of_its_task() {
    let Some(database) = postgres_database().await else { return };
    let answer = |headers: HeaderMap| async move {
        let known = headers.get("authorization").is_some_and(|token| token == "task-token");
        let keys = json!({
            "AccessKeyId": ID, "SecretAccessKey": SECRET, "Token": "session", "Expiration": "2099-01-01T00:00:00Z"
        });
        if known { (StatusCode::OK, keys.to_string()) } else { (StatusCode::FORBIDDEN, String::new()) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/keys", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/keys", get(answer))).await });

    let mut command = taproom();
    command.args(["key", "list"]).env("TAPROOM_DATABASE_URL", database.server.url("postgres", "127.0.0.1", &database.name));
    command.env("TAPROOM_DATABASE_AUTH", "rds-iam").env("AWS_REGION", "eu-west-1").env("HOME", "/nowhere");
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint);
    let message = failure(&command.output().unwrap(), 1);
    assert!(message.contains("AWS credentials"), "{message}");
    let message = failure(&command.env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "task-token").output().unwrap(), 1);
    assert!(message.contains("refused the login of postgres"), "{message}");
}
