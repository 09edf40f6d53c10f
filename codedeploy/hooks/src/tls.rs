//! Whom HTTPS is believed: Mozilla's list as of the build. The image that Lambda starts may have none of its own.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Certificate, ClientBuilder};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::aws::sentence;

/// Mozilla's list cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("HTTPS to AWS cannot be set up: {0}")]
pub struct TlsError(String);

/// For the SDK of AWS.
///
/// # Errors
/// A certificate cannot be read.
pub fn aws() -> Result<TlsContext, TlsError> {
    let store = TLS_SERVER_ROOT_CERTS.iter().fold(TrustStore::empty(), |store, certificate| {
        let text = STANDARD.encode(certificate);
        store.with_pem_certificate(format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"))
    });
    TlsContext::builder().with_trust_store(store).build().map_err(|error| TlsError(sentence(error)))
}

/// For what the function asks itself.
///
/// # Errors
/// A certificate cannot be read.
pub fn reqwest(client: ClientBuilder) -> Result<ClientBuilder, reqwest::Error> {
    // An error says that there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificates = TLS_SERVER_ROOT_CERTS.iter().map(|certificate| Certificate::from_der(certificate));
    Ok(client.tls_certs_only(certificates.collect::<Result<Vec<_>, _>>()?))
}
