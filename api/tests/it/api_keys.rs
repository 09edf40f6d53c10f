//! The life of an API key.

use sea_orm::DatabaseConnection;
use secrecy::ExposeSecret as _;
use taproom::auth::{
    AuthError, Authenticator, Scope, Viewer,
    api_key::{self, CreateError, Revocation},
};
use uuid::Uuid;

use crate::support::{databases, sqlite};

async fn present(db: &DatabaseConnection, header: &str) -> Result<Viewer, AuthError> {
    Authenticator::new(db.clone(), None).authenticate(Some(header)).await
}

#[tokio::test]
async fn works_until_it_is_revoked() {
    for (db, _folder) in databases().await {
        let made = api_key::create(&db, " reviewers ", &[Scope::ReviewsWrite, Scope::ReviewsWrite]).await.unwrap();
        let key = made.key.expose_secret();
        assert!(key.starts_with("taproom_"));
        assert!(!format!("{made:?}").contains(key));

        let viewer = present(&db, &format!("bEaReR {key}")).await.unwrap();
        assert_eq!(viewer.require(Scope::ReviewsWrite), Ok(format!("key:{}", made.id).as_str()));
        assert!(!viewer.has(Scope::CatalogWrite));

        let listed = api_key::list(&db).await.unwrap();
        assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].revoked_at), (1, "reviewers", None));
        assert_eq!(listed[0].scopes, [Scope::ReviewsWrite]);

        assert_eq!(api_key::revoke(&db, made.id).await.unwrap(), Revocation::Done);
        let error = present(&db, &format!("Bearer {key}")).await.unwrap_err();
        assert!(matches!(error, AuthError::InvalidCredential) && error.is_client_fault());

        let revoked_at = api_key::list(&db).await.unwrap()[0].revoked_at;
        assert!(revoked_at.is_some());
        assert_eq!(api_key::revoke(&db, made.id).await.unwrap(), Revocation::AlreadyDone);
        assert_eq!(api_key::list(&db).await.unwrap()[0].revoked_at, revoked_at);
        assert_eq!(api_key::revoke(&db, Uuid::now_v7()).await.unwrap(), Revocation::NotFound);
    }
}

#[tokio::test]
async fn refuses_what_is_no_key() {
    let (db, _folder) = sqlite().await;
    let made = api_key::create(&db, "x", &[Scope::Admin]).await.unwrap();
    let key = made.key.expose_secret();
    let (id, other) = (made.id.simple(), Uuid::now_v7().simple());
    let other_secret = "A".repeat(43);

    let anonymous = Authenticator::new(db.clone(), None).authenticate(None).await.unwrap();
    assert_eq!(anonymous, Viewer::anonymous());
    for header in ["", "Bearer", "Bearer ", key, &format!("Basic {key}"), &format!("Bearer {key} {key}")] {
        assert!(matches!(present(&db, header).await, Err(AuthError::MalformedHeader)), "{header}");
    }
    for credential in [
        "x".to_owned(),
        "taproom_".to_owned(),
        format!("{key}x"),
        format!("taproom_{id}_{other_secret}"),
        key.replace(&id.to_string(), &other.to_string()),
    ] {
        let outcome = present(&db, &format!("Bearer {credential}")).await;
        assert!(matches!(outcome, Err(AuthError::InvalidCredential)), "{credential}");
    }
}

#[tokio::test]
async fn an_unreachable_database_is_our_fault() {
    let (db, _folder) = sqlite().await;
    let made = api_key::create(&db, "x", &[Scope::Admin]).await.unwrap();
    db.clone().close().await.unwrap();
    let error = present(&db, &format!("Bearer {}", made.key.expose_secret())).await.unwrap_err();
    assert!(matches!(error, AuthError::Database(_)) && !error.is_client_fault());
}

#[tokio::test]
async fn a_key_has_a_name_and_a_scope() {
    let (db, _folder) = sqlite().await;
    assert!(matches!(api_key::create(&db, "x", &[]).await, Err(CreateError::NoScope)));
    for name in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert!(matches!(api_key::create(&db, name, &[Scope::Admin]).await, Err(CreateError::Name(_))), "{name}");
    }
    assert!(api_key::list(&db).await.unwrap().is_empty());
}
