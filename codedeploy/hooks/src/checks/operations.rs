//! What clients ask is answered without a fault.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Context, patiently};
use crate::operations::{BEER, BEERS, Request};
use crate::service::Service;
use crate::verdict::Outcome;

/// How often each operation is asked: a share of faults does not show at once.
const ROUNDS: usize = 5;
/// So many wrong answers of all may be the load balancer's: it says 502 for a connection that is just being closed.
const TOLERATED: usize = 1;

pub async fn check(context: Arc<Context>) -> Outcome {
    // By fresh connections, or one task would answer them all.
    let service = &context.fresh;
    // There may be beers, and may be none.
    let data = ask(service, &Request::new(&BEERS, json!({}))).await.unwrap_or_default();
    let requests = Request::all(&data);
    let mut wrong = Vec::new();
    for request in (0..ROUNDS).flat_map(|_| &requests) {
        if let Err(error) = ask(service, request).await
            && !(request.name == BEER.name && another_beer(service).await)
        {
            wrong.push(error);
        }
    }
    let names: Vec<_> = requests.iter().map(|request| request.name).collect();
    let (asked, has_beers) = (ROUNDS * requests.len(), names.contains(&BEER.name));
    if wrong.len() > TOLERATED {
        return Outcome::Failed(summary(&wrong, asked));
    }
    if !has_beers && blue_has_beers(&context).await {
        return Outcome::failed("the candidate finds no beers, but the version before does: is it another database?");
    }
    let left_out = if has_beers { "" } else { "; the catalogue has no beer to ask for" };
    let tolerated = wrong.pop().map(|wrong| format!("; one answer of {asked} was wrong: {wrong}")).unwrap_or_default();
    Outcome::Passed(format!("{}{left_out}{tolerated}", names.join(", ")))
}

/// A sentence for each thing that was wrong, the likes of it counted.
fn summary(wrong: &[String], asked: usize) -> Vec<String> {
    let mut kinds = BTreeMap::<&str, usize>::new();
    for sentence in wrong {
        *kinds.entry(sentence).or_default() += 1;
    }
    kinds.into_iter().map(|(sentence, times)| format!("{times} of {asked} times, {sentence}")).collect()
}

/// Whether the version before, if there is one, has beers to ask for.
async fn blue_has_beers(context: &Context) -> bool {
    if context.blue().await.is_err() {
        return false;
    }
    let beers = Request::new(&BEERS, json!({}));
    let data = patiently(|| ask(&context.production, &beers)).await.unwrap_or_default();
    Request::all(&data).iter().any(|request| request.name == BEER.name)
}

/// Whether another beer is found where one was not: somebody may have deleted it in between.
async fn another_beer(service: &Service) -> bool {
    let Ok(data) = ask(service, &Request::new(&BEERS, json!({}))).await else { return false };
    let Some(request) = Request::all(&data).pop().filter(|request| request.name == BEER.name) else { return true };
    ask(service, &request).await.is_ok()
}

/// The data of an answer without any fault; the error is a sentence.
///
/// # Errors
/// Anything is wrong with the answer.
pub async fn ask(service: &Service, request: &Request) -> Result<Value, String> {
    let answer = service.graphql(&request.body).await.map_err(|error| format!("{}: {error}", request.name))?;
    answer.data().map_err(|wrong| format!("the answer to {} {wrong}", request.name))
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn the_same_fault_is_told_once() {
        let wrong = ["Beers: nobody answers", "Search has null", "Beers: nobody answers"].map(str::to_owned);
        assert_eq!(summary(&wrong, 30), ["2 of 30 times, Beers: nobody answers", "1 of 30 times, Search has null"]);
    }
}
