//! Global object ids ([GraphQL Global Object Identification](https://relay.dev/graphql/objectidentification.htm)): the type's name
//! and the key, as a [TypeID](https://github.com/jetify-com/typeid), such as `beer_01kb3mh2z7e6prb3n2y9s2zq0d`.
//!
//! Opaque to clients. The type in it lets `node` find the table, and a mutation say that it was given a brewery for a beer.

use async_graphql::ID;
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

use crate::catalog::error::{Rejection, RejectionCode};

/// The types that have global ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeType {
    Beer,
    Brewery,
    Review,
    Style,
}

impl NodeType {
    const ALL: [Self; 4] = [Self::Beer, Self::Brewery, Self::Review, Self::Style];

    /// The type as it stands in an id.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Beer => "beer",
            Self::Brewery => "brewery",
            Self::Review => "review",
            Self::Style => "style",
        }
    }

    /// The global id of a row.
    #[must_use]
    pub fn id(self, key: Uuid) -> ID {
        // The prefixes are valid by construction; were one not, the id would still be unique.
        DynamicType::new(self.prefix())
            .map_or_else(|_| key.to_string(), |kind| TypeSafeId::from_type_and_uuid(kind, key).to_string())
            .into()
    }

    /// The key in a global id of this type.
    ///
    /// # Errors
    /// A message that names the id and what it should be.
    pub fn key(self, id: &ID) -> Result<Uuid, String> {
        match parse(id) {
            Some((kind, key)) if kind == self => Ok(key),
            Some((kind, _)) => Err(format!("{:?} is the id of a {}, not of a {}", id.as_str(), kind.prefix(), self.prefix())),
            None => Err(format!("{:?} is not an id; take it unchanged from the `id` of a {}", shortened(id), self.prefix())),
        }
    }

    /// The key in an id that a mutation's input has in `field`.
    pub(super) fn key_of(self, field: &str, id: &ID) -> Result<Uuid, Rejection> {
        self.key(id).map_err(|message| Rejection::new(RejectionCode::Invalid, field, message))
    }
}

/// The type and key in a global id of any type.
#[must_use]
pub fn parse(id: &ID) -> Option<(NodeType, Uuid)> {
    // Of a prefix that is too long, type-safe-id 0.3.3 quotes the first 63 bytes: a panic where these end inside a letter.
    let id: TypeSafeId<DynamicType> = Some(id.as_str()).filter(|id| id.is_ascii())?.parse().ok()?;
    let kind = NodeType::ALL.into_iter().find(|kind| kind.prefix() == id.type_prefix())?;
    Some((kind, id.uuid()))
}

/// Enough of a client's text to recognise it by.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_one_type() {
        let key = Uuid::now_v7();
        let id = NodeType::Beer.id(key);
        assert_eq!(parse(&id), Some((NodeType::Beer, key)));
        assert_eq!(NodeType::Beer.key(&id), Ok(key));
        assert!(NodeType::Style.key(&id).unwrap_err().contains("is the id of a beer"));
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in
            ["", "1", "beer_", "beer_1", "wine_01kb3mh2z7e6prb3n2y9s2zq0d", &"x".repeat(10_000), &format!("x{}_", "é".repeat(40))]
        {
            assert_eq!(parse(&ID::from(text)), None, "{text}");
        }
    }
}
