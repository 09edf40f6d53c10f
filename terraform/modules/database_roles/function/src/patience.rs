//! A database that starts, a secret that is being rotated, a permission that IAM has not spread yet: later it works.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::failure::Failure;

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(2);
/// Kept for the answer to Lambda.
const MARGIN: Duration = Duration::from_secs(2);

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub struct Patience(Instant);

impl Patience {
    /// Until shortly before Lambda ends the process, by the wall clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the service's clock rounds for databases, which have no part in this")]
    pub fn until(deadline: SystemTime) -> Self {
        let left = deadline.duration_since(SystemTime::now()).unwrap_or_default();
        Self(Instant::now() + left.saturating_sub(MARGIN))
    }

    /// Tries until it works, until it cannot work, or until time is up.
    ///
    /// # Errors
    /// What was wrong the last time.
    pub async fn have<T>(self, attempt: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut last = Failure::OutOfTime;
        loop {
            match tokio::time::timeout_at(self.0, attempt()).await {
                Err(_) => return Err(last),
                Ok(Err(failure)) if failure.may_pass() => {
                    tracing::warn!(%failure, "trying again");
                    last = failure;
                }
                Ok(result) => return result,
            }
            if Instant::now() + PAUSE >= self.0 {
                return Err(last);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
