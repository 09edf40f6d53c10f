//! Twenty minutes of the service's life, in which a new version fails: real programs, a real database, and the model of what is behind them.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use taproom::auth::{Scope, api_key};
use taproom::catalog::seed;
use taproom::{clock, database};
use tokio::time::sleep;

use super::recording::{self, Recording};
use super::shop::{OPERATIONS, Phase, Shop};
use crate::cloudwatch::CloudWatch;
use crate::collector::Collector;
use crate::receiver::Receiver;
use crate::service::Service;
use crate::support::patient;
use crate::support::postgres::own_server;

const MINUTE: u64 = 60;
/// For how long the nightly job keeps everybody from beers at a time, and how often.
const LOCKED: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes 21 minutes; renews docs/dashboards/recording.json"]
async fn record() {
    let (_server, url) = own_server().await.expect("the recording needs PostgreSQL: see CONTRIBUTING.md");
    let db = database::connect(&patient(&url)).await.unwrap();
    let transaction = database::begin(&db).await.unwrap();
    seed::sample(&transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let key = api_key::create(&db, "visitors", &[Scope::ReviewsWrite]).await.unwrap().key.expose_secret().to_owned();
    let receiver = Receiver::start().await;

    // Periods begin with the minute, and so does the recording.
    sleep(Duration::from_secs(MINUTE - clock::now().timestamp().cast_unsigned() % MINUTE)).await;
    let start = clock::now().timestamp().cast_unsigned();
    let log = live(&receiver, &url, &db, &key).await;
    let end = clock::now().timestamp().cast_unsigned();

    let collector = Collector::load().unwrap();
    let mut cloudwatch = CloudWatch::default();
    for arrival in receiver.take().metrics {
        collector.metrics(&arrival.request, &mut cloudwatch).unwrap();
    }
    Recording::new(start, end, &cloudwatch, &log).save(&recording::path());
}

/// Returns what the tasks logged.
async fn live(receiver: &Receiver, url: &str, db: &DatabaseConnection, key: &str) -> Vec<Value> {
    let blue = task(receiver, url, "blue", "41", "5000").await;
    let mut shop = Shop::open(&blue.address, key).await;
    let alone = |minutes, scraper| Phase { seconds: minutes * MINUTE, blue: &blue.address, green: None, scraper };
    shop.run(alone(2, false)).await;
    shop.run(alone(2, true)).await;
    shop.run(alone(1, false)).await;

    // The new version waits less for locks: what nobody notices until something takes some.
    let green = task(receiver, url, "green", "42", "100").await;
    sleep(Duration::from_secs(MINUTE / 2)).await;
    let both = |minutes| Phase { seconds: minutes * MINUTE, blue: &blue.address, green: Some(&green.address), scraper: false };
    shop.run(both(3)).await;
    let job = tokio::spawn(nightly_job(db.clone()));
    shop.run(both(6)).await;
    let mut log = green.stop().await;
    shop.run(alone(2, false)).await;
    job.abort();
    shop.run(alone(3, false)).await;
    shop.close().await;
    log.extend(blue.stop().await);
    log
}

async fn task(receiver: &Receiver, url: &str, slot: &str, deployment: &str, lock_timeout: &str) -> Service {
    let environment = [
        ("OTEL_METRIC_EXPORT_INTERVAL", "10000"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.05"),
        ("TAPROOM_DATABASE_LOCK_TIMEOUT", lock_timeout),
        ("TAPROOM_DATABASE_POOL_SIZE", "5"),
        ("TAPROOM_DATABASE_URL", url),
        ("TAPROOM_DEPLOYMENT", deployment),
        ("TAPROOM_ENVIRONMENT", recording::ENVIRONMENT),
        ("TAPROOM_METRIC_OPERATIONS", OPERATIONS),
        ("TAPROOM_PROFILE", "production"),
        ("TAPROOM_RATE_LIMIT", "20000"),
        ("TAPROOM_SLOT", slot),
        ("TAPROOM_TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    Service::start(receiver, &environment).await
}

async fn nightly_job(db: DatabaseConnection) {
    loop {
        let transaction = database::begin(&db).await.unwrap();
        transaction.execute_unprepared("LOCK TABLE beer IN ACCESS EXCLUSIVE MODE").await.unwrap();
        sleep(LOCKED).await;
        transaction.rollback().await.unwrap();
        sleep(EVERY - LOCKED).await;
    }
}
