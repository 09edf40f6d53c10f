//! The four APIs of AWS that are asked.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_codedeploy::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::tls::{self, TlsError};

/// A request is sent so often. With waits that double from one second, throttling of some 15 s is sat out.
const ATTEMPTS: u32 = 5;
/// How long one of them may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// Clients, cheap to clone.
#[derive(Clone, Debug)]
pub struct Aws {
    pub codedeploy: aws_sdk_codedeploy::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
}

impl Aws {
    /// Configured as Lambda says: region and credentials are in its environment.
    ///
    /// # Errors
    /// HTTPS cannot be set up.
    pub async fn new() -> Result<Self, TlsError> {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls::aws()?).build_https();
        let timeouts =
            TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = aws_config::from_env()
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(Duration::from_secs(1)))
            .timeout_config(timeouts.build())
            .load()
            .await;
        Ok(Self {
            codedeploy: aws_sdk_codedeploy::Client::new(&config),
            ecs: aws_sdk_ecs::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            secrets: aws_sdk_secretsmanager::Client::new(&config),
        })
    }
}

/// An error of AWS with all its causes; the SDK's own text is just "service error".
pub fn sentence(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Whether asking again changes nothing: the request is wrong or not allowed.
pub fn is_refused<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    code.is_some_and(|code| !code.contains("Throttl") && !code.contains("Internal") && !code.contains("Unavailable"))
}
