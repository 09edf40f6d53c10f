//! Secrets Manager.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::config::Master;
use crate::failure::Failure;

/// How long one request may take; what fails is tried again by whoever asks.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// A client of it.
#[derive(Clone, Debug)]
pub struct Secrets(Client);

impl Secrets {
    /// Configured as Lambda says: region and credentials are in its environment.
    ///
    /// # Errors
    /// HTTPS cannot be set up.
    pub async fn new() -> Result<Self, Failure> {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(authorities()?).build_https();
        let timeouts =
            TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = aws_config::from_env()
            .http_client(http)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts.build())
            .load()
            .await;
        Ok(Self(Client::new(&config)))
    }

    /// Who the master user is now.
    ///
    /// # Errors
    /// The secret cannot be read, or it is of another kind.
    pub async fn master(&self, secret: &str) -> Result<Master, Failure> {
        let Some(text) = self.text(secret).await? else {
            return Err(failed(secret, "read", "it is not there, or has no value yet".to_owned()));
        };
        // What serde says of it could repeat it.
        serde_json::from_str(text.expose_secret()).map_err(|_| Failure::NoLogin(secret.to_owned()))
    }

    /// What the secret says, if it says anything.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub async fn text(&self, secret: &str) -> Result<Option<SecretString>, Failure> {
        match self.0.get_secret_value().secret_id(secret).send().await {
            Ok(value) => Ok(value.secret_string.map(SecretString::from)),
            // Also of a secret that has no value yet.
            Err(SdkError::ServiceError(error)) if matches!(error.err(), GetSecretValueError::ResourceNotFoundException(_)) => {
                Ok(None)
            }
            Err(error) => Err(failed(secret, "read", sentence(&error))),
        }
    }

    /// Makes the secret say `text`.
    ///
    /// # Errors
    /// It says what it said.
    pub async fn put(&self, secret: &str, text: &SecretString) -> Result<(), Failure> {
        let request = self.0.put_secret_value().secret_id(secret).secret_string(text.expose_secret());
        request.send().await.map(|_| ()).map_err(|error| failed(secret, "written", sentence(&error)))
    }
}

fn failed(secret: &str, done: &'static str, reason: String) -> Failure {
    Failure::Secret { secret: secret.to_owned(), done, reason }
}

/// With all causes; the SDK's own text is just "service error".
fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Whom HTTPS is believed: Mozilla's list as of the build. The image that Lambda starts may have none of its own.
fn authorities() -> Result<TlsContext, Failure> {
    let store = TLS_SERVER_ROOT_CERTS.iter().fold(TrustStore::empty(), |store, certificate| {
        let text = STANDARD.encode(certificate);
        store.with_pem_certificate(format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"))
    });
    TlsContext::builder().with_trust_store(store).build().map_err(|error| Failure::Https(error.to_string()))
}
