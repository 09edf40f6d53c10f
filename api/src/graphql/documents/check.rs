//! What is trusted is tried before anybody asks for it.

use async_graphql::Response;

use super::{DocumentsError, manifest::TrustedDocument};
use crate::{
    auth::{Scope, Viewer},
    graphql::{
        Executor, GraphqlRequest, Prepared,
        request_checks::{Definitions, ValidateOnly},
    },
};

impl Executor {
    /// Judges and validates every operation of the manifest.
    ///
    /// # Errors
    /// The first that would be refused even if somebody asked for it who may do everything.
    pub async fn check_trusted_documents(&self) -> Result<(), DocumentsError> {
        for TrustedDocument { id, name, text } in self.features.documents.manifest.documents() {
            self.check(text).await.map_err(|reason| {
                let document = name.as_ref().map_or_else(|| format!("{id:?}"), |name| format!("{name} with the id {id:?}"));
                DocumentsError::Invalid { document, reason }
            })?;
        }
        Ok(())
    }

    async fn check(&self, text: &str) -> Result<(), String> {
        let mut whole = self.try_prepare(text, None)?.request;
        let document = whole.parsed_query().map_err(|error| error.message)?;
        let names: Vec<_> = document.operations.iter().map(|(name, _)| name.map(ToString::to_string)).collect();
        for name in names {
            let prepared = self.try_prepare(text, name.clone())?;
            // Its variables come with the request.
            let request = prepared.request.data(Definitions(Vec::new())).data(ValidateOnly);
            let Response { errors, .. } = self.open.execute(request).await;
            if let Some(error) = errors.first() {
                return Err(format!("operation {}: {}", name.as_deref().unwrap_or("without name"), error.message));
            }
        }
        Ok(())
    }

    fn try_prepare(&self, text: &str, operation_name: Option<String>) -> Result<Prepared, String> {
        let viewer = Viewer::authenticated("trusted documents".to_owned(), Scope::ALL.to_vec());
        let request = GraphqlRequest { operation_name, ..GraphqlRequest::new(text) };
        self.prepare(request, &viewer).map_err(|error| error.message)
    }
}
