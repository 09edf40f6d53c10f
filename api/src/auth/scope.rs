//! What a credential may do.

use std::fmt;

/// A permission, in the form of an OAuth 2.0 scope ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum)]
pub enum Scope {
    /// Write styles, breweries and beers.
    #[value(name = "catalog:write")]
    CatalogWrite,
    /// Write reviews.
    #[value(name = "reviews:write")]
    ReviewsWrite,
    /// See the schema where it is not told to everybody.
    #[value(name = "introspection")]
    Introspection,
    /// Everything, other people's reviews included.
    #[value(name = "admin")]
    Admin,
}

impl Scope {
    /// Every scope there is.
    pub const ALL: [Self; 4] = [Self::CatalogWrite, Self::ReviewsWrite, Self::Introspection, Self::Admin];

    /// The scope's name in keys, tokens and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CatalogWrite => "catalog:write",
            Self::ReviewsWrite => "reviews:write",
            Self::Introspection => "introspection",
            Self::Admin => "admin",
        }
    }

    /// The scopes of a space-separated list; names that mean nothing here are somebody else's and skipped.
    #[must_use]
    pub fn parse_list(list: &str) -> Vec<Self> {
        list.split_ascii_whitespace().filter_map(|name| Self::ALL.into_iter().find(|scope| scope.as_str() == name)).collect()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
