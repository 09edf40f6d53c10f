//! How many operations are executed at a time. One more is refused at once: it would only make all of them slower.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::graphql_response::Refusal;
use crate::graphql::error::ErrorCode;

/// The places for operations; cheap to clone.
#[derive(Clone, Debug)]
pub struct LoadShed(Arc<Semaphore>);

impl LoadShed {
    /// Places for `max_concurrency` operations at a time.
    #[must_use]
    pub fn new(max_concurrency: u32) -> Self {
        Self(Arc::new(Semaphore::new(usize::try_from(max_concurrency).unwrap_or(Semaphore::MAX_PERMITS))))
    }

    /// Whether there is a place now. A body is worth reading only then; while it arrives, which is up to the client, it takes none.
    ///
    /// # Errors
    /// [`ErrorCode::Overloaded`] if all are taken.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.0.available_permits() == 0 { Err(overloaded()) } else { Ok(()) }
    }

    /// Takes a place until the permit is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::Overloaded`] if all are taken.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| overloaded())
    }
}

fn overloaded() -> Refusal {
    Refusal::new(ErrorCode::Overloaded, "the server has more to do than it can at the moment; try again later")
}
