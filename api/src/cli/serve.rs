//! `taproom serve`: the service itself, and the start without any configuration.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use migration::{Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::file_limit;
use crate::auth::api_key::{self, CreateError};
use crate::auth::{JwksError, JwtVerifier, Scope};
use crate::catalog::seed::{self, SeedError};
use crate::catalog::write::keep_forgetting;
use crate::config::{
    ClientsConfig, DatabaseConfig, DocumentsConfig, GraphqlConfig, HttpConfig, IncompleteJwtConfig, JwtConfig, LimitsConfig,
    LogConfig, Profile, TelemetryConfig,
};
use crate::database::{self, ConnectError};
use crate::graphql::documents::{Documents, DocumentsError};
use crate::graphql::{Executor, Features};
use crate::http::connections::Connections;
use crate::http::lifecycle::Lifecycle;
use crate::http::playground::{CDN_NOTICE, LOADS_FROM_CDN};
use crate::http::settings::Settings;
use crate::http::shutdown::{Outcome, Plan, Signals, serve};
use crate::http::{AppState, router};
use crate::telemetry::metrics::{attributes::OperationNames, metrics};
use crate::telemetry::{self, TelemetryError, pool};
use crate::version::{COMMIT, VERSION};

/// With a configured database, how long load balancers get by default to notice that the process is stopping.
const DRAIN_DELAY: Duration = Duration::from_secs(5);

/// How long the database gets to see its connections closed; nothing depends on it, and whoever stops the process may kill it.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// How often old idempotency keys are forgotten.
const FORGETTING_PERIOD: Duration = Duration::from_secs(3600);

/// Name of the key that the embedded default makes anew at each start.
const LOCAL_KEY: &str = "local playground";

/// Serve the API.
///
/// Without a configured database, on a loopback address: creates an SQLite file, migrates it, fills it with a small catalogue if it
/// has no brewery, makes a write key and prints what to try. With one, the schema must have been migrated with `taproom migrate up`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    http: HttpConfig,
    #[command(flatten)]
    logs: LogConfig,
    #[command(flatten)]
    telemetry: TelemetryConfig,
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    jwt: JwtConfig,
    #[command(flatten)]
    graphql: GraphqlConfig,
    #[command(flatten)]
    clients: ClientsConfig,
    #[command(flatten)]
    limits: LimitsConfig,
    #[command(flatten)]
    documents: DocumentsConfig,
}

