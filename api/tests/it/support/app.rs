//! The whole service on a socket: the real router, schema, credentials and database.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::{Client, Response};
use sea_orm::{DatabaseConnection, Statement};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::{postgres::PgPoolOptions, sqlite::SqlitePoolOptions};
use taproom::{
    auth::{JwtVerifier, Scope, api_key},
    config::LimitsConfig,
    graphql::{Executor, Features},
    http::{
        AppState,
        connections::Connections,
        router,
        settings::Settings,
        shutdown::{Plan, Signals, serve},
    },
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::databases;

/// A busy machine is no failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything is switched on, and documents may be large and costly: what is tested with it is the catalogue.
fn everything() -> Features {
    let limits = LimitsConfig { max_document_bytes: 4 << 20, max_tokens: 1 << 20, max_cost: u64::MAX, ..LimitsConfig::default() };
    Features { seed_catalog: true, limits, ..Features::default() }
}

/// A running service over one database. What it has under way ends with the test's runtime.
pub struct TestApp {
    /// Its database, to look behind the API.
    pub db: DatabaseConnection,
    /// `http://127.0.0.1:…`
    pub url: String,
    client: Client,
    statements: Arc<Mutex<Vec<Statement>>>,
    _folder: Option<TempDir>,
}

impl TestApp {
    /// The service over an empty database of each kind.
    pub async fn on_each_database() -> Vec<Self> {
        let mut apps = Vec::new();
        for (mut db, folder) in databases().await {
            let statements = Arc::new(Mutex::new(Vec::new()));
            let record = statements.clone();
            db.set_metric_callback(move |info| record.lock().unwrap().push(info.statement.clone()));
            let url = start(db.clone(), None, everything(), Settings::default()).await;
            apps.push(Self { db, url, client: crate::http_support::client(), statements, _folder: folder });
        }
        apps
    }

    /// The service over a database of each kind that holds the sample catalogue.
    pub async fn seeded() -> Vec<Self> {
        let apps = Self::on_each_database().await;
        for app in &apps {
            let transaction = taproom::database::begin(&app.db).await.unwrap();
            taproom::catalog::seed::sample(&transaction).await.unwrap();
            transaction.commit().await.unwrap();
        }
        apps
    }

    /// The service over `db`, as `settings` say.
    pub async fn over(db: DatabaseConnection, settings: Settings) -> Self {
        let url = start(db.clone(), None, everything(), settings).await;
        Self { db, url, client: crate::http_support::client(), statements: Arc::default(), _folder: None }
    }

    /// A second instance of the service over the same database, with connections of its own.
    pub async fn another(&self) -> Self {
        let db: DatabaseConnection = if self.is_postgres() {
            let options = self.db.get_postgres_connection_pool().connect_options();
            PgPoolOptions::new().acquire_timeout(PATIENCE).connect_with((*options).clone()).await.unwrap().into()
        } else {
            let options = self.db.get_sqlite_connection_pool().connect_options();
            SqlitePoolOptions::new().acquire_timeout(PATIENCE).connect_with((*options).clone()).await.unwrap().into()
        };
        let url = start(db.clone(), None, everything(), Settings::default()).await;
        Self { db, url, client: self.client.clone(), statements: self.statements.clone(), _folder: None }
    }

    /// The same, which also accepts access tokens.
    pub async fn another_with_jwt(&self, verifier: JwtVerifier) -> Self {
        let another = self.another().await;
        Self { url: start(another.db.clone(), Some(verifier), everything(), Settings::default()).await, ..another }
    }

    /// The same, with nothing switched on.
    pub async fn another_without_features(&self) -> Self {
        self.another_with(Features::default()).await
    }

    /// The same, with other features.
    pub async fn another_with(&self, features: Features) -> Self {
        let another = self.another().await;
        Self { url: start(another.db.clone(), None, features, Settings::default()).await, ..another }
    }

    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == sea_orm::DatabaseBackend::Postgres
    }

    /// A new API key with these scopes.
    pub async fn key(&self, scopes: &[Scope]) -> String {
        api_key::create(&self.db, "test", scopes).await.unwrap().key.expose_secret().to_owned()
    }

    /// Sends a request; `credential` without `Bearer`.
    pub async fn send(&self, credential: Option<&str>, body: &Value) -> Response {
        let request = self.client.post(format!("{}/graphql", self.url)).json(body);
        let request = match credential {
            Some(credential) => request.bearer_auth(credential),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Executes a document anonymously; returns the whole response.
    pub async fn execute(&self, query: &str, variables: Value) -> Value {
        self.execute_as(None, query, variables).await
    }

    /// Executes a document with a credential; returns the whole response.
    pub async fn execute_as(&self, credential: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        self.send(credential, &body).await.json().await.unwrap()
    }

    /// The `data` of an anonymous query without errors.
    pub async fn query(&self, query: &str, variables: Value) -> Value {
        data(self.execute(query, variables).await)
    }

    /// The payload of a mutation `field` without top-level errors, its input in the variable `$input`.
    pub async fn mutate(&self, credential: &str, field: &str, selection: &str, input: Value) -> Value {
        let input_type = format!("{}{}Input!", field[..1].to_uppercase(), &field[1..]);
        let document = format!("mutation ($input: {input_type}) {{ {field}(input: $input) {selection} }}");
        data(self.execute_as(Some(credential), &document, json!({ "input": input })).await)[field].take()
    }

    /// The result of a query, and the SQL statements it took, transaction control aside.
    pub async fn recorded(&self, query: &str, variables: Value) -> (Value, Vec<Statement>) {
        self.statements.lock().unwrap().clear();
        let data = self.query(query, variables).await;
        (data, std::mem::take(&mut *self.statements.lock().unwrap()))
    }
}

/// The `data` of a response without errors.
pub fn data(mut response: Value) -> Value {
    assert!(response.get("errors").is_none(), "{response:#}");
    response["data"].take()
}

async fn start(db: DatabaseConnection, jwt: Option<JwtVerifier>, features: Features, settings: Settings) -> String {
    let executor = Executor::new(db.clone(), features);
    let state = AppState::new(db, executor, jwt, settings);
    let lifecycle = state.lifecycle.clone();
    let app = router(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let plan = Plan { drain_delay: Duration::ZERO, deadline: Duration::from_secs(20) };
    tokio::spawn(async move {
        let (_sender, signals) = Signals::channel();
        serve(listener, app, Connections::default(), &lifecycle, signals, plan).await
    });
    url
}
