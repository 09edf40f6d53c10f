//! What is wrong is said in a sentence, and the invocation has failed.

use std::time::Duration;

use serde_json::json;

use crate::support::world::{MASTER_SECRET, WRONG, World, failure};

/// Less than the function would go on otherwise.
const SHORT: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_another_authority_vouches_for_is_not_trusted() {
    let Some(world) = World::start("untrusted").await else { return };
    let key = rcgen::KeyPair::generate().unwrap();
    let other = rcgen::CertificateParams::new(vec!["other".to_owned()]).unwrap().self_signed(&key).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, other.pem()).unwrap();
    world.trust(file.path());
    let invocation = world.apply().await;
    let (kind, sentence) = failure(&invocation);
    assert_eq!(kind, "Untrusted", "{sentence}");
    assert!(sentence.contains("rds-ca.pem in the function's package"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_name_is_not_trusted() {
    let Some(mut world) = World::start("misnamed").await else { return };
    world.host = "127.0.0.1";
    assert_eq!(failure(&world.apply().await).0, "Untrusted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_without_authorities_is_refused() {
    let Some(world) = World::start("bare").await else { return };
    let file = tempfile::NamedTempFile::new().unwrap();
    world.trust(file.path());
    let invocation = world.apply().await;
    assert!(failure(&invocation).1.starts_with("the package has no usable rds-ca.pem: "), "{invocation:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_stays_wrong_is_told_before_time_is_up() {
    let Some(mut world) = World::start("wrong").await else { return };
    world.says(&[&world.master(WRONG)]);
    world.time = SHORT;
    let invocation = world.apply().await;
    let (kind, sentence) = failure(&invocation);
    assert_eq!(kind, "Refused");
    assert!(sentence.contains("refused the master user") && sentence.contains("wrong"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_reached_is_told_before_time_is_up() {
    let Some(mut world) = World::start("away").await else { return };
    world.time = SHORT;
    world.host = "nowhere.invalid";
    let invocation = world.apply().await;
    let (kind, sentence) = failure(&invocation);
    assert_eq!(kind, "Unreachable");
    assert!(sentence.starts_with("cannot reach the database: nowhere.invalid"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_another_kind_is_not_repeated() {
    let Some(world) = World::start("odd").await else { return };
    world.says(&[r#"{"username": "odd", "password": ["word with"]}"#]);
    let invocation = world.apply().await;
    assert!(failure(&invocation).1.starts_with(&format!("the secret {MASTER_SECRET} is no JSON")), "{invocation:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_make_no_sense_are_refused_and_nothing_is_changed() {
    let Some(world) = World::start("nonsense").await else { return };
    for (roles, expected) in [
        (json!({ "owner": "x", "migrator": "pg_x", "app": "z" }), "the role's name \"pg_x\" begins with pg_"),
        (json!({ "owner": "x", "migrator": "x", "app": "z" }), "three different roles"),
        (json!({ "owner": "x", "migrator": "y" }), "missing field `app`"),
        (json!({ "owner": "x", "migrator": "y", "app": "z", "password": "q" }), "unknown field `password`"),
    ] {
        let invocation = world.invoke(json!({ "roles": roles })).await;
        assert!(failure(&invocation).1.contains(expected), "{invocation:?}");
    }
    assert!(failure(&world.invoke(json!({ "users": {} })).await).1.contains("unknown variant `users`"));
    assert!(!world.database.server.log().contains("CREATE ROLE x"));
}
