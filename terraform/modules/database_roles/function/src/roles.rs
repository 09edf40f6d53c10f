//! Terraform's event.

use serde_json::{Value, json};
use taproom::database::connect_postgres;
use taproom::database::roles::{self, Roles};

use crate::config::Config;
use crate::failure::Failure;
use crate::secrets::Secrets;

/// Makes the roles so. The result says what was not so before.
///
/// # Errors
/// Nothing was changed.
pub async fn apply(config: &Config, secrets: &Secrets, roles: &Roles) -> Result<Value, Failure> {
    // For each attempt anew: it may just be rotated.
    let (login, url) = config.login(secrets.master(&config.master_secret).await?)?;
    let pool = connect_postgres(&login, &url).await?;
    let outcomes = roles::apply(&pool, roles).await;
    pool.close().await;
    let (changed, unchanged): (Vec<_>, Vec<_>) = outcomes?.into_iter().partition(|outcome| outcome.changed);
    let sentences = changed.into_iter().map(|outcome| outcome.what).collect::<Vec<_>>();
    Ok(json!({ "changed": sentences, "unchanged": unchanged.len() }))
}
