//! The key by which hooks ask for schemas.

use serde_json::json;
use taproom::auth::{Scope, api_key};

use crate::support::world::{World, failure};

const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection";

fn event() -> serde_json::Value {
    json!({ "introspection_key": { "secret": SECRET } })
}

fn key(world: &World) -> String {
    world.secrets.model().values[SECRET][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn is_made_once_and_anew_when_it_no_longer_works() {
    let Some(world) = World::migrated("keys").await else { return };
    world.apply().await.result.unwrap();
    // As after migrations by the owner.
    world.database.server.execute(&world.database.name, "ALTER TABLE api_key OWNER TO keys_owner").await;
    let changed = json!({ "changed": [format!("{SECRET} has a key that works")], "unchanged": 0 });
    let unchanged = json!({ "changed": [], "unchanged": 1 });

    assert_eq!(world.invoke(event()).await.result.unwrap(), changed);
    let first = key(&world);
    let db = world.database.connect().await;
    let viewer = api_key::verify(&db, &first).await.unwrap();
    assert!(viewer.has(Scope::Introspection) && !viewer.has(Scope::CatalogWrite));
    assert_eq!(world.invoke(event()).await.result.unwrap(), unchanged);
    assert_eq!(key(&world), first);

    let id = api_key::list(&db).await.unwrap()[0].id;
    api_key::revoke(&db, id).await.unwrap();
    assert_eq!(world.invoke(event()).await.result.unwrap(), changed);
    assert!(key(&world) != first && api_key::verify(&db, &key(&world)).await.is_ok());

    // Somebody put a key there that may do something else.
    let other = api_key::create(&db, "other", &[Scope::ReviewsWrite]).await.unwrap();
    let text = secrecy::ExposeSecret::expose_secret(&other.key).to_owned();
    world.secrets.model().values.insert(SECRET.to_owned(), [text].into());
    assert_eq!(world.invoke(event()).await.result.unwrap(), changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn is_not_made_before_the_first_migration() {
    let Some(world) = World::start("early").await else { return };
    world.apply().await.result.unwrap();
    let invocation = world.invoke(event()).await;
    assert!(failure(&invocation).1.contains("the migrations have to be applied first"), "{invocation:?}");
    assert!(!world.secrets.model().values.contains_key(SECRET));
}
