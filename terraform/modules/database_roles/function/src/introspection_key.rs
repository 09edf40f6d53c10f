//! The pipeline's event, after the first migration: the hooks compare schemas, and need an API key to ask for them.

use sea_orm::DatabaseConnection;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use taproom::auth::{AuthError, Scope, api_key};
use taproom::database;

use crate::config::Config;
use crate::failure::Failure;
use crate::secrets::Secrets;

/// The key's name, in `taproom key list`.
const NAME: &str = "hooks";

/// Puts a new key into `secret`, unless the one there works.
///
/// # Errors
/// The secret says what it said. The next attempt makes another key of the same name.
pub async fn provide(config: &Config, secrets: &Secrets, secret: &str) -> Result<Value, Failure> {
    let current = secrets.text(secret).await?;
    let (login, _) = config.login(secrets.master(&config.master_secret).await?)?;
    let db = database::connect(&login).await?;
    let kept = match &current {
        Some(key) => works(&db, key.expose_secret()).await?,
        None => false,
    };
    if !kept {
        let made = api_key::renew(&db, NAME, &[Scope::Introspection]).await;
        secrets.put(secret, &made.map_err(|error| Failure::Key(error.to_string()))?.key).await?;
    }
    let _ = db.close().await;
    let changed = (!kept).then(|| format!("{secret} has a key that works"));
    Ok(json!({ "changed": changed.into_iter().collect::<Vec<_>>(), "unchanged": usize::from(kept) }))
}

async fn works(db: &DatabaseConnection, key: &str) -> Result<bool, Failure> {
    match api_key::verify(db, key.trim()).await {
        Ok(viewer) => Ok(viewer.has(Scope::Introspection)),
        Err(AuthError::Database(error)) => Err(Failure::Key(error.to_string())),
        Err(_) => Ok(false),
    }
}
