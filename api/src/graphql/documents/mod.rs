//! From what a request says about its document to the document: its text, or a name under which the text is known here.
//!
//! Two clients' ways to name one are understood, and mean the same: Apollo's `extensions.persistedQuery`
//! ([protocol](https://github.com/apollographql/apollo-link-persisted-queries#protocol)) and `documentId`
//! ([GraphQL over HTTP, Persisted Documents](https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md)).

mod check;
mod error;
mod manifest;
mod persisted;

use async_graphql::ServerError;
use sha2::{Digest, Sha256};

pub use self::error::DocumentsError;
use self::{manifest::Manifest, persisted::PersistedQueries};
use super::error::ErrorCode;
use crate::config::{DocumentsConfig, LimitsConfig, TrustedDocuments};
use crate::telemetry::metrics::attributes::PersistedQueryResult;

/// How a request names its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentSource {
    /// By its text.
    Text(String),
    /// By an id: the lower-case hexadecimal SHA-256 of its text, or whatever the manifest calls it.
    Id(String),
    /// By both, so that the text becomes known under the id.
    TextWithId {
        /// The text.
        text: String,
        /// The id, as alone.
        id: String,
    },
}

impl Default for DocumentSource {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// Where a document's text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is one of the manifest.
    Trusted,
    /// It was registered by an earlier request.
    Persisted,
    /// From the request itself.
    Text,
}

impl Origin {
    /// The origin's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Persisted => "persisted",
            Self::Text => "text",
        }
    }
}

/// A document that was found.
#[derive(Debug)]
pub(super) struct Resolved {
    pub text: String,
    pub origin: Origin,
    /// Whether the request named it by its id alone.
    pub by_id: bool,
    /// What became of its id, if the request had one.
    pub persisted: Option<PersistedQueryResult>,
    /// What to remember once the document has proved to be valid.
    pub registration: Option<Registration>,
}

/// A text to remember, and its hash.
#[derive(Debug)]
pub(super) struct Registration {
    hash: String,
    text: String,
}

/// The documents that are known: those of the manifest, and those that clients registered.
///
/// The latter live in this process: after a restart, or at another task, a client is told `PersistedQueryNotFound` and registers again.
#[derive(Debug, Default)]
pub struct Documents {
    mode: TrustedDocuments,
    manifest: Manifest,
    persisted: Option<PersistedQueries>,
}

impl Documents {
    /// Reads the manifest, if there is to be one.
    ///
    /// # Errors
    /// If it cannot be read, or only one of mode and file is configured.
    pub fn load(config: &DocumentsConfig, limits: &LimitsConfig) -> Result<Self, DocumentsError> {
        let mode = config.trusted_documents;
        let manifest = match (mode, &config.trusted_documents_file) {
            (TrustedDocuments::Off, None) => Manifest::default(),
            (TrustedDocuments::Off, Some(file)) => return Err(DocumentsError::FileWithoutMode(file.clone())),
            (_, None) => return Err(DocumentsError::ModeWithoutFile),
            (_, Some(file)) => Manifest::read(file)?,
        };
        let bytes = if mode == TrustedDocuments::Only { 0 } else { config.persisted_queries_bytes };
        let persisted = (bytes > 0).then(|| PersistedQueries::new(bytes, limits.max_document_bytes));
        Ok(Self { mode, manifest, persisted })
    }

    /// Finds the document that `source` names.
    ///
    /// # Errors
    /// If it is not known, not allowed, or its text is not what its id says.
    pub(super) fn resolve(&self, source: DocumentSource) -> Result<Resolved, ServerError> {
        match source {
            DocumentSource::Text(text) => {
                let origin = self.origin(&text)?;
                Ok(Resolved { text, origin, by_id: false, persisted: None, registration: None })
            }
            DocumentSource::Id(id) => {
                let (text, origin) = self.find(&id)?;
                let persisted = if origin == Origin::Trusted { PersistedQueryResult::Trusted } else { PersistedQueryResult::Hit };
                Ok(Resolved { text, origin, by_id: true, persisted: Some(persisted), registration: None })
            }
            DocumentSource::TextWithId { text, id } => self.check(text, id),
        }
    }

    /// Remembers a document that has proved to be valid.
    pub(super) fn register(&self, registration: Registration) {
        if let Some(persisted) = &self.persisted {
            persisted.insert(registration.hash, registration.text);
        }
    }

    fn origin(&self, text: &str) -> Result<Origin, ServerError> {
        // An id may look like a hash, and be another's.
        if !self.manifest.is_empty() && self.manifest.get(&hash(text)).is_some_and(|known| *known == *text) {
            Ok(Origin::Trusted)
        } else if self.mode == TrustedDocuments::Only {
            let message = "only documents of the manifest are executed here, and this is none of them";
            Err(ErrorCode::TrustedDocumentRequired.server_error(message))
        } else {
            Ok(Origin::Text)
        }
    }

    fn find(&self, id: &str) -> Result<(String, Origin), ServerError> {
        if let Some(text) = self.manifest.get(id) {
            return Ok((text.to_owned(), Origin::Trusted));
        }
        match &self.persisted {
            Some(persisted) => persisted.get(id).map(|text| (text.to_string(), Origin::Persisted)).ok_or_else(not_found),
            // "Not supported" would make a client send every document as text from now on; here only this one is unknown.
            None if self.mode == TrustedDocuments::Only => Err(not_found()),
            None => Err(ErrorCode::PersistedQueryNotSupported.server_error("PersistedQueryNotSupported")),
        }
    }

    fn check(&self, text: String, id: String) -> Result<Resolved, ServerError> {
        let origin = self.origin(&text)?;
        let matches = self.manifest.get(&id).map_or_else(|| id == hash(&text), |known| known == text);
        if !matches {
            let message =
                format!("`query` is not the document of the id {id:?}; the id is its SHA-256 in lower-case hexadecimal");
            return Err(ErrorCode::BadRequest.server_error(message));
        }
        let registration = (origin == Origin::Text).then(|| Registration { hash: id, text: text.clone() });
        let persisted = if registration.is_some() { PersistedQueryResult::Registered } else { PersistedQueryResult::Trusted };
        Ok(Resolved { text, origin, by_id: false, persisted: Some(persisted), registration })
    }
}

/// Clients compare the message, as they do that of `PersistedQueryNotSupported`: it must be nothing else.
fn not_found() -> ServerError {
    ErrorCode::PersistedQueryNotFound.server_error("PersistedQueryNotFound")
}

/// The SHA-256 of a text in lower-case hexadecimal.
pub(super) fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}
