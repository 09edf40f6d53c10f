//! The one place that reads the clock.

use chrono::{DateTime, SubsecRound, Utc};

/// The current time, to the microsecond: PostgreSQL stores no more, and a value must read back as it was written.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is what the others are to call")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
