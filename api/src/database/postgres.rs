//! PostgreSQL: production.

use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
};
use tokio::task::JoinHandle;
use url::Url;

use super::{ConnectError, PasswordSource, RdsIam, abandoned, availability, error::address};
use crate::config::{DatabaseAuth, DatabaseConfig};
use crate::telemetry::trace::server::Server;

/// An RDS token is good for 15 minutes; a new one every 10 leaves time for failed attempts.
const TOKEN_RENEWAL: Duration = Duration::from_secs(600);
/// First and last pause between attempts to renew.
const RETRY: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(30);
/// A connection that was idle for longer may have been cut by a firewall or a failover, and is asked before it is used. A busy
/// service never pays for it.
const PING_AFTER: Duration = Duration::from_secs(30);
/// How long a connection may take to become ready that may be busy with an abandoned statement; then it is closed.
const ABANDONED_GRACE: Duration = Duration::from_millis(50);
/// How often the server looks, during a statement, whether its client is still there; milliseconds. PostgreSQL 14 and later, on systems that
/// can tell: <https://www.postgresql.org/docs/15/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL>
const CLIENT_CHECK_INTERVAL: u32 = 1_000;

/// Opens a pool for the server at `url`, having logged in once to know that it works.
///
/// # Errors
/// As [`super::connect`].
pub async fn connect(config: &DatabaseConfig, url: &Url) -> Result<PgPool, ConnectError> {
    let mut options = options(config, url)?;
    let tokens = match config.auth {
        DatabaseAuth::Password => None,
        DatabaseAuth::RdsIam => {
            let region = config.region.as_deref().filter(|region| !region.is_empty()).ok_or(ConnectError::NoRegion)?;
            let source = RdsIam::new(options.get_host(), options.get_port(), options.get_username(), region)?;
            options = options.password(source.password().await?.expose_secret());
            Some(Arc::new(source))
        }
    };
    try_login(&options, config.acquire_timeout()).await?;
    let namespace = options.get_database().unwrap_or(options.get_username()).to_owned();
    Server { namespace, address: options.get_host().to_owned(), port: options.get_port() }.announce();
    let pool = PgPoolOptions::new()
        .max_connections(config.pool_size)
        .acquire_timeout(config.acquire_timeout())
        .test_before_acquire(false)
        // For telemetry, which counts the waits.
        .acquire_time_level(log::LevelFilter::Trace)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for > PING_AFTER || availability::is_doubtful(state.idle_for) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                if abandoned::lately() && tokio::time::timeout(ABANDONED_GRACE, connection.ping()).await.is_err() {
                    abandoned::drop_connection();
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    if let Some(source) = tokens {
        keep_password_fresh(pool.clone(), source, TOKEN_RENEWAL);
    }
    Ok(pool)
}

/// The pool would retry and, in the end, report no more than that time is up; one login by itself says what is wrong.
async fn try_login(options: &PgConnectOptions, timeout: Duration) -> Result<(), ConnectError> {
    let login = async { PgConnection::connect_with(options).await?.close().await };
    match tokio::time::timeout(timeout, login).await {
        Ok(result) => result.map_err(|error| ConnectError::from_postgres(&error, options)),
        Err(_) => Err(ConnectError::TimedOut { address: address(options), milliseconds: timeout.as_millis() }),
    }
}

fn options(config: &DatabaseConfig, url: &Url) -> Result<PgConnectOptions, ConnectError> {
    let mut options: PgConnectOptions =
        url.as_str().parse().map_err(|error: sqlx::Error| ConnectError::Url(error.to_string()))?;
    if !has_parameter(url, "application_name") {
        options = options.application_name("taproom");
    }
    if !has_parameter(url, "sslmode") {
        let mode = default_ssl_mode(&options);
        options = options.ssl_mode(mode);
    }
    if let Some(password) = &config.password {
        options = options.password(password.expose_secret());
    }
    if let Some(ca) = &config.ca {
        check_certificates(ca)?;
        // By path, not by content: new connections see a file that was replaced.
        options = options.ssl_root_cert(ca);
    }
    if let Some(role) = &config.role {
        options = options.options([("role", role)]);
    }
    let statement_timeout = config.statement_timeout().as_millis();
    let lock_timeout = u128::from(config.lock_timeout_ms);
    options = options.options([("statement_timeout", statement_timeout), ("lock_timeout", lock_timeout)]);
    options = options.options([("client_connection_check_interval", CLIENT_CHECK_INTERVAL)]);
    // Of the search for similar names, as on SQLite. A placeholder until the session first uses the extension, which needs no right.
    options = options.options([("pg_trgm.word_similarity_threshold", super::MIN_SIMILARITY)]);
    // A plan for any values would take every page's limit for a tenth of the table, and read accordingly.
    options = options.options([("plan_cache_mode", "force_custom_plan")]);
    Ok(options.disable_statement_logging())
}

fn has_parameter(url: &Url, name: &str) -> bool {
    url.query_pairs().any(|(key, _)| key == name)
}

/// Anything that leaves this machine is encrypted and verified; on it, TLS is used if the server has it.
fn default_ssl_mode(options: &PgConnectOptions) -> PgSslMode {
    let host = options.get_host();
    if options.get_socket().is_some() || host.starts_with('/') {
        return PgSslMode::Disable;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let local = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if local { PgSslMode::Prefer } else { PgSslMode::VerifyFull }
}

/// sqlx takes a file without a certificate for one with no more authorities than it knows.
fn check_certificates(path: &Path) -> Result<(), ConnectError> {
    let unusable = |reason: String| ConnectError::Ca { path: path.to_owned(), reason };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut certificates = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        certificate.map_err(|error| unusable(error.to_string()))?;
        certificates += 1;
    }
    if certificates == 0 { Err(unusable("there is no certificate in it".to_owned())) } else { Ok(()) }
}

/// Gives new connections of `pool` the current password of `source`, asked for `every` so often and, while that fails, again with
/// growing pauses. Open connections stay as they are: a password is for the login only. Ends when the pool is closed.
pub fn keep_password_fresh(pool: PgPool, source: Arc<dyn PasswordSource>, every: Duration) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut pause = every;
        let mut retry = *RETRY.start();
        loop {
            tokio::select! {
                () = pool.close_event() => return,
                () = tokio::time::sleep(pause) => {}
            }
            match source.password().await {
                Ok(password) => {
                    let options = PgConnectOptions::clone(&pool.connect_options());
                    pool.set_connect_options(options.password(password.expose_secret()));
                    (pause, retry) = (every, *RETRY.start());
                }
                Err(error) => {
                    tracing::warn!(%error, retry_in_seconds = retry.as_secs(), "the database password could not be renewed");
                    pause = retry;
                    retry = (retry * 2).min(*RETRY.end());
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> String {
        let url: Url = url.parse().unwrap();
        let config = DatabaseConfig::at(crate::config::DatabaseUrl::Postgres(url.clone()));
        format!("{:?}", options(&config, &url).unwrap().get_ssl_mode())
    }

    #[test]
    fn what_leaves_the_machine_is_verified() {
        assert_eq!(mode("postgres://u@db.example/d"), "VerifyFull");
        assert_eq!(mode("postgres://u@10.0.0.1/d"), "VerifyFull");
        assert_eq!(mode("postgres://u@db.example/d?sslmode=require"), "Require");
        assert_eq!(mode("postgres://u@127.0.0.1/d"), "Prefer");
        assert_eq!(mode("postgres://u@[::1]/d"), "Prefer");
        assert_eq!(mode("postgres://u@localhost/d?sslmode=verify-full"), "VerifyFull");
        assert_eq!(mode("postgres:///d?host=/run/postgresql"), "Disable");
    }
}
