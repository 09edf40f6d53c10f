//! How long Lambda lets this go on.

use std::time::{Duration, Instant, SystemTime};

/// When something has to be done.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// When Lambda will end the process, by the wall clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the service's clock rounds for databases, of which there are none here")]
    pub fn at(time: SystemTime) -> Self {
        Self::within(time.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// So long from now.
    #[must_use]
    pub fn within(duration: Duration) -> Self {
        Self(Instant::now() + duration)
    }

    /// So much before this one.
    #[must_use]
    pub fn minus(self, reserve: Duration) -> Self {
        Self(self.0.checked_sub(reserve).unwrap_or(self.0))
    }

    /// This one, or so long from now if that is earlier.
    #[must_use]
    pub fn at_most(self, duration: Duration) -> Self {
        Self(self.0.min(Instant::now() + duration))
    }

    /// How much is left; zero if it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
