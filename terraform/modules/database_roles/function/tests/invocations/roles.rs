//! Who may do what, once Terraform has called the function.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::support::world::{PASSWORD, WRONG, World};

async fn run(session: &mut PgConnection, sql: &str) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await.map(|_| ()).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn makes_the_roles_and_does_nothing_the_second_time() {
    let Some(world) = World::start("plain").await else { return };
    let first = world.apply().await.result.unwrap();
    let changed = first["changed"].as_array().unwrap();
    assert!(changed.contains(&json!("there is the role plain_app")), "{first}");
    assert!(changed.contains(&json!("plain_app logs in by IAM token only")), "{first}");
    let second = world.apply().await;
    let all = changed.len() as u64 + first["unchanged"].as_u64().unwrap();
    assert_eq!(second.result.unwrap(), json!({ "changed": [], "unchanged": all }));

    let mut administrator = PgConnection::connect(&world.database.url).await.unwrap();
    let roles: Vec<(String, bool, bool, bool)> = sqlx::query_as(
        "SELECT rolname::text, rolcanlogin, rolpassword IS NOT NULL, pg_has_role(oid, 'rds_iam', 'MEMBER')
         FROM pg_authid WHERE rolname LIKE 'plain\\_%' ORDER BY rolname",
    )
    .fetch_all(&mut administrator)
    .await
    .unwrap();
    let expected =
        [("plain_app", true, false, true), ("plain_migrator", true, false, true), ("plain_owner", false, false, false)];
    assert_eq!(roles, expected.map(|(name, login, password, iam)| (name.to_owned(), login, password, iam)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrator_creates_as_the_owner_and_the_app_only_reads_and_writes() {
    let Some(world) = World::start("rights").await else { return };
    world.apply().await.result.unwrap();
    let mut migrator = world.session("migrator").await;
    let table = "CREATE TABLE thing (n int)";
    assert!(run(&mut migrator, table).await.unwrap_err().contains("permission denied"));
    run(&mut migrator, "SET SESSION AUTHORIZATION rights_migrator; SET ROLE rights_owner").await.unwrap();
    run(&mut migrator, table).await.unwrap();

    let mut app = world.session("app").await;
    run(&mut app, "INSERT INTO thing VALUES (1); UPDATE thing SET n = 2; SELECT * FROM thing; DELETE FROM thing").await.unwrap();
    for forbidden in
        ["CREATE TABLE mine (n int)", "CREATE SCHEMA mine", "TRUNCATE thing", "DROP TABLE thing", "ALTER TABLE thing ADD m int"]
    {
        let error = run(&mut app, forbidden).await.unwrap_err();
        assert!(error.contains("permission denied") || error.contains("must be owner"), "{forbidden}: {error}");
    }
    run(&mut app, "SET SESSION AUTHORIZATION rights_app").await.unwrap();
    assert!(run(&mut app, "SET ROLE rights_owner").await.unwrap_err().contains("permission denied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_being_rotated_is_read_again() {
    let Some(world) = World::start("rotated").await else { return };
    world.says(&[&world.master(WRONG), &world.master(PASSWORD)]);
    let invocation = world.apply().await;
    assert!(invocation.result.is_ok(), "{invocation:?}");
    let tried: Vec<_> = invocation.log.iter().filter(|line| line["fields"]["message"] == "trying again").collect();
    assert_eq!(tried.len(), 1, "{invocation:?}");
    assert!(tried[0]["fields"]["failure"].as_str().unwrap().contains("refused the master user"), "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_iam_has_not_spread_yet_is_waited_for() {
    let Some(world) = World::start("denied").await else { return };
    world.secrets.model().denied = 1;
    assert!(world.apply().await.result.is_ok());
    assert_eq!(world.secrets.model().asked, ["secretsmanager.GetSecretValue"; 2]);
}
