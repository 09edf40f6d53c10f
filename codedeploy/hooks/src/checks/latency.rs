//! The candidate is about as fast as the version before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::operations::ask;
use super::{Context, patiently};
use crate::deadline::Deadline;
use crate::operations::{BEERS, Request};
use crate::service::Service;
use crate::verdict::Outcome;

/// Enough for all rounds of a service that is well.
const TIME: Duration = Duration::from_secs(60);

/// Both are asked in turns, so that whatever slows down the network or the database slows down both.
pub async fn check(context: Arc<Context>) -> Outcome {
    if let Err(reason) = context.blue().await {
        return Outcome::Skipped(reason);
    }
    match measure(&context).await {
        Err(outcome) => outcome,
        Ok((candidate, before)) => {
            let (ratio, slack) = (context.config.latency_ratio, context.config.latency_slack);
            let bound = before.mul_f64(ratio).max(before + slack);
            let [is, was, may] = [candidate, before, bound].map(|duration| duration.as_secs_f64() * 1e3);
            let seen = format!("p95 {is:.0} ms, of the version before {was:.0} ms, so that {may:.0} ms are allowed");
            if candidate <= bound { Outcome::Passed(seen) } else { Outcome::failed(format!("the candidate is too slow: {seen}")) }
        }
    }
}

/// The 95th percentiles of the candidate and of the version before.
async fn measure(context: &Context) -> Result<(Duration, Duration), Outcome> {
    let (candidate, blue) = (&context.candidate, &context.production);
    let mine = |error| Outcome::failed(format!("the candidate fails while it is measured: {error}"));
    let its = |error| Outcome::Skipped(format!("the version before fails, so there is nothing to compare with: {error}"));
    // Each with a beer that it finds itself.
    let beers = Request::new(&BEERS, json!({}));
    let green_beers = ask(candidate, &beers).await.map_err(mine)?;
    let blue_beers = patiently(|| ask(blue, &beers)).await.map_err(its)?;
    let pairs: Vec<_> = Request::all(&green_beers).into_iter().zip(Request::all(&blue_beers)).collect();

    let deadline = Deadline::within(TIME);
    let (mut green, mut before) = (Vec::new(), Vec::new());
    // The first round fills caches, and is not counted.
    'rounds: for round in 0..=context.config.latency_rounds {
        for (at, (to_green, to_blue)) in pairs.iter().enumerate() {
            // Whoever comes second finds the database's pages warm: that is each of them half of the time.
            let (one, other) = if (round as usize + at).is_multiple_of(2) {
                let one = timed_or_again(candidate, to_green).await.map_err(mine)?;
                (one, patiently(|| timed(blue, to_blue)).await.map_err(its)?)
            } else {
                let other = patiently(|| timed(blue, to_blue)).await.map_err(its)?;
                (timed_or_again(candidate, to_green).await.map_err(mine)?, other)
            };
            if round > 0 {
                green.push(one);
                before.push(other);
                if deadline.remaining().is_zero() {
                    break 'rounds;
                }
            }
        }
    }
    Ok((p95(green), p95(before)))
}

/// Faults are judged by the check `operations`: one of a load balancer's must not end the measurement.
async fn timed_or_again(service: &Service, request: &Request) -> Result<Duration, String> {
    match timed(service, request).await {
        Ok(duration) => Ok(duration),
        Err(_) => timed(service, request).await,
    }
}

async fn timed(service: &Service, request: &Request) -> Result<Duration, String> {
    let started = Instant::now();
    ask(service, request).await?;
    Ok(started.elapsed())
}

/// By the nearest rank. There are some.
fn p95(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    let rank = (durations.len() * 95).div_ceil(100).max(1);
    durations.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank() {
        let milliseconds = |numbers: std::ops::RangeInclusive<u64>| numbers.map(Duration::from_millis).collect::<Vec<_>>();
        assert_eq!(p95(milliseconds(1..=100)), Duration::from_millis(95));
        assert_eq!(p95(milliseconds(1..=20)), Duration::from_millis(19));
        assert_eq!(p95(milliseconds(7..=7)), Duration::from_millis(7));
    }
}
