//! When loaders run: as soon as the request can do nothing else.
//!
//! The stock [`DataLoader`](async_graphql::dataloader::DataLoader) waits a fixed time for more keys, which is too long for a fast
//! database and may still split a batch. Here the request's own task polls the execution until nothing in it can go on, then runs
//! what its loaders have queued: by then every resolver of a level has asked for what it needs, and the batch is complete. Loads run
//! in the request's task, so they end with it and see its task-local values.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use async_graphql::runtime::Timer;
use futures_util::{
    Stream,
    future::{BoxFuture, poll_fn, ready},
    stream::FuturesUnordered,
    task::{FutureObj, Spawn, SpawnError},
};
use tracing::Instrument as _;

/// The loads that one request's resolvers have asked for and that do not run yet.
#[derive(Clone, Default)]
pub(super) struct Queue(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Queue {
    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Queue {
    fn spawn_obj(&self, load: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        // Its spans belong to the execution that asks for it.
        let load = FutureObj::new(Box::new(load.in_current_span()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(load);
        Ok(())
    }
}

/// Waits for nothing: the queue decides when a load runs.
pub(super) struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}

/// Drives `execution` to its end, and the loads that it queues whenever it stalls.
pub(super) async fn drive<T>(queue: &Queue, execution: impl Future<Output = T>) -> T {
    let mut execution = pin!(execution);
    let mut running = FuturesUnordered::new();
    poll_fn(|context| {
        loop {
            if let Poll::Ready(output) = execution.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            running.extend(queue.take());
            // A load that has ended may have what the execution waits for.
            match pin!(&mut running).poll_next(context) {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}
