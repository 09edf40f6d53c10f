//! `taproom serve`: the service itself, and the start without any configuration.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use tokio::net::TcpListener;

use crate::config::{HttpConfig, LogConfig};
use crate::graphql::Executor;
use crate::http::health::SchemaProbe;
use crate::http::lifecycle::Lifecycle;
use crate::http::playground::{CDN_NOTICE, LOADS_FROM_CDN};
use crate::http::shutdown::{Outcome, Plan, Signals, serve};
use crate::http::{AppState, router};
use crate::telemetry::logs::{self, LogError};

/// With a configured database, how long load balancers get by default to notice that the process is stopping.
const DRAIN_DELAY: Duration = Duration::from_secs(5);

/// Serve the API.
///
/// Without a configured database, on a loopback address: creates an SQLite file, migrates it, fills it with a small catalogue, makes a
/// write key and prints what to try. With one, the schema must have been migrated with `taproom migrate up`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    http: HttpConfig,
    #[command(flatten)]
    logs: LogConfig,
    #[command(flatten)]
    database: stubs::DatabaseConfig,
}

/// Why the service did not start, or did not stop well.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Logging cannot be set up.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// The embedded database is for whoever sits at this machine.
    #[error(
        "the embedded database, with its sample data and its write key, is only served on a loopback address, and not on {0}: set \
         TAPROOM_DATABASE_URL to a database of yours, or TAPROOM_LISTEN to 127.0.0.1:{port}", port = .0.port()
    )]
    EmbeddedOnNetwork(SocketAddr),
    /// Nothing would be left of the deadline to finish requests in.
    #[error("TAPROOM_DRAIN_DELAY is {0:?}, but must be shorter than TAPROOM_SHUTDOWN_TIMEOUT, which is {1:?} and includes it")]
    DrainDelay(Duration, Duration),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {0}: {1}; choose another address or port with --listen or TAPROOM_LISTEN")]
    Listen(SocketAddr, std::io::Error),
    /// Signals cannot be listened for.
    #[error("cannot listen for signals: {0}")]
    Signals(std::io::Error),
    /// The database does not answer.
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbErr),
    /// The database lacks migrations.
    #[error("the database's schema lacks {} of this version's migrations ({}); run `taproom migrate up` first", .0.len(), .0.join(", "))]
    Unmigrated(Vec<String>),
    /// It stopped before every request was answered.
    #[error("stopped with {0} requests under way, which were cut")]
    Cut(usize),
}

impl Serve {
    /// Serves until a signal comes.
    ///
    /// # Errors
    /// Why the service did not start, or that requests had to be cut when it stopped.
    pub async fn run(self) -> Result<(), ServeError> {
        logs::init(&self.logs)?;
        let plan = self.plan()?;
        if self.database.is_embedded_default() && !self.http.listen.ip().is_loopback() {
            return Err(ServeError::EmbeddedOnNetwork(self.http.listen));
        }
        // Before anything is written: the port is what most often fails.
        let listener = listen(self.http.listen).await?;
        let address = listener.local_addr().map_err(|error| ServeError::Listen(self.http.listen, error))?;
        let mut signals = Signals::install().map_err(ServeError::Signals)?;
        let (db, local_write_key) = tokio::select! {
            prepared = self.prepare() => prepared?,
            signal = signals.next() => {
                tracing::info!(signal, "stopped before it had started");
                return Ok(());
            }
        };
        if let Some(key) = &local_write_key {
            // Nobody may be reading; that is no reason not to serve.
            let _ = writeln!(std::io::stdout(), "{}", banner(address, key));
        }
        tracing::info!(%address, version = crate::version::VERSION, commit = crate::version::COMMIT, "serving");

        let state = self.state(db.clone(), local_write_key);
        let lifecycle = state.lifecycle.clone();
        match serve(listener, router(state), &lifecycle, signals, plan).await {
            Outcome::Drained => Ok(db.close().await?),
            Outcome::Cut { requests } => Err(ServeError::Cut(requests)),
        }
    }

    async fn prepare(&self) -> Result<(DatabaseConnection, Option<Arc<str>>), ServeError> {
        let db = stubs::connect(&self.database).await?;
        let embedded = self.database.is_embedded_default();
        let local_write_key = if embedded { Some(prepare_embedded(&db).await?) } else { None };
        let missing = db.missing_migrations().await?;
        if missing.is_empty() { Ok((db, local_write_key)) } else { Err(ServeError::Unmigrated(missing)) }
    }

