//! A model of Secrets Manager: two of its actions. It takes any signature.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What there is.
#[derive(Default)]
pub struct Model {
    /// By ARN: what it says the next times; the last stays.
    pub values: BTreeMap<String, VecDeque<String>>,
    /// So many requests are refused for now.
    pub denied: usize,
    /// Every action that was asked for.
    pub asked: Vec<String>,
}

pub struct SecretsManager {
    /// For `AWS_ENDPOINT_URL`.
    pub endpoint: String,
    model: Arc<Mutex<Model>>,
    server: JoinHandle<()>,
}

impl SecretsManager {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let model = Arc::new(Mutex::new(Model::default()));
        let routes = Router::new().fallback(answer).with_state(model.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { endpoint, model, server }
    }

    pub fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap()
    }
}

impl Drop for SecretsManager {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(model): State<Arc<Mutex<Model>>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let secret = request["SecretId"].as_str().unwrap().to_owned();
    let mut model = model.lock().unwrap();
    model.asked.push(target.to_owned());
    let answer = if model.denied > 0 {
        model.denied -= 1;
        Err("AccessDeniedException")
    } else {
        match target {
            "secretsmanager.GetSecretValue" => model.get(&secret),
            "secretsmanager.PutSecretValue" => {
                model.values.insert(secret, [request["SecretString"].as_str().unwrap().to_owned()].into());
                Ok(json!({}))
            }
            _ => panic!("{target} is not modelled"),
        }
    };
    let json = [(CONTENT_TYPE, "application/x-amz-json-1.1")];
    match answer {
        Ok(answer) => (json, answer.to_string()).into_response(),
        Err(name) => (StatusCode::BAD_REQUEST, json, json!({ "__type": name, "message": name }).to_string()).into_response(),
    }
}

impl Model {
    fn get(&mut self, secret: &str) -> Result<Value, &'static str> {
        let values = self.values.get_mut(secret).ok_or("ResourceNotFoundException")?;
        let value = if values.len() > 1 { values.pop_front() } else { values.front().cloned() };
        Ok(json!({ "ARN": secret, "SecretString": value.unwrap() }))
    }
}
