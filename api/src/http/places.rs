//! The places that connections take, and who gets one when all are taken.

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connections::Connections;

/// The places of a listener.
pub(super) struct Places {
    ordinary: Arc<Semaphore>,
    for_loopback: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// A permit for each connection that waits while no idle one is on its way out for it. Idle ones queue for them, so that only as many
    /// leave as must, and those first that have been idle longest.
    wishes: Semaphore,
}

/// What a new connection gets.
pub(super) enum Admission {
    /// A place.
    Place(Place),
    /// The right to wait for one.
    Wait(Arc<Places>, OwnedSemaphorePermit),
}

/// A connection's place, until it is dropped.
pub(super) struct Place {
    /// None if it is one that nobody waits for.
    places: Option<Arc<Places>>,
    is_wanted: bool,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(limits: &Connections) -> Arc<Self> {
        let semaphore =
            |permits: u32| Arc::new(Semaphore::new(usize::try_from(permits).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)));
        Arc::new(Self {
            ordinary: semaphore(limits.max_connections),
            for_loopback: semaphore(limits.reserved_for_loopback),
            waiting: semaphore(limits.max_waiting),
            wishes: Semaphore::new(0),
        })
    }

    /// What a connection from `peer` gets; nothing if even those that wait are too many.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Admission> {
        if let Ok(permit) = self.ordinary.clone().try_acquire_owned() {
            return Some(Admission::Place(Place::new(Some(self.clone()), permit)));
        }
        if peer.to_canonical().is_loopback()
            && let Ok(permit) = self.for_loopback.clone().try_acquire_owned()
        {
            return Some(Admission::Place(Place::new(None, permit)));
        }
        let ticket = self.waiting.clone().try_acquire_owned().ok()?;
        Some(Admission::Wait(self.clone(), ticket))
    }
}

impl Admission {
    /// Waits for the place.
    pub(super) async fn place(self) -> Option<Place> {
        match self {
            Self::Place(place) => Some(place),
            Self::Wait(places, _ticket) => {
                let mut turn = pin!(places.ordinary.clone().acquire_owned());
                // It has to stand in line before it is wished for: else the place could go to a newcomer, and the wish with it.
                let now = poll_fn(|cx| Poll::Ready(turn.as_mut().poll(cx))).await;
                let permit = match now {
                    Poll::Ready(permit) => permit,
                    Poll::Pending => {
                        places.wishes.add_permits(1);
                        turn.await
                    }
                };
                // The semaphore is never closed, so there always comes one.
                permit.ok().map(|permit| Place::new(Some(places), permit))
            }
        }
    }
}

impl Place {
    fn new(places: Option<Arc<Places>>, permit: OwnedSemaphorePermit) -> Self {
        Self { places, is_wanted: false, _permit: permit }
    }

    /// Waits until another connection wants this place. The caller has to leave then.
    pub(super) async fn wanted(&mut self) {
        match &self.places {
            Some(places) => {
                if let Ok(wish) = places.wishes.acquire().await {
                    wish.forget();
                    self.is_wanted = true;
                }
            }
            None => std::future::pending().await,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It goes to whoever waits, for whom then nobody else need leave.
        if let Some(places) = self.places.as_ref().filter(|_| !self.is_wanted)
            && let Ok(wish) = places.wishes.try_acquire()
        {
            wish.forget();
        }
    }
}
