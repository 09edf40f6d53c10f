//! `/livez`, `/readyz` and `/version`.
//!
//! Who asks which matters, because an orchestrator *replaces* what fails its check:
//!
//! - The **container's own check** asks `/livez`. A process that answers is alive; restarting it mends no database.
//! - The **load balancer** asks `/readyz`: a task gets requests only once it can answer them, and none while it drains. When the
//!   database is away all tasks fail at once. The load balancer then sends requests to all of them again (an ALB "fails open"), and they
//!   answer `SERVICE_UNAVAILABLE` quickly. But ECS also replaces tasks that their target group calls unhealthy. So the target group's
//!   unhealthy threshold times its interval must exceed the longest outage to sit out (a failover of RDS takes one to two minutes).
//!   A task that crashed does not wait for that: ECS sees it stop and deregisters it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::{DatabaseConnection, DbErr};
use serde::Serialize;
use tokio::sync::Mutex;

use super::AppState;
use crate::database::{self, availability};
use crate::version::{BUILD_TIME, COMMIT, VERSION};

/// How long the database may take to answer the readiness check.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);

/// For how long an answer of the database counts: anybody may ask, and asking takes a connection of the pool.
const SHARED_FOR: Duration = Duration::from_millis(500);

/// Tells whether the database answers and has the needed schema.
pub trait SchemaProbe: Send + Sync {
    /// Names of the needed migrations that are not applied. A newer schema than needed misses nothing: the old version stays ready
    /// after the new one's migration.
    ///
    /// # Errors
    /// The database's, if it does not answer.
    fn missing_migrations(&self) -> BoxFuture<'_, Result<Vec<String>, DbErr>>;
}

impl SchemaProbe for DatabaseConnection {
    fn missing_migrations(&self) -> BoxFuture<'_, Result<Vec<String>, DbErr>> {
        database::missing_migrations(self).boxed()
    }
}

/// `GET /livez`: 200 as long as the process answers at all. Never touches the database.
pub async fn livez() -> Response {
    uncached(StatusCode::OK, Json(serde_json::json!({ "status": "alive" })))
}

/// What `/readyz` answers.
#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    /// The first check that failed, as a class for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    checks: [Check; 3],
}

#[derive(Clone, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    #[serde(skip)]
    reason: &'static str,
    detail: String,
}

impl Check {
    fn passed(name: &'static str, detail: &str) -> Self {
        Self { name, ok: true, reason: "", detail: detail.to_owned() }
    }

    fn failed(name: &'static str, reason: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: false, reason, detail: detail.into() }
    }
}

/// What the database answered last, for all who ask while it is asked or soon after; cheap to clone.
#[derive(Clone, Default)]
pub struct LastProbe(Arc<Mutex<Option<Probed>>>);

/// When, and what the database and its schema were like.
type Probed = (Instant, [Check; 2]);

/// `GET /readyz`: 200 if requests may be sent here, else 503 and why not.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let [database, schema] = database_and_schema(&state).await;
    let lifecycle = if state.lifecycle.is_draining() {
        Check::failed("lifecycle", "DRAINING", "the process is stopping")
    } else {
        Check::passed("lifecycle", "serving")
    };
    let checks = [lifecycle, database, schema];
    let reason = checks.iter().find(|check| !check.ok).map(|check| check.reason);
    if let Some(reason) = reason {
        tracing::warn!(reason, "not ready");
    }
    let (code, status) = if reason.is_none() { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "unready") };
    uncached(code, Json(Readiness { status, reason, checks }))
}

async fn database_and_schema(state: &AppState) -> [Check; 2] {
    if state.availability.is_down() {
        return no_database("DATABASE_UNAVAILABLE", "cannot be reached".to_owned());
    }
    let mut last = state.last_probe.0.clone().lock_owned().await;
    if let Some((at, checks)) = &*last
        && at.elapsed() < SHARED_FOR
    {
        return checks.clone();
    }
    let schema = state.schema.clone();
    // It goes on when its asker leaves: else one could be begun after the other.
    let probe = tokio::spawn(async move {
        let checks = probe(&*schema).await;
        *last = Some((Instant::now(), checks.clone()));
        checks
    });
    probe.await.unwrap_or_else(|_| no_database("DATABASE_UNAVAILABLE", "cannot be asked".to_owned()))
}

async fn probe(schema: &dyn SchemaProbe) -> [Check; 2] {
    match tokio::time::timeout(DATABASE_TIMEOUT, schema.missing_migrations()).await {
        Ok(Ok(missing)) if missing.is_empty() => {
            [Check::passed("database", "answers"), Check::passed("schema", "has all that this version needs")]
        }
        Ok(Ok(missing)) => {
            let detail =
                format!("{} of the migrations that this version needs are missing; run `taproom migrate up`", missing.len());
            [Check::passed("database", "answers"), Check::failed("schema", "SCHEMA_OUTDATED", detail)]
        }
        Ok(Err(error)) => {
            availability::doubt();
            // The text may name hosts or users: it stays in the log.
            tracing::warn!(%error, "readiness check");
            no_database("DATABASE_UNAVAILABLE", "does not answer as it should".to_owned())
        }
        Err(_) => {
            availability::doubt();
            no_database("DATABASE_TIMEOUT", format!("does not answer within {} s", DATABASE_TIMEOUT.as_secs()))
        }
    }
}

fn no_database(reason: &'static str, detail: String) -> [Check; 2] {
    [Check::failed("database", reason, detail), Check::failed("schema", "SCHEMA_UNKNOWN", "cannot be read")]
}

/// `GET /version`: which build this is, the newest migration that it needs, and what of a rollout it belongs to. Whoever shifts traffic
/// learns from it whose answers it gets.
pub async fn version(State(state): State<AppState>) -> Response {
    let schema_version = migration::required_versions().pop();
    let body = serde_json::json!({
        "version": VERSION,
        "commit": COMMIT,
        "buildTime": BUILD_TIME,
        "schemaVersion": schema_version,
        "slot": state.settings.slot.as_str(),
        "deployment": state.settings.deployment,
    });
    uncached(StatusCode::OK, Json(body))
}

fn uncached(status: StatusCode, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
