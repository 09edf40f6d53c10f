//! The program migrates and serves with exactly what the templates give it, on a real PostgreSQL server. No RDS vouches for logins here:
//! the database's address is replaced, and how to log in.

use serde_json::{Value, json};

use super::{
    can_render, container, environment, render,
    roles::{self, APP_PASSWORD},
    values,
};
use crate::{
    http_support::{client, json as body},
    support::{postgres::unmigrated_postgres_database, program::Running},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_program_serves_as_the_task_definition_says() {
    if !can_render("the_program_serves_as_the_task_definition_says") {
        return;
    }
    let Some(database) = unmigrated_postgres_database().await else { return };
    roles::make(&database, "task");
    let mut values = values();
    values["database_url"] = roles::url(&database, "task_app").into();
    values["migration_database_url"] = roles::url(&database, "task_migrator").into();
    values["migration_database_role"] = "task_owner".into();

    let migration = render("migration.yaml", &values);
    let overrides = &migration["overrides"]["containerOverrides"][0];
    assert_eq!(overrides["command"], json!(["migrate", "up"]));
    roles::migrate(&["migrate", "up"], &environment(overrides));

    let definition = render("taskdef.yaml", &values);
    let app = container(&definition, "taproom");
    // `start` adds it, and a port that is free.
    assert_eq!(app["command"], json!(["serve"]));
    let mut given = environment(app);
    given.retain(|(name, _)| *name != "TAPROOM_DATABASE_AUTH");
    given.push(("TAPROOM_DATABASE_PASSWORD", APP_PASSWORD));
    let server = tokio::task::block_in_place(|| Running::start(&given));

    let url = |path: &str| format!("http://{}{path}", server.address);
    let version = body(client().get(url("/version")).send().await.unwrap()).await;
    assert_eq!((&version["slot"], &version["deployment"]), (&values["slot"], &values["deployment"]));
    assert_eq!(client().get(url("/readyz")).send().await.unwrap().status(), 200);
    // The profile is production: strangers see no schema.
    let question = json!({ "query": "{ __schema { queryType { name } } }" });
    let answer: Value = body(client().post(url("/graphql")).json(&question).send().await.unwrap()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED", "{answer}");
}
