//! How many operations are executed at a time, and how much memory their bodies take. One more is refused at once: it would only make all of them slower.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::graphql_response::Refusal;
use crate::graphql::error::ErrorCode;

/// So many bodies of the largest size may be in memory at a time, or more that are smaller. Those that are still arriving take no place,
/// and each connection may have one, over HTTP/2 a hundred.
const LARGEST_BODIES: usize = 32;

/// The places for operations, and the memory for their bodies; cheap to clone.
#[derive(Clone, Debug)]
pub struct LoadShed {
    places: Arc<Semaphore>,
    /// A permit is a byte.
    memory: Arc<Semaphore>,
}

impl LoadShed {
    /// Places for `max_concurrency` operations at a time, with bodies of at most `max_body_bytes`.
    #[must_use]
    pub fn new(max_concurrency: u32, max_body_bytes: usize) -> Self {
        let places = usize::try_from(max_concurrency).unwrap_or(Semaphore::MAX_PERMITS);
        let memory = max_body_bytes.saturating_mul(LARGEST_BODIES).min(Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(places)), memory: Arc::new(Semaphore::new(memory)) }
    }

    /// Memory for some more bytes of a body, until the permit is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::Overloaded`] if it is used up.
    pub fn memory(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let bytes = u32::try_from(bytes).map_err(|_| overloaded())?;
        Arc::clone(&self.memory).try_acquire_many_owned(bytes).map_err(|_| overloaded())
    }

    /// Whether there is a place now. A body is worth reading only then; while it arrives, which is up to the client, it takes none.
    ///
    /// # Errors
    /// [`ErrorCode::Overloaded`] if all are taken.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.places.available_permits() == 0 { Err(overloaded()) } else { Ok(()) }
    }

    /// Takes a place until the permit is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::Overloaded`] if all are taken.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| overloaded())
    }
}

fn overloaded() -> Refusal {
    Refusal::new(ErrorCode::Overloaded, "the server has more to do than it can at the moment; try again later")
}
