//! The real router on a real socket, with its neighbours replaced where a test needs them to misbehave.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::{Client, RequestBuilder, Response};
use sea_orm::DbErr;
use serde_json::Value;
use taproom::auth::{Scope, Viewer};
use taproom::graphql::{Executor, Features};
use taproom::http::connections::Connections;
use taproom::http::credentials::{AuthFailure, Authenticate};
use taproom::http::health::SchemaProbe;
use taproom::http::lifecycle::Lifecycle;
use taproom::http::settings::Settings;
use taproom::http::shutdown::{Outcome, Plan, Signals, serve};
use taproom::http::{AppState, router};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

/// What stands in for the neighbours of the HTTP layer.
pub struct Options {
    pub schema: Probe,
    pub features: Features,
    pub settings: Settings,
    pub local_write_key: Option<&'static str>,
    pub plan: Plan,
    pub connections: Connections,
}

impl Default for Options {
    fn default() -> Self {
        let plan = Plan { drain_delay: Duration::ZERO, deadline: Duration::from_secs(20) };
        let settings = Settings { max_body_bytes: 1024, ..Settings::default() };
        Self {
            schema: Probe::Fine,
            features: Features::default(),
            settings,
            local_write_key: None,
            plan,
            connections: Connections::default(),
        }
    }
}

/// How the database answers the readiness check.
pub enum Probe {
    Fine,
    Missing,
    Broken,
    Slow,
    /// It answers once there is a permit, and counts how often it is asked.
    Gated(Gate),
}

/// What is held back until the test lets it pass.
#[derive(Clone)]
pub struct Gate {
    pub permits: Arc<Semaphore>,
    pub asked: Arc<AtomicUsize>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(0)), asked: Arc::default() }
    }
}

impl Gate {
    async fn pass(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.permits.acquire().await.unwrap().forget();
    }

    /// Lets everybody pass from now on.
    pub fn open(&self) {
        self.permits.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

impl SchemaProbe for Probe {
    fn missing_migrations(&self) -> BoxFuture<'_, Result<Vec<String>, DbErr>> {
        async {
            match self {
                Self::Fine => Ok(Vec::new()),
                Self::Missing => Ok(vec!["m1".to_owned()]),
                Self::Broken => Err(DbErr::Custom("password=hunter2".to_owned())),
                Self::Slow => std::future::pending().await,
                Self::Gated(gate) => {
                    gate.pass().await;
                    Ok(Vec::new())
                }
            }
        }
        .boxed()
    }
}

/// Knows a few credentials, each for one thing that can happen.
struct Credentials(Gate);

impl Authenticate for Credentials {
    fn authenticate<'a>(&'a self, authorization: Option<&'a str>) -> BoxFuture<'a, Result<Viewer, AuthFailure>> {
        async move {
            match authorization {
                None => Ok(Viewer::anonymous()),
                Some("Bearer good") => Ok(Viewer::authenticated("key:good".to_owned(), Scope::ALL.to_vec())),
                Some("Bearer no-database") => Err(AuthFailure::Unavailable),
                Some("Bearer panic") => panic!("secret detail"),
                Some("Bearer slow") => {
                    tokio::time::sleep(Duration::from_millis(600)).await;
                    Ok(Viewer::anonymous())
                }
                Some("Bearer gated") => {
                    self.0.pass().await;
                    Ok(Viewer::anonymous())
                }
                Some("Bearer forever") => std::future::pending().await,
                Some(_) => Err(AuthFailure::Invalid("the credential is not known".to_owned())),
            }
        }
        .boxed()
    }
}

/// A server under test; stops with the test's runtime at the latest.
pub struct TestServer {
    pub address: String,
    pub client: Client,
    pub lifecycle: Lifecycle,
    /// For requests with the credential `gated`.
    pub gate: Gate,
    pub signals: UnboundedSender<&'static str>,
    pub outcome: JoinHandle<Outcome>,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options) -> Self {
        let gate = Gate::default();
        let db = sea_orm::DatabaseConnection::default();
        let executor = Executor::new(db.clone(), options.features);
        let state = AppState {
            authenticator: Arc::new(Credentials(gate.clone())),
            schema: Arc::new(options.schema),
            local_write_key: options.local_write_key.map(Arc::from),
            ..AppState::new(db, executor, None, options.settings)
        };
        let lifecycle = state.lifecycle.clone();
        let app = router(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (sender, signals) = Signals::channel();
        let of_server = lifecycle.clone();
        let outcome =
            tokio::spawn(async move { serve(listener, app, options.connections, &of_server, signals, options.plan).await });
        Self { address, client: client(), lifecycle, gate, signals: sender, outcome }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    /// A POST to the endpoint, without any header that the test does not set.
    pub fn post(&self) -> RequestBuilder {
        self.client.post(format!("http://{}/graphql", self.address))
    }
}

pub fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().expect("a client")
}

/// `path` with `parameters` as its query string.
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish())
}

/// A header of `response`, or nothing.
pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The body of `response` as JSON.
pub async fn json(response: Response) -> Value {
    let text = response.text().await.expect("a body");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Code and message of the only error.
pub async fn only_error(response: Response) -> (String, String) {
    let body = json(response).await;
    assert!(body.get("data").is_none(), "a request error has no data: {body}");
    let [error] = body["errors"].as_array().expect("errors").as_slice() else { panic!("not one error: {body}") };
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}
