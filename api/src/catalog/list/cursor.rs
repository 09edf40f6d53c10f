//! A position in an ordered list.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{Value, sea_query::ArrayType};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where in the order of one list a row stands: its sort key and, among equals, its id.
///
/// Clients get it as an opaque string. It stays good when its row is deleted, for it holds the row's place, not the row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order it belongs to, see [`super::Sort::tag`]: in another order the position means nothing.
    #[serde(rename = "o")]
    pub order: String,
    /// The sort key; absent where it is null or where the order is that of the ids.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// A sort key's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    Integer(i32),
    Number(f64),
    Text(String),
}

/// The string is no cursor of this list and order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It was not made by this service, or got damaged.
    #[error("is not a cursor; take it unchanged from pageInfo or an edge")]
    Malformed,
    /// It was made by a list with another `orderBy`.
    #[error("belongs to a list in another order; use it with the orderBy that it came from")]
    OtherOrder,
}

impl Cursor {
    /// The cursor as clients see it: JSON in base64url.
    #[must_use]
    pub fn encode(&self) -> String {
        // A map of strings and numbers always serialises.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// # Errors
    /// If `text` was not made by [`Cursor::encode`].
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Malformed)?;
        serde_json::from_slice(&json).map_err(|_| CursorError::Malformed)
    }
}

impl Key {
    /// The key of a column's value; null has none.
    pub(super) fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(integer) => integer.map(Self::Integer),
            Value::Double(number) => number.map(Self::Number),
            Value::String(text) => text.map(Self::Text),
            _ => None,
        }
    }

    /// Whether the key can be compared with a column of this type.
    pub(super) fn fits(&self, column: &ArrayType) -> bool {
        match (self, column) {
            (Self::Integer(_), ArrayType::Int) | (Self::Number(_), ArrayType::Double) => true,
            // PostgreSQL stores no NUL, and takes none as a parameter.
            (Self::Text(text), ArrayType::String) => !text.contains('\0'),
            _ => false,
        }
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Integer(integer) => integer.into(),
            Key::Number(number) => number.into(),
            Key::Text(text) => text.into(),
        }
    }
}
