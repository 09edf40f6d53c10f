//! What the handlers share.

use std::sync::Arc;

use sea_orm::DatabaseConnection;

use super::credentials::Authenticate;
use super::health::{LastProbe, SchemaProbe};
use super::lifecycle::Lifecycle;
use super::load_shed::LoadShed;
use super::settings::Settings;
use crate::auth::{Authenticator, JwtVerifier};
use crate::database::availability::Availability;
use crate::graphql::Executor;

/// What the handlers share; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Executes operations.
    pub executor: Executor,
    /// Turns `Authorization` headers into viewers.
    pub authenticator: Arc<dyn Authenticate>,
    /// Tells whether the database answers and has the needed schema.
    pub schema: Arc<dyn SchemaProbe>,
    /// What the readiness check last found.
    pub last_probe: LastProbe,
    /// Whether the database is there.
    pub availability: Availability,
    /// The places for operations.
    pub load_shed: LoadShed,
    /// Whether the process is on its way out, and what it still has to do.
    pub lifecycle: Lifecycle,
    /// What is demanded of requests.
    pub settings: Arc<Settings>,
    /// The embedded default's write key, for the playground of whoever sits at this machine; none in production.
    pub local_write_key: Option<Arc<str>>,
}

impl AppState {
    /// The service over `db`, without a local write key. Watches a PostgreSQL server by a task on the current runtime.
    #[must_use]
    pub fn new(db: DatabaseConnection, executor: Executor, jwt: Option<JwtVerifier>, settings: Settings) -> Self {
        Self {
            executor,
            authenticator: Arc::new(Authenticator::new(db.clone(), jwt)),
            availability: Availability::of(&db),
            schema: Arc::new(db),
            last_probe: LastProbe::default(),
            load_shed: LoadShed::new(settings.max_concurrency, settings.max_body_bytes),
            lifecycle: Lifecycle::default(),
            settings: Arc::new(settings),
            local_write_key: None,
        }
    }
}
