//! Least privilege on PostgreSQL, set up by the real program.

use std::process::Command;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::support::{
    failure,
    postgres::{PASSWORD, PgDatabase, unmigrated_postgres_database},
    stdout, taproom,
};

/// Roles belong to the whole server: each test has its own.
fn program(database: &PgDatabase, user: &str, password: &str, arguments: &[&str]) -> Command {
    let mut command = taproom();
    command
        .args(arguments)
        .env("TAPROOM_DATABASE_URL", database.server.url(user, "127.0.0.1", &database.name))
        .env("TAPROOM_DATABASE_PASSWORD", password);
    command
}

fn roles(database: &PgDatabase, user: &str, password: &str, prefix: &str) -> Command {
    let mut command = program(database, user, password, &["roles"]);
    command
        .env("TAPROOM_OWNER_ROLE", format!("{prefix}owner"))
        .env("TAPROOM_MIGRATOR_ROLE", format!("{prefix}migrator"))
        .env("TAPROOM_APP_ROLE", format!("{prefix}app"))
        .env("TAPROOM_MIGRATOR_PASSWORD", "migrator-secret")
        .env("TAPROOM_APP_PASSWORD", "app'secret");
    command
}

async fn as_app(database: &PgDatabase, prefix: &str, sql: &'static str) -> Result<(), String> {
    let options: sqlx::postgres::PgConnectOptions = database.url.parse().unwrap();
    let mut connection =
        PgConnection::connect_with(&options.username(&format!("{prefix}app")).password("app'secret")).await.unwrap();
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    outcome.map(|_| ()).map_err(|error| error.to_string())
}

async fn set_up_and_use(database: &PgDatabase, admin: &str, prefix: &str) {
    let first = stdout(&roles(database, admin, PASSWORD, prefix).output().unwrap());
    assert!(first.contains("changed   there is the role"), "{first}");
    let second = stdout(&roles(database, admin, PASSWORD, prefix).output().unwrap());
    assert!(second.contains("nothing was changed") && !second.contains("changed   "), "{second}");

    // Without becoming the owner, the migrator can do nothing; as the owner, all.
    let migrate = |arguments: &[&str], role: bool| {
        let mut command = program(database, &format!("{prefix}migrator"), "migrator-secret", &[&["migrate"], arguments].concat());
        if role {
            command.env("TAPROOM_DATABASE_ROLE", format!("{prefix}owner"));
        }
        command.output().unwrap()
    };
    assert!(failure(&migrate(&["up"], false), 1).contains("permission denied"));
    assert!(stdout(&migrate(&["up"], true)).contains("applied m20261121_000003_search"));
    assert!(stdout(&migrate(&["up"], true)).contains("up to date"));

    as_app(database, prefix, "INSERT INTO style (id, name, name_folded, category, created_at, updated_at) SELECT gen_random_uuid(), 'x', 'x', 'y', now(), now() WHERE false; SELECT * FROM seaql_migrations").await.unwrap();
    let key = ["key", "create", "--name", "ci", "--scope", "admin"];
    let made = stdout(&program(database, &format!("{prefix}app"), "app'secret", &key).output().unwrap());
    assert!(made.starts_with("taproom_"), "{made}");
    for forbidden in [
        "CREATE TABLE mine (n int)",
        "DROP TABLE api_key",
        "TRUNCATE api_key",
        "ALTER TABLE api_key ADD n int",
        "CREATE SCHEMA s",
    ] {
        let error = as_app(database, prefix, forbidden).await.unwrap_err();
        assert!(error.contains("permission denied") || error.contains("must be owner"), "{forbidden}: {error}");
    }

    let again = stdout(&roles(database, admin, PASSWORD, prefix).output().unwrap());
    assert!(again.contains("nothing was changed"), "{again}");
    let down = stdout(&migrate(&["down", "--steps", "3"], true));
    assert_eq!(down.lines().count(), 3, "{down}");
    assert!(stdout(&migrate(&["status"], true)).contains("3 missing"));
    let log = database.server.log();
    assert!(!log.contains("migrator-secret") && !log.contains("app'secret") && !log.contains("app''secret"));
}

#[tokio::test]
async fn a_superuser_sets_up_the_roles() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    set_up_and_use(&database, "postgres", "Super \"").await;
}

/// As the master user of RDS is none.
#[tokio::test]
async fn so_does_an_administrator_who_is_no_superuser() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    let sql = format!(
        "CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORD}'; ALTER DATABASE {} OWNER TO master",
        database.name
    );
    database.server.execute("postgres", &sql).await;
    set_up_and_use(&database, "master", "rds_").await;
}

#[tokio::test]
async fn iam_takes_the_place_of_passwords() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    let iam = |database: &PgDatabase| roles(database, "postgres", PASSWORD, "iam_").arg("--iam").output().unwrap();
    assert!(failure(&iam(&database), 1).contains("no role rds_iam"));
    database.server.execute(&database.name, "CREATE ROLE rds_iam NOLOGIN").await;
    assert!(stdout(&iam(&database)).contains("changed   iam_app logs in by IAM token only"));
    assert!(stdout(&iam(&database)).contains("nothing was changed"));
    let back = stdout(&roles(&database, "postgres", PASSWORD, "iam_").output().unwrap());
    assert!(
        back.contains("changed   iam_app logs in not by IAM token") && back.contains("changed   iam_app has the given password"),
        "{back}"
    );
}

#[tokio::test]
async fn refuses_to_make_the_administrator_one_of_them() {
    let Some(database) = unmigrated_postgres_database().await else { return };
    let output = roles(&database, "postgres", PASSWORD, "x_").args(["--owner", "postgres"]).output().unwrap();
    assert!(failure(&output, 1).contains("three different roles"));
    let output = roles(&database, "postgres", PASSWORD, "x_").args(["--app", "pg_app"]).output().unwrap();
    assert!(failure(&output, 2).contains("--app is \"pg_app\": begins with pg_"));
}
