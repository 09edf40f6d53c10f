//! What happens when something breaks: nothing that was acknowledged is lost or done twice, and everybody is told what to do.

mod abandoned;
mod disk_full;
mod ledger;
mod outage;
mod overload;
mod restart;
mod trace_id;

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// Waits for something that happens sooner or later, on a machine however busy.
async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Status, `Retry-After` and the codes of the errors, such as `503 1 OVERLOADED`.
async fn summary(response: Response) -> String {
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").map_or("-", |value| value.to_str().unwrap()).to_owned();
    let body: Value = response.json().await.unwrap();
    let codes = body["errors"].as_array().into_iter().flatten();
    let codes: Vec<_> = codes.map(|error| error["extensions"]["code"].as_str().unwrap()).collect();
    format!("{status} {retry_after} {}", codes.join(" "))
}
