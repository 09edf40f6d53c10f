//! Where a request's time goes, on a fixed catalogue in SQLite: the stages of one query, and whole requests through the router in
//! process. `cargo bench`; to compare with the figures of another commit see
//! <https://criterion-rs.github.io/book/user_guide/command_line_options.html#baselines>.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::{hint::black_box, time::Duration};

use async_graphql::{Request, parser::parse_query};
use axum::{Router, body::Body, http};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use migration::MigratorTrait as _;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use taproom::{
    auth::{Scope, Viewer, api_key},
    catalog::{progress::Silent, seed::generate},
    config::DatabaseConfig,
    database,
    graphql::{Executor, Features, GraphqlRequest, schema},
    http::{AppState, router, settings::Settings},
};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BEERS: u64 = 2_000;

const TWENTY_BEERS: &str = "{ beers(first: 20) { nodes { id name abv brewery { name city } style { name } } } }";
const TEN_BREWERIES: &str = "{ breweries(first: 10) { nodes { name beers(first: 5) { nodes { name style { name } } } } } }";
const SEARCH: &str =
    r#"{ search(query: "amber fox", first: 10) { nodes { __typename ... on Beer { name } ... on Brewery { name } } } }"#;
const REVIEW: &str = "mutation ($input: CreateReviewInput!) { createReview(input: $input) { review { id } } }";

/// The service in this process.
struct Service {
    runtime: Runtime,
    executor: Executor,
    router: Router,
    /// May write reviews.
    key: String,
    _folder: tempfile::TempDir,
}

impl Service {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
        let (db, key) = runtime.block_on(async {
            let db = database::connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
            migration::Migrator::up(&db, None).await.unwrap();
            generate(&db, BEERS, &Silent).await.unwrap();
            let key = api_key::create(&db, "bench", &[Scope::ReviewsWrite]).await.unwrap();
            (db, key.key.expose_secret().to_owned())
        });
        let executor = Executor::new(db.clone(), Features::default());
        let router = router(AppState::new(db, executor.clone(), None, Settings::default()));
        Self { runtime, executor, router, key, _folder: folder }
    }

    /// Sends a request as the network would, a mutation with the key, and reads the answer to its end.
    async fn request(&self, body: &str) -> Vec<u8> {
        let mut request = http::Request::post("/graphql").header("content-type", "application/json");
        if body.contains("mutation") {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().into()
    }

    /// The `data` of an answer without errors.
    fn data(&self, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut response: Value = serde_json::from_slice(&self.runtime.block_on(self.request(&body))).unwrap();
        assert!(response.get("errors").is_none(), "{response:#}");
        response["data"].take()
    }

    fn measure(&self, group: &mut BenchmarkGroup<'_, WallTime>, name: &str, query: &str, variables: &Value) {
        self.data(query, variables);
        let body = json!({ "query": query, "variables": variables }).to_string();
        group.bench_function(name, |bencher| bencher.to_async(&self.runtime).iter(|| self.request(&body)));
    }
}

/// 20 beers with brewery and style, step by step. Validation has no door of its own: it is what an operation without a resolver
/// takes beyond parsing.
fn stages(criterion: &mut Criterion) {
    let service = Service::start();
    let mut group = criterion.benchmark_group("stage");
    group.bench_function("parse", |bencher| bencher.iter(|| parse_query(black_box(TWENTY_BEERS)).unwrap()));

    // `@skip` leaves nothing to execute; everything is validated all the same.
    let skipped = TWENTY_BEERS.replacen("(first: 20)", "(first: 20) @skip(if: true)", 1);
    let bare = schema(Features::default()).finish();
    group.bench_function("parse and validate", |bencher| {
        bencher.to_async(&service.runtime).iter(|| bare.execute(Request::new(&skipped)));
    });

    let execute = || async {
        let request = GraphqlRequest::new(TWENTY_BEERS);
        let prepared = service.executor.prepare(request, &Viewer::anonymous()).unwrap();
        service.executor.execute(prepared, Viewer::anonymous()).await
    };
    group.bench_function("parse, validate and execute", |bencher| bencher.to_async(&service.runtime).iter(execute));

    let response = service.runtime.block_on(execute());
    assert!(response.is_ok());
    group.bench_function("serialise", |bencher| bencher.iter(|| serde_json::to_vec(black_box(&response)).unwrap()));
}

fn requests(criterion: &mut Criterion) {
    let service = Service::start();
    let mut group = criterion.benchmark_group("request");
    let none = json!({});
    let id = service.data("{ beers(first: 1) { nodes { id } } }", &none)["beers"]["nodes"][0]["id"].take();
    service.measure(&mut group, "__typename", "{ __typename }", &none);
    service.measure(
        &mut group,
        "one beer",
        "query ($id: ID!) { beer(id: $id) { name brewery { name } style { name } } }",
        &json!({ "id": id }),
    );
    service.measure(&mut group, "20 beers with brewery and style", TWENTY_BEERS, &none);
    service.measure(&mut group, "10 breweries with 5 beers with style", TEN_BREWERIES, &none);
    service.measure(&mut group, "search", SEARCH, &none);

    service.measure(&mut group, "mutation", REVIEW, &json!({ "input": { "beerId": id, "author": "bench", "rating": 4 } }));
}

criterion_group! {
    name = request_path;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4)).sample_size(50);
    targets = stages, requests
}
criterion_main!(request_path);
