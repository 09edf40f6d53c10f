//! The file of trusted documents, which the build of a client writes.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::{error::DocumentsError, hash};

/// Ten thousand documents of 2 KiB each are well below that.
const MAX_BYTES: u64 = 64 << 20;

/// A document of the manifest.
#[derive(Debug)]
pub struct TrustedDocument {
    /// Its id in the manifest.
    pub id: String,
    /// The name of its operation, if the manifest says it.
    pub name: Option<String>,
    /// The document.
    pub text: Arc<str>,
}

/// Documents by their ids, and by the SHA-256 of their texts.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    documents: Vec<TrustedDocument>,
    texts: HashMap<String, Arc<str>>,
}

/// Apollo's form, as
/// [`generate-persisted-query-manifest`](https://www.apollographql.com/docs/graphos/platform/security/persisted-queries) writes it.
#[derive(Deserialize)]
struct ApolloManifest {
    format: String,
    version: u32,
    operations: Vec<ApolloOperation>,
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    name: Option<String>,
    body: String,
}

impl Manifest {
    pub fn read(path: &Path) -> Result<Self, DocumentsError> {
        let unreadable = |error| DocumentsError::Unreadable(path.to_owned(), error);
        let mut text = String::new();
        let file = File::open(path).map_err(unreadable)?;
        let length = file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
        if length as u64 > MAX_BYTES {
            return Err(DocumentsError::TooLarge(path.to_owned(), MAX_BYTES));
        }
        let documents = parse(&text).map_err(|reason| DocumentsError::Malformed(path.to_owned(), reason))?;
        Self::new(documents).map_err(|id| DocumentsError::Ambiguous(path.to_owned(), id))
    }

    /// A manifest of these documents; the id that two of them have is the error.
    fn new(documents: Vec<TrustedDocument>) -> Result<Self, String> {
        let mut texts = HashMap::<String, Arc<str>>::new();
        for TrustedDocument { id, text, .. } in &documents {
            // A request's prefix is cut off, too.
            for key in [id.strip_prefix("sha256:").unwrap_or(id).to_owned(), hash(text)] {
                if texts.insert(key.clone(), text.clone()).is_some_and(|other| other != *text) {
                    return Err(key);
                }
            }
        }
        Ok(Self { documents, texts })
    }

    pub fn get(&self, id: &str) -> Option<&str> {
        self.texts.get(id).map(AsRef::as_ref)
    }

    pub fn documents(&self) -> impl Iterator<Item = &TrustedDocument> {
        self.documents.iter()
    }

    pub const fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

/// The documents of a manifest in either form; or what is wrong with it.
fn parse(json: &str) -> Result<Vec<TrustedDocument>, String> {
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let documents: Vec<_> = if value.get("format").is_some() {
        let manifest = ApolloManifest::deserialize(value).map_err(|error| error.to_string())?;
        if (manifest.format.as_str(), manifest.version) != ("apollo-persisted-query-manifest", 1) {
            return Err(format!("its format is {:?}, version {}", manifest.format, manifest.version));
        }
        let document = |ApolloOperation { id, name, body }| TrustedDocument { id, name, text: body.into() };
        manifest.operations.into_iter().map(document).collect()
    } else {
        let texts = BTreeMap::<String, String>::deserialize(value).map_err(|error| error.to_string())?;
        texts.into_iter().map(|(id, text)| TrustedDocument { id, name: None, text: text.into() }).collect()
    };
    if documents.is_empty() { Err("it has no documents".to_owned()) } else { Ok(documents) }
}

#[cfg(test)]
mod tests {
    use super::{Manifest, parse};
    use crate::graphql::documents::hash;

    fn manifest(json: &str) -> Result<Manifest, String> {
        Manifest::new(parse(json)?)
    }

    #[test]
    fn both_forms_are_read() {
        let apollo = r#"{"format":"apollo-persisted-query-manifest","version":1,
            "operations":[{"id":"a","name":"A","type":"query","body":"{ a }"}]}"#;
        for json in [apollo, r#"{"a":"{ a }"}"#, r#"{"sha256:a":"{ a }"}"#, r#"{"a":"{ a }","b":"{ a }"}"#] {
            let manifest = manifest(json).unwrap();
            assert_eq!(manifest.get("a"), Some("{ a }"), "{json}");
            assert_eq!(manifest.get(&hash("{ a }")), Some("{ a }"), "by its hash, whatever the manifest calls it");
            assert_eq!(manifest.get("c"), None);
        }
    }

    #[test]
    fn anything_else_is_named() {
        let other_hash = format!(r#"{{"a":"{{ a }}","{}":"{{ b }}"}}"#, hash("{ a }"));
        let twice = r#"{"format":"apollo-persisted-query-manifest","version":1,
            "operations":[{"id":"a","body":"{ a }"},{"id":"a","body":"{ b }"}]}"#;
        for (json, expected) in [
            ("{", "EOF"),
            ("[]", "invalid type: sequence"),
            ("{}", "no documents"),
            (r#"{"a":1}"#, "invalid type: integer `1`, expected a string"),
            (r#"{"format":"x","version":1,"operations":[]}"#, "\"x\", version 1"),
            (r#"{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}"#, "version 2"),
            (r#"{"format":"apollo-persisted-query-manifest","version":1}"#, "missing field `operations`"),
            (twice, "a"),
            (&other_hash, &hash("{ a }")),
        ] {
            let error = manifest(json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
