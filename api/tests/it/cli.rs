//! The real program's manners.

use crate::support::{failure, stdout, taproom};

#[test]
fn a_key_is_made_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| taproom().args(arguments).current_dir(&folder).output().unwrap();
    let elsewhere = ["--database-url", "sqlite:other.db"];
    assert!(failure(&run(&[&["key", "list"], &elsewhere[..]].concat()), 1).contains("taproom migrate up"));
    let migrated = stdout(&run(&[&["migrate", "up"], &elsewhere[..]].concat()));
    assert_eq!(migrated.lines().count(), migration::required_versions().len());
    assert!(stdout(&run(&["key", "list"])).contains("no API keys"), "the embedded default migrates by itself");
    assert!(folder.path().join("taproom.db").is_file());

    let key = stdout(&run(&["key", "create", "--name", "ci", "--scope", "catalog:write", "--scope", "reviews:write"]));
    let id = key.split('_').nth(1).unwrap();
    let (secret, list) = (key.trim().splitn(3, '_').nth(2).unwrap(), stdout(&run(&["key", "list"])));
    assert!(list.contains("ci") && list.contains("catalog:write reviews:write") && !list.contains(secret), "{list}");

    assert!(stdout(&run(&["key", "revoke", id])).contains("is revoked"));
    assert!(stdout(&run(&["key", "revoke", id])).contains("was revoked before"));
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert!(failure(&run(&["key", "revoke", unknown]), 1).contains(unknown));
    assert!(failure(&run(&["key", "revoke", "x"]), 2).contains("\"x\""));
    assert!(
        failure(&run(&["key", "create", "--name", "x", "--scope", "all"]), 2)
            .contains("catalog:write, reviews:write, introspection, admin")
    );
}

#[test]
fn a_wrong_variable_is_named() {
    for (variable, value, expected) in [
        ("TAPROOM_DATABASE_URL", "mysql://u:hunter2@h/d", "has the scheme \"mysql\""),
        ("TAPROOM_DATABASE_URL", "", "is no database URL"),
        ("TAPROOM_DATABASE_PASSWORD", "", "is empty"),
        ("TAPROOM_DATABASE_POOL_SIZE", "0", "is \"0\": 0 is not in 1..=1000"),
        ("TAPROOM_DATABASE_POOL_SIZE", "many", "is \"many\": "),
        ("TAPROOM_LISTEN", "8080", "is \"8080\": that is no address; write ADDRESS:PORT"),
        ("TAPROOM_MAX_BODY_BYTES", "1MB", "such as 1048576"),
        ("TAPROOM_MAX_BODY_BYTES", "0", "is \"0\": 0 is not in 1..=1073741824"),
        ("TAPROOM_MAX_BODY_BYTES", "1073741825", "is not in 1..=1073741824"),
        ("TAPROOM_REQUEST_TIMEOUT", "0s", "must be longer than 0s"),
        ("TAPROOM_CORS_ORIGINS", "app.example", "write SCHEME://HOST"),
        ("TAPROOM_TRUSTED_PROXIES", "10.0.0.0/33", "such as 10.0.0.0/16"),
        ("TAPROOM_DATABASE_AUTH", "magic", "must be one of password, rds-iam"),
        ("TAPROOM_DATABASE_ROLE", "", "is empty"),
        ("TAPROOM_IDEMPOTENCY_RETENTION", "0s", "is shorter than a minute"),
        ("TAPROOM_JWT_JWKS_URL", "http://id.example/", "has the scheme \"http\""),
        ("TAPROOM_JWT_ISSUER", "", "is empty"),
    ] {
        let message = failure(&taproom().arg("serve").env(variable, value).output().unwrap(), 2);
        assert!(message.starts_with(&format!("error: {variable} ")) && message.contains(expected), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let message = failure(&taproom().args(["serve", "--database-url=x"]).env("TAPROOM_DATABASE_URL", "y").output().unwrap(), 2);
    assert!(message.starts_with("error: --database-url is no database URL"), "{message}");
}

#[test]
fn half_a_token_issuer_is_refused() {
    let message = failure(&taproom().env("TAPROOM_JWT_ISSUER", "https://id.example/").output().unwrap(), 1);
    assert!(message.contains("TAPROOM_JWT_AUDIENCE is not set"), "{message}");
}

#[test]
fn an_unreachable_database_is_one_line_without_the_password() {
    for url in ["postgres://u:hunter2@127.0.0.1:1/d", "sqlite:/nowhere/at/all.db"] {
        for command in [["migrate", "up"], ["key", "list"]] {
            let message = failure(&taproom().args(command).env("TAPROOM_DATABASE_URL", url).output().unwrap(), 1);
            assert!(message.contains("TAPROOM_DATABASE_URL") && !message.contains("hunter2"), "{message}");
        }
    }
    let message = failure(&taproom().arg("roles").output().unwrap(), 1);
    assert!(message.contains("roles are for PostgreSQL"), "{message}");
}

#[test]
fn help_names_the_variables_and_no_secret() {
    for command in [&["serve"][..], &["migrate", "up"], &["key", "create"], &["roles"]] {
        let secrets = ["TAPROOM_DATABASE_PASSWORD", "TAPROOM_MIGRATOR_PASSWORD", "TAPROOM_APP_PASSWORD"];
        let mut program = taproom();
        for secret in secrets {
            program.env(secret, "hunter2");
        }
        let help = stdout(&program.env("TAPROOM_DATABASE_URL", "sqlite:hunter2").args(command).arg("--help").output().unwrap());
        assert!(help.contains("TAPROOM_DATABASE_URL") && !help.contains("hunter2"), "{help}");
    }
}

#[test]
fn help_says_what_becomes_of_messy_data() {
    let help = stdout(&taproom().args(["import", "--help"]).output().unwrap());
    for word in ["99.98", "duplicates", "Orphans", "unknown"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
