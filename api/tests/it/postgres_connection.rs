//! Reaching PostgreSQL: TLS, passwords that change, limits, and what the errors say.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::BoxFuture;
use sea_orm::ConnectionTrait as _;
use taproom::{
    config::{DatabaseConfig, DatabaseUrl, SecretString},
    database::{CredentialsError, PasswordSource, connect, connect_postgres, keep_password_fresh},
};

use crate::support::postgres::{PASSWORD, PgDatabase, authority, postgres_database};

fn config(url: &str) -> DatabaseConfig {
    DatabaseConfig { password: Some(PASSWORD.into()), ..DatabaseConfig::at(url.parse().unwrap()) }
}

async fn refused(config: &DatabaseConfig) -> String {
    let message = connect(config).await.unwrap_err().to_string();
    assert!(!message.contains(PASSWORD) && !message.contains('\n'), "{message}");
    message
}

fn verified(database: &PgDatabase, host: &str, ca: &Path) -> DatabaseConfig {
    let url = format!("{}?sslmode=verify-full", database.server.url("postgres", host, &database.name));
    DatabaseConfig { ca: Some(ca.to_owned()), ..config(&url) }
}

#[tokio::test]
async fn the_server_is_verified() {
    let Some(database) = postgres_database().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let other_ca = folder.path().join("other.pem");
    std::fs::write(&other_ca, authority("Somebody else").pem()).unwrap();

    let db = connect(&verified(&database, "localhost", &database.server.ca())).await.unwrap();
    let ssl =
        sea_orm::Statement::from_string(db.get_database_backend(), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    assert!(db.query_one_raw(ssl).await.unwrap().unwrap().try_get::<bool>("", "ssl").unwrap());

    let stranger = refused(&verified(&database, "localhost", &other_ca)).await;
    assert!(stranger.contains("TAPROOM_DATABASE_CA") && stranger.contains("UnknownIssuer"), "{stranger}");
    let wrong_name = refused(&verified(&database, "127.0.0.1", &database.server.ca())).await;
    assert!(wrong_name.contains("no trusted TLS connection"), "{wrong_name}");

    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    for unusable in [empty, folder.path().join("missing.pem")] {
        let message = refused(&verified(&database, "localhost", &unusable)).await;
        assert!(message.contains("TAPROOM_DATABASE_CA"), "{message}");
    }
}

#[tokio::test]
async fn errors_say_what_to_do_and_not_the_password() {
    let Some(database) = postgres_database().await else { return };
    let server = database.server;
    let url = |user: &str, name: &str| server.url(user, "127.0.0.1", name);

    let message = refused(&DatabaseConfig { password: Some("hunter2".into()), ..config(&url("postgres", &database.name)) }).await;
    assert!(message.contains("refused the login of postgres") && !message.contains("hunter2"), "{message}");
    let message = refused(&DatabaseConfig::at(url("postgres", &database.name).parse().unwrap())).await;
    assert!(message.contains("refused the login of postgres"), "{message}");
    let message = refused(&config(&url("postgres", "nowhere"))).await;
    assert!(message.contains("\"nowhere\" does not exist"), "{message}");
    let message =
        refused(&DatabaseConfig { role: Some("no such role".into()), ..config(&url("postgres", &database.name)) }).await;
    assert!(message.contains("TAPROOM_DATABASE_ROLE"), "{message}");
    let message = refused(&config(&format!("postgres://u:{PASSWORD}@127.0.0.1:1/d"))).await;
    assert!(message.contains("cannot reach PostgreSQL at 127.0.0.1:1"), "{message}");
}

/// A server that accepts and says nothing.
#[tokio::test]
async fn does_not_wait_for_ever() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u@{}/d", silent.local_addr().unwrap());
    let message = refused(&DatabaseConfig { acquire_timeout_ms: 200, ..config(&url) }).await;
    assert!(message.contains("did not answer within 200 ms"), "{message}");
}

#[tokio::test]
async fn the_server_enforces_the_limits() {
    let Some(database) = postgres_database().await else { return };
    database.server.execute(&database.name, "CREATE ROLE \"a role\"; GRANT \"a role\" TO postgres").await;
    let config = DatabaseConfig {
        statement_timeout_ms: Some(100),
        lock_timeout_ms: 50,
        role: Some("a role".into()),
        ..config(&database.url)
    };
    let db = connect(&config).await.unwrap();
    let show =
        "SELECT current_setting('lock_timeout') AS lock, current_user::text AS role, current_setting('application_name') AS app";
    let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), show)).await.unwrap().unwrap();
    assert_eq!(row.try_get::<String>("", "lock").unwrap(), "50ms");
    assert_eq!(row.try_get::<String>("", "role").unwrap(), "a role");
    assert_eq!(row.try_get::<String>("", "app").unwrap(), "taproom");
    let error = db.execute_unprepared("SELECT pg_sleep(5)").await.unwrap_err();
    assert!(error.to_string().contains("statement timeout"), "{error}");
}

/// Says what it was last told.
#[derive(Debug)]
struct Told(Mutex<Option<&'static str>>);

impl PasswordSource for Told {
    fn password(&self) -> BoxFuture<'_, Result<SecretString, CredentialsError>> {
        let told = *self.0.lock().unwrap();
        Box::pin(async move { told.map(SecretString::from).ok_or(CredentialsError::None) })
    }
}

#[tokio::test]
async fn a_renewed_password_is_used_for_new_connections() {
    let Some(database) = postgres_database().await else { return };
    let server = database.server;
    server.execute(&database.name, "CREATE ROLE rotating LOGIN PASSWORD 'first'").await;
    let url = server.url("rotating", "127.0.0.1", &database.name);
    let config = DatabaseConfig { password: Some("first".into()), ..DatabaseConfig::at(url.parse().unwrap()) };
    let DatabaseUrl::Postgres(url) = config.url() else { unreachable!() };
    let pool = connect_postgres(&config, &url).await.unwrap();
    let source = Arc::new(Told(Mutex::new(None)));
    let renewing = keep_password_fresh(pool.clone(), source.clone(), Duration::from_millis(20));

    // Held, so that the pool has to log in for the next one.
    let held = pool.acquire().await.unwrap();
    server.execute(&database.name, "ALTER ROLE rotating PASSWORD 'second'").await;
    assert!(pool.acquire().await.is_err(), "the old password is no good any more");
    // The source fails at first, and is asked again.
    tokio::time::sleep(Duration::from_millis(50)).await;
    *source.0.lock().unwrap() = Some("second");
    let renewed = async {
        loop {
            match pool.acquire().await {
                Ok(connection) => return connection,
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    };
    let mut renewed = tokio::time::timeout(Duration::from_secs(20), renewed).await.unwrap();
    sqlx::query("SELECT 1").execute(&mut *renewed).await.unwrap();

    drop((held, renewed));
    pool.close().await;
    tokio::time::timeout(Duration::from_secs(5), renewing).await.unwrap().unwrap();
}
