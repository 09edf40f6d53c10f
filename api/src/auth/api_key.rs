//! API keys: `taproom_ID_SECRET`, of which the database keeps the id and a hash of the secret.
//!
//! The prefix tells people and secret scanners what it is. The id finds the row, so that the secret is compared once and in constant
//! time. Each presentation of a key asks the database: a revoked key is refused from the next request on.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::api_key;
use rand::RngCore as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{AuthError, Scope, Viewer};
use crate::{catalog::rules::MAX_NAME, clock};

/// How every key begins.
pub const PREFIX: &str = "taproom_";
/// Random bytes in a key: too many to guess, so that a fast hash suffices.
const SECRET_LENGTH: usize = 32;

/// A key that was just made.
#[derive(Debug)]
pub struct NewApiKey {
    /// Names the key, in lists and to revoke it.
    pub id: Uuid,
    /// The key itself. Nobody will be able to show it again.
    pub key: SecretString,
}

/// A key as it can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyInfo {
    /// The public half of the key.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it is refused, if it is.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a revocation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The key is refused from now on.
    Done,
    /// It had been revoked before; the time of that stands.
    AlreadyDone,
    /// There is no such key.
    NotFound,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The name says nothing, or too much.
    #[error("the key's name has {0} characters; give it 1 to {MAX_NAME}, none of them a control character")]
    Name(usize),
    /// A key without a scope could do no more than anybody.
    #[error("the key has no scope; give it at least one")]
    NoScope,
    /// The database's doing.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Makes a key called `name` that may do what `scopes` say.
///
/// # Errors
/// The name or scopes are no good, or the database fails; no key is made then.
pub async fn create(db: &impl ConnectionTrait, name: &str, scopes: &[Scope]) -> Result<NewApiKey, CreateError> {
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=MAX_NAME).contains(&length) || name.chars().any(char::is_control) {
        return Err(CreateError::Name(length));
    }
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(CreateError::NoScope);
    }
    let id = Uuid::now_v7();
    let secret = new_secret();
    let row = api_key::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        secret_hash: Set(Sha256::digest(secret).to_vec()),
        scopes: Set(joined(&scopes)),
        created_at: Set(clock::now()),
        revoked_at: Set(None),
    };
    api_key::Entity::insert(row).exec_without_returning(db).await?;
    Ok(NewApiKey { id, key: key_text(id, secret) })
}

/// Gives the key called `name` a new secret and these scopes, or makes it if there is none. What it wrote stays its own, its old secret is refused.
///
/// # Errors
/// As [`create`].
pub async fn renew(db: &impl ConnectionTrait, name: &str, scopes: &[Scope]) -> Result<NewApiKey, CreateError> {
    let named = api_key::Entity::find()
        .filter(api_key::Column::Name.eq(name))
        .filter(api_key::Column::RevokedAt.is_null())
        .one(db)
        .await?;
    let Some(api_key::Model { id, .. }) = named else { return create(db, name, scopes).await };
    let secret = new_secret();
    let row = api_key::ActiveModel {
        id: Set(id),
        secret_hash: Set(Sha256::digest(secret).to_vec()),
        scopes: Set(joined(scopes)),
        ..Default::default()
    };
    api_key::Entity::update(row).exec(db).await?;
    Ok(NewApiKey { id, key: key_text(id, secret) })
}

fn joined(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

fn new_secret() -> [u8; SECRET_LENGTH] {
    let mut secret = [0; SECRET_LENGTH];
    rand::rng().fill_bytes(&mut secret);
    secret
}

fn key_text(id: Uuid, secret: [u8; SECRET_LENGTH]) -> SecretString {
    format!("{PREFIX}{}_{}", id.simple(), URL_SAFE_NO_PAD.encode(secret)).into()
}

/// Every key, oldest first.
///
/// # Errors
/// The database's.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<ApiKeyInfo>, DbErr> {
    let rows = api_key::Entity::find().order_by_asc(api_key::Column::Id).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| ApiKeyInfo {
            id: row.id,
            name: row.name,
            scopes: Scope::parse_list(&row.scopes),
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        })
        .collect())
}

/// Revokes the key `id` for good.
///
/// # Errors
/// The database's.
pub async fn revoke(db: &impl ConnectionTrait, id: Uuid) -> Result<Revocation, DbErr> {
    let revoked = api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(clock::now()))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    if revoked.rows_affected > 0 {
        return Ok(Revocation::Done);
    }
    let known = api_key::Entity::find_by_id(id).one(db).await?;
    Ok(if known.is_some() { Revocation::AlreadyDone } else { Revocation::NotFound })
}

/// The viewer that presents `key`. One statement.
///
/// # Errors
/// [`AuthError::InvalidCredential`] for a malformed, unknown, wrong or revoked key; [`AuthError::Database`].
pub async fn verify(db: &impl ConnectionTrait, key: &str) -> Result<Viewer, AuthError> {
    let (id, secret) = parse(key).ok_or(AuthError::InvalidCredential)?;
    let row = api_key::Entity::find_by_id(id).one(db).await.map_err(AuthError::Database)?.ok_or(AuthError::InvalidCredential)?;
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let matches: bool = hash[..].ct_eq(&row.secret_hash).into();
    if !matches || row.revoked_at.is_some() {
        return Err(AuthError::InvalidCredential);
    }
    Ok(Viewer::authenticated(format!("key:{}", row.id), Scope::parse_list(&row.scopes)))
}

fn parse(key: &str) -> Option<(Uuid, [u8; SECRET_LENGTH])> {
    let (id, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    // Other forms of a UUID would give a key more than one spelling.
    let id = Uuid::try_parse(id).ok().filter(|parsed| parsed.simple().to_string() == id)?;
    let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
    Some((id, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_spelling() {
        let id = Uuid::now_v7();
        let secret = URL_SAFE_NO_PAD.encode([0xff; SECRET_LENGTH]);
        assert!(secret.contains('_'), "the separator may occur in the secret");
        assert_eq!(parse(&format!("taproom_{}_{secret}", id.simple())), Some((id, [0xff; SECRET_LENGTH])));
        for wrong in [
            String::new(),
            "taproom_".into(),
            format!("taproom_{id}_{secret}"),
            format!("taproom_{}_{secret}", id.simple().to_string().to_uppercase()),
            format!("taproom_{}_{secret}A", id.simple()),
            format!("taproom_{}_", id.simple()),
            format!("other_{}_{secret}", id.simple()),
        ] {
            assert_eq!(parse(&wrong), None, "{wrong}");
        }
    }
}
