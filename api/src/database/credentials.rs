//! Database passwords that do not last: IAM authentication of Amazon RDS.
//!
//! The password is a presigned request, made here and sent to nobody but the database, which has AWS check it
//! (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html>). Finding the AWS credentials is the work of
//! reqsign. Its signer is for S3 and leaves the payload unsigned, which RDS does not accept, hence the signature here.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqsign_aws_v4::DefaultCredentialProvider;
use reqsign_core::{
    Context, OsEnv, ProvideCredential as _,
    hash::{hex_hmac_sha256, hex_sha256, hmac_sha256},
};
use reqsign_file_read_tokio::TokioFileRead;
use reqsign_http_send_reqwest::ReqwestHttpSend;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{clock, tls::http_client};

/// How long AWS lets a token be used for a login, seconds.
const TOKEN_LIFETIME: u32 = 900;
/// How long one question to a source of AWS credentials may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// How long all of the search for AWS credentials may take.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(20);
/// What need not be encoded: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Somebody who knows the database's password at the moment.
pub trait PasswordSource: fmt::Debug + Send + Sync + 'static {
    /// The password for logins from now on.
    fn password(&self) -> BoxFuture<'_, Result<SecretString, CredentialsError>>;
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("cannot make an HTTP client for AWS credentials: {0}")]
    Client(#[from] reqwest::Error),
    #[error("cannot get AWS credentials for the database login: {0}; check the role of the task or instance, or AWS_PROFILE")]
    Failed(reqsign_core::Error),
    #[error("there are no AWS credentials for the database login; run with a role, or set TAPROOM_DATABASE_AUTH=password")]
    None,
    #[error("the AWS credentials for the database login did not come within {} s", SEARCH_TIMEOUT.as_secs())]
    TimedOut,
}

/// Credentials of an AWS identity.
#[derive(Clone, Debug)]
pub struct AwsKeys {
    /// Access key id; public.
    pub id: String,
    /// Secret access key.
    pub secret: SecretString,
    /// Session token, for temporary credentials.
    pub session: Option<SecretString>,
}

/// Login tokens for one database user, made with the AWS identity the process runs as: environment, profile, web identity, ECS
/// or EC2 role.
pub struct RdsIam {
    endpoint: String,
    user: String,
    region: String,
    context: Context,
    provider: DefaultCredentialProvider,
}

impl RdsIam {
    /// Tokens for `user` at `host:port` in the AWS region `region`. The endpoint must be the instance's own, not an alias of it.
    ///
    /// # Errors
    /// There is no HTTP client to be had.
    pub fn new(host: &str, port: u16, user: &str, region: &str) -> Result<Self, CredentialsError> {
        let client = http_client(|client| client.timeout(REQUEST_TIMEOUT))?;
        let context = Context::new().with_env(OsEnv).with_file_read(TokioFileRead).with_http_send(ReqwestHttpSend::new(client));
        Ok(Self {
            endpoint: format!("{host}:{port}"),
            user: user.to_owned(),
            region: region.to_owned(),
            context,
            provider: DefaultCredentialProvider::new(),
        })
    }

    async fn keys(&self) -> Result<AwsKeys, CredentialsError> {
        let search = self.provider.provide_credential(&self.context);
        let found = tokio::time::timeout(SEARCH_TIMEOUT, search).await.map_err(|_| CredentialsError::TimedOut)?;
        let credential = found.map_err(CredentialsError::Failed)?.ok_or(CredentialsError::None)?;
        Ok(AwsKeys {
            id: credential.access_key_id,
            secret: credential.secret_access_key.into(),
            session: credential.session_token.map(Into::into),
        })
    }
}

impl PasswordSource for RdsIam {
    fn password(&self) -> BoxFuture<'_, Result<SecretString, CredentialsError>> {
        Box::pin(async { Ok(rds_token(&self.endpoint, &self.user, &self.region, &self.keys().await?, clock::now())) })
    }
}

impl fmt::Debug for RdsIam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RdsIam({} at {} in {})", self.user, self.endpoint, self.region)
    }
}

/// The token with which `user` may log in at `endpoint` (`host:port`) for 15 minutes from `now`: what `aws rds
/// generate-db-auth-token` prints. A `GET` presigned with [Signature Version 4][sigv4], without its scheme.
///
/// [sigv4]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#[must_use]
pub fn rds_token(endpoint: &str, user: &str, region: &str, keys: &AwsKeys, now: DateTime<Utc>) -> SecretString {
    const ALGORITHM: &str = "AWS4-HMAC-SHA256";
    let day = now.format("%Y%m%d").to_string();
    let time = now.format("%Y%m%dT%H%M%SZ").to_string();
    let scope = format!("{day}/{region}/rds-db/aws4_request");
    let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();

    // In alphabetical order, as the signature wants it.
    let mut query = format!(
        "Action=connect&DBUser={}&X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={}&X-Amz-Date={time}&X-Amz-Expires={TOKEN_LIFETIME}",
        encode(user),
        encode(&format!("{}/{scope}", keys.id)),
    );
    if let Some(session) = &keys.session {
        query += &format!("&X-Amz-Security-Token={}", encode(session.expose_secret()));
    }
    query += "&X-Amz-SignedHeaders=host";

    let request = format!("GET\n/\n{query}\nhost:{endpoint}\n\nhost\n{}", hex_sha256(b""));
    let to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex_sha256(request.as_bytes()));
    let secret = format!("AWS4{}", keys.secret.expose_secret());
    let key = [day.as_str(), region, "rds-db", "aws4_request"]
        .iter()
        .fold(secret.into_bytes(), |key, part| hmac_sha256(&key, part.as_bytes()));
    SecretString::from(format!("{endpoint}/?{query}&X-Amz-Signature={}", hex_hmac_sha256(&key, to_sign.as_bytes())))
}