    fn plan(&self) -> Result<Plan, ServeError> {
        let default = if self.database.is_embedded_default() { Duration::ZERO } else { DRAIN_DELAY };
        let plan = Plan { drain_delay: self.http.drain_delay.unwrap_or(default), deadline: self.http.shutdown_timeout };
        if plan.drain_delay < plan.deadline { Ok(plan) } else { Err(ServeError::DrainDelay(plan.drain_delay, plan.deadline)) }
    }

    fn state(&self, db: DatabaseConnection, local_write_key: Option<Arc<str>>) -> AppState {
        AppState {
            executor: Executor::stand_in(),
            authenticator: Arc::new(stubs::Authenticator::new(local_write_key.clone())),
            schema: Arc::new(db),
            lifecycle: Lifecycle::default(),
            max_body_bytes: self.http.max_body_bytes,
            local_write_key,
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

/// What only the embedded default does by itself: migrate, seed, make a write key.
async fn prepare_embedded(db: &DatabaseConnection) -> Result<Arc<str>, ServeError> {
    stubs::migrate(db).await?;
    stubs::seed(db).await?;
    Ok(stubs::local_write_key(db).await?)
}

fn banner(address: SocketAddr, key: &str) -> String {
    let notice = if LOADS_FROM_CDN { format!("\n\n  {CDN_NOTICE}") } else { String::new() };
    format!(
        r#"
  Taproom serves the embedded database.

  Playground   http://{address}/
  GraphQL      http://{address}/graphql
  Write key    {key}

  A first query:

    curl http://{address}/graphql -H 'content-type: application/json' \
      -d '{{"query": "{{ beers(first: 3) {{ nodes {{ name abv brewery {{ name }} }} }} }}"}}'

  With the header `Authorization: Bearer {key}` you may write, too.{notice}
"#
    )
}

/// STUBS: what other modules bring. Replace each use above by the real thing, and delete this.
mod stubs {
    use std::sync::Arc;

    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

    use crate::auth::{Scope, Viewer};
    use crate::http::credentials::{AuthFailure, Authenticate};

    /// → `config::DatabaseConfig`.
    #[derive(Debug, clap::Args)]
    pub struct DatabaseConfig {
        /// The database, such as postgres://user@host/name. Without one, an SQLite file here.
        #[arg(long, env = "TAPROOM_DATABASE_URL", value_name = "URL")]
        database_url: Option<String>,
    }

    impl DatabaseConfig {
        pub const fn is_embedded_default(&self) -> bool {
            self.database_url.is_none()
        }
    }

    /// → `database::connect(&self.database)`.
    pub async fn connect(args: &DatabaseConfig) -> Result<DatabaseConnection, DbErr> {
        let url = args.database_url.clone().unwrap_or_else(|| "sqlite://taproom.db?mode=rwc".to_owned());
        let mut options = ConnectOptions::new(url);
        options.test_before_acquire(false).sqlx_logging(false);
        Database::connect(options).await
    }

    /// → `database::migrate`.
    pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
        Migrator::up(db, None).await
    }

    /// → `catalog::seed`.
    pub async fn seed(_: &DatabaseConnection) -> Result<(), DbErr> {
        Ok(())
    }

    /// → `auth`: create an API key for this run.
    pub async fn local_write_key(_: &DatabaseConnection) -> Result<Arc<str>, DbErr> {
        Ok("stand-in-key".into())
    }

    /// → `auth::Authenticator`, with `impl Authenticate for auth::Authenticator` in `http/credentials.rs`.
    pub struct Authenticator(Option<Arc<str>>);

    impl Authenticator {
        pub const fn new(key: Option<Arc<str>>) -> Self {
            Self(key)
        }
    }

    impl Authenticate for Authenticator {
        fn authenticate<'a>(&'a self, authorization: Option<&'a str>) -> BoxFuture<'a, Result<Viewer, AuthFailure>> {
            let result = match (authorization, &self.0) {
                (None, _) => Ok(Viewer::anonymous()),
                (Some(given), Some(key)) if given == format!("Bearer {key}") => {
                    Ok(Viewer::authenticated("key:stand-in".to_owned(), vec![Scope::Admin]))
                }
                _ => Err(AuthFailure::Invalid("the credential is not known".to_owned())),
            };
            std::future::ready(result).boxed()
        }
    }
}
