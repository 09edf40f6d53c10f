//! Clients that write without a pause, retry what was not acknowledged under the same key, and keep book.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Client;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{summary, until};
use crate::support::app::TestApp;

const REVIEW: &str = "mutation ($input: CreateReviewInput!) { written: createReview(input: $input) { errors { code } } }";
const BEER: &str = "mutation ($input: CreateBeerInput!) { written: createBeer(input: $input) { errors { code } } }";

/// What the clients write to, and as whom.
#[derive(Clone)]
pub struct Target {
    pub key: String,
    brewery: Value,
    beer: Value,
}

impl Target {
    /// A brewery and a beer of it in `db`.
    pub async fn prepare(db: &DatabaseConnection) -> Self {
        let app = TestApp::over(db.clone(), Default::default()).await;
        let key = app.writer().await;
        let brewery = app.done(&key, "createBrewery", json!({ "name": "Orval" })).await["id"].take();
        let beer = app.done(&key, "createBeer", json!({ "breweryId": brewery, "name": "Orval" })).await["id"].take();
        Self { key, brewery, beer }
    }

    /// A review or a beer that bears its idempotency key, so that the database tells what became of it.
    fn request(&self, kind: usize, key: &str) -> Value {
        let (document, input) = if kind.is_multiple_of(2) {
            (REVIEW, json!({ "beerId": self.beer, "author": "Ada", "rating": 4, "body": key, "idempotencyKey": key }))
        } else {
            (BEER, json!({ "breweryId": self.brewery, "name": key, "idempotencyKey": key }))
        };
        json!({ "query": document, "variables": { "input": input } })
    }
}

/// The clients at work.
pub struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

struct Shared {
    target: Target,
    /// Where the service is at the moment.
    url: Mutex<String>,
    stopping: AtomicBool,
    keys: Mutex<Vec<String>>,
    retried: AtomicUsize,
    /// How often each answer came that acknowledges nothing.
    failures: Mutex<BTreeMap<String, usize>>,
}

impl Load {
    /// Starts so many clients.
    pub fn start(target: &Target, url: &str, clients: usize) -> Self {
        let shared = Arc::new(Shared {
            target: target.clone(),
            url: Mutex::new(url.to_owned()),
            stopping: AtomicBool::new(false),
            keys: Mutex::default(),
            retried: AtomicUsize::new(0),
            failures: Mutex::default(),
        });
        let clients = (0..clients).map(|kind| tokio::spawn(shared.clone().write(kind))).collect();
        Self { shared, clients }
    }

    /// From now on the service is there.
    pub fn move_to(&self, url: &str) {
        url.clone_into(&mut self.shared.url.lock().unwrap());
    }

    /// Waits until so many more writes are acknowledged.
    pub async fn acknowledged(&self, more: usize) {
        let goal = self.shared.keys.lock().unwrap().len() + more;
        until("enough is acknowledged", async || self.shared.keys.lock().unwrap().len() >= goal).await;
    }

    /// How many answers did not acknowledge anything.
    pub fn failed(&self) -> usize {
        self.shared.failures.lock().unwrap().values().sum()
    }

    /// Stops the clients, each once its last write is acknowledged, and compares what they were told with what is in `db`. Returns how many
    /// writes were acknowledged, and the other answers.
    pub async fn settle(self, what: &str, db: &DatabaseConnection) -> (usize, BTreeMap<String, usize>) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let finished = futures_util::future::join_all(self.clients);
        for client in tokio::time::timeout(Duration::from_secs(60), finished).await.expect("every write is acknowledged at last")
        {
            client.unwrap();
        }
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for sql in
            ["SELECT body FROM review", "SELECT name FROM beer WHERE name <> 'Orval'", "SELECT key FROM idempotency_record"]
        {
            for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap() {
                *rows.entry(row.try_get_by_index(0).unwrap()).or_default() += 1;
            }
        }
        let keys = std::mem::take(&mut *self.shared.keys.lock().unwrap());
        let failures = self.shared.failures.lock().unwrap().clone();
        // Each key belongs to one row and one idempotency record.
        let found = |key: &String| rows.get(key).copied().unwrap_or_default();
        let lost = keys.iter().filter(|key| found(key) < 2).count();
        let doubled = rows.values().filter(|&&count| count > 2).count();
        let unasked = rows.len().abs_diff(keys.len());
        let retried = self.shared.retried.load(Ordering::Relaxed);
        let tally = format!(
            "{what}: acknowledged {}, retried {retried}, failed {failures:?}, lost {lost}, doubled {doubled}, never acknowledged {unasked}",
            keys.len()
        );
        eprintln!("{tally}");
        assert_eq!((lost, doubled, unasked), (0, 0, 0), "{tally}");
        (keys.len(), failures)
    }
}

impl Shared {
    async fn write(self: Arc<Self>, kind: usize) {
        let client = crate::http_support::client();
        while !self.stopping.load(Ordering::Relaxed) {
            let key = Uuid::now_v7().to_string();
            let request = self.target.request(kind, &key);
            let mut attempts = 1;
            while let Err(failure) = self.attempt(&client, &request).await {
                *self.failures.lock().unwrap().entry(failure).or_default() += 1;
                if attempts == 1 {
                    self.retried.fetch_add(1, Ordering::Relaxed);
                }
                attempts += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            self.keys.lock().unwrap().push(key);
        }
    }

    /// # Errors
    /// What came instead of an acknowledgement.
    async fn attempt(&self, client: &Client, request: &Value) -> Result<(), String> {
        let url = format!("{}/graphql", self.url.lock().unwrap());
        let sent = client.post(url).bearer_auth(&self.target.key).json(request).send().await;
        let response = sent.map_err(|error| if error.is_connect() { "refused".to_owned() } else { "cut".to_owned() })?;
        if !response.status().is_success() {
            return Err(summary(response).await);
        }
        let body: Value = response.json().await.map_err(|_| "cut".to_owned())?;
        match body["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => Err(format!("200 {code}")),
            None => {
                assert_eq!(body["data"]["written"]["errors"], json!([]), "{body:#}");
                Ok(())
            }
        }
    }
}