/// Why the service did not start, or did not stop well.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Logs, traces or metrics cannot be set up.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
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
    /// It cannot even be connected to.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The embedded database could not be filled.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The local write key could not be made.
    #[error("no write key was made: {0}")]
    Key(#[from] CreateError),
    /// Access tokens are configured by halves.
    #[error(transparent)]
    Jwt(#[from] IncompleteJwtConfig),
    /// The issuer's keys cannot be fetched the way that is configured.
    #[error(transparent)]
    Jwks(#[from] JwksError),
    /// The trusted documents are configured by halves, or no good.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
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
        let started = Instant::now();
        let telemetry = telemetry::init(&self.logs, &self.telemetry).await?;
        let outcome = self.serve(started).await;
        telemetry.shutdown().await;
        outcome
    }

    async fn serve(self, started: Instant) -> Result<(), ServeError> {
        let connections = Connections::from(&self.http);
        file_limit::raise(&connections, self.database.pool_size);
        let plan = self.plan()?;
        let jwt = self.jwt.issuer()?.map(JwtVerifier::new).transpose()?;
        let features = self.features().await?;
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
        self.announce(address, started.elapsed());

        let state = self.state(db.clone(), features, jwt, local_write_key);
        observe(&db, &state.lifecycle);
        let lifecycle = state.lifecycle.clone();
        let forgetting = keep_forgetting(db.clone(), self.graphql.idempotency_retention, FORGETTING_PERIOD);
        let outcome = tokio::select! {
            outcome = serve(listener, router(state), connections, &lifecycle, signals, plan) => outcome,
            never = forgetting => match never {},
        };
        match outcome {
            Outcome::Drained => {
                close(db).await;
                Ok(())
            }
            Outcome::Cut { requests } => Err(ServeError::Cut(requests)),
        }
    }

    fn announce(&self, address: SocketAddr, startup: Duration) {
        let TelemetryConfig { environment, slot, deployment, .. } = &self.telemetry;
        let startup_ms = startup.as_micros() as f64 / 1e3;
        tracing::info!(
            %address, version = VERSION, commit = COMMIT, environment, slot = slot.as_str(), deployment, startup_ms, "serving"
        );
        metrics().startup_duration.record(startup.as_secs_f64(), ());
    }

    async fn prepare(&self) -> Result<(DatabaseConnection, Option<Arc<str>>), ServeError> {
        let db = database::connect(&self.database).await?;
        let embedded = self.database.is_embedded_default();
        let local_write_key = if embedded { Some(prepare_embedded(&db).await?) } else { None };
        let missing = database::missing_migrations(&db).await?;
        if missing.is_empty() { Ok((db, local_write_key)) } else { Err(ServeError::Unmigrated(missing)) }
    }

    fn profile(&self) -> Profile {
        let default = if self.database.is_embedded_default() { Profile::Development } else { Profile::Production };
        self.clients.profile.unwrap_or(default)
    }

    fn plan(&self) -> Result<Plan, ServeError> {
        let default = if self.database.is_embedded_default() { Duration::ZERO } else { DRAIN_DELAY };
        let plan = Plan { drain_delay: self.http.drain_delay.unwrap_or(default), deadline: self.http.shutdown_timeout };
        if plan.drain_delay < plan.deadline { Ok(plan) } else { Err(ServeError::DrainDelay(plan.drain_delay, plan.deadline)) }
    }

    async fn features(&self) -> Result<Features, ServeError> {
        let documents = Arc::new(Documents::load(&self.documents, &self.limits)?);
        let features =
            Features { seed_catalog: self.graphql.seed_mutation, profile: self.profile(), limits: self.limits, documents };
        // Validating takes no database, so that what is wrong is said before anything is written.
        Executor::new(DatabaseConnection::default(), features.clone()).check_trusted_documents().await?;
        Ok(features)
    }

    fn state(
        &self,
        db: DatabaseConnection,
        features: Features,
        jwt: Option<JwtVerifier>,
        local_write_key: Option<Arc<str>>,
    ) -> AppState {
        let TelemetryConfig { slot, deployment, metric_operations, .. } = &self.telemetry;
        let (metric_operations, deployment) = (OperationNames::new(&metric_operations.0), deployment.clone());
        let settings =
            Settings { metric_operations, slot: *slot, deployment, ..Settings::new(&self.http, &self.clients, self.profile()) };
        // In production no page gives a key away.
        let local_write_key = local_write_key.filter(|_| self.profile() == Profile::Development);
        let executor = Executor::new(db.clone(), features);
        AppState { local_write_key, ..AppState::new(db, executor, jwt, settings) }
    }
}

/// Has metrics tell how the process stands, from now on.
fn observe(db: &DatabaseConnection, lifecycle: &Lifecycle) {
    match db.get_database_backend() {
        DbBackend::Postgres => pool::observe(db.get_postgres_connection_pool()),
        _ => pool::observe(db.get_sqlite_connection_pool()),
    }
    let lifecycle = lifecycle.clone();
    metrics().http_active_requests.observe(move || [(lifecycle.in_flight() as u64, ())]);
}

async fn close(db: DatabaseConnection) {
    match timeout(CLOSE_TIMEOUT, db.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the database's connections were not closed well"),
        Err(_) => tracing::warn!(timeout = ?CLOSE_TIMEOUT, "the database's connections were not closed in time"),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

/// What only the embedded default does by itself: migrate, seed an empty catalogue, make a write key. One that is in use is not seeded
/// again: what was deleted or renamed would come back.
async fn prepare_embedded(db: &DatabaseConnection) -> Result<Arc<str>, ServeError> {
    Migrator::up(db, None).await?;
    let transaction = database::begin(db).await?;
    seed::sample_if_empty(&transaction).await?;
    transaction.commit().await?;
    let key = api_key::renew(db, LOCAL_KEY, &Scope::ALL).await?;
    Ok(key.key.expose_secret().into())
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
