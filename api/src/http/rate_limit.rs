//! How many points a client may spend in a minute.
//!
//! The generic cell rate algorithm: points come back evenly, and nobody holds more than a minute's worth. A number per client is all
//! that is kept.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::Quota;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

/// The time in which a whole quota comes back.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// How many clients are remembered, which bounds the memory to tens of megabytes. Beyond, whoever was away longest is forgotten, and
/// starts anew with a full quota.
const MAX_CLIENTS: u64 = 100_000;

/// After the window everybody has a full quota, so that forgetting somebody changes nothing.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2 * WINDOW.as_secs());

/// An IPv6 host can choose any address of its network, which is a /64 (RFC 4291 §2.5.1).
const IPV6_HOST_BITS: u32 = 64;

/// Who spends points.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// Somebody in particular.
    Principal(Arc<str>),
    /// Somebody at this IPv4 address, or in the /64 network that begins with this IPv6 address.
    Address(IpAddr),
}

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> IPV6_HOST_BITS << IPV6_HOST_BITS).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// What a client may still spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Points a client may spend in [`WINDOW`].
    pub quota: u32,
    /// Points left now.
    pub remaining: u32,
    /// Time until the quota is whole again.
    pub whole_in: Duration,
}

/// Why points cannot be spent, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted {
    /// What is left.
    pub standing: Standing,
    /// When there will be enough, if nothing is spent till then; none if never, because more was asked for than the whole quota.
    pub enough_in: Option<Duration>,
}

type Bucket<C> = governor::RateLimiter<NotKeyed, InMemoryState, C, StateInformationMiddleware>;

/// Counts what clients spend.
pub(super) struct RateLimiter<C: Clock = DefaultClock> {
    points: NonZeroU32,
    clock: C,
    buckets: Cache<Client, Arc<Bucket<C>>>,
}

impl RateLimiter {
    /// A limiter that grants each client so many points in [`WINDOW`].
    pub(super) fn new(points: NonZeroU32) -> Self {
        Self::with_clock(points, DefaultClock::default())
    }
}

impl<C: Clock + Clone + Send + Sync + 'static> RateLimiter<C>
where
    C::Instant: Send + Sync,
{
    fn with_clock(points: NonZeroU32, clock: C) -> Self {
        // The default policy favours whom it knows: newcomers to a full cache would not be remembered, and so not be limited.
        let buckets =
            Cache::builder().max_capacity(MAX_CLIENTS).time_to_idle(FORGOTTEN_AFTER).eviction_policy(EvictionPolicy::lru());
        Self { points, clock, buckets: buckets.build() }
    }

    /// Takes `points`, at least one, from what `client` has.
    ///
    /// # Errors
    /// If there are not enough. Then none are taken, but one if there never will be enough.
    pub(super) fn charge(&self, client: &Client, points: u32) -> Result<Standing, Exhausted> {
        let bucket = self.buckets.get_with_by_ref(client, || Arc::new(self.bucket()));
        let wanted = NonZeroU32::new(points).unwrap_or(NonZeroU32::MIN);
        // governor would multiply beyond 64 bits with numbers much larger than the quota.
        let outcome = if wanted > self.points { None } else { bucket.check_n(wanted).ok() };
        match outcome {
            Some(Ok(state)) => Ok(self.standing(state.remaining_burst_capacity())),
            Some(Err(too_early)) => {
                let wait = too_early.wait_time_from(self.clock.now());
                let lacking = wait.as_nanos().div_ceil(self.time_for(1).as_nanos().max(1));
                let remaining = wanted.get().saturating_sub(u32::try_from(lacking).unwrap_or(u32::MAX));
                Err(Exhausted { standing: self.standing(remaining), enough_in: Some(wait) })
            }
            // A point buys the news of how many are left.
            None => {
                let remaining = bucket.check().map_or(0, |state| state.remaining_burst_capacity());
                Err(Exhausted { standing: self.standing(remaining), enough_in: None })
            }
        }
    }

    fn bucket(&self) -> Bucket<C> {
        governor::RateLimiter::direct_with_clock(Quota::per_minute(self.points), self.clock.clone()).with_middleware()
    }

    fn standing(&self, remaining: u32) -> Standing {
        let quota = self.points.get();
        Standing { quota, remaining, whole_in: self.time_for(quota.saturating_sub(remaining)) }
    }

    /// The time in which so many points come back.
    fn time_for(&self, points: u32) -> Duration {
        WINDOW / self.points.get() * points
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(points: u32) -> (RateLimiter<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (RateLimiter::with_clock(NonZeroU32::new(points).unwrap(), clock.clone()), clock)
    }

    fn at(address: &str) -> Client {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn points_come_back_evenly() {
        let (limiter, clock) = limiter(600);
        let client = at("1.2.3.4");
        let standing = |remaining, seconds| Standing { quota: 600, remaining, whole_in: Duration::from_secs(seconds) };
        assert_eq!(limiter.charge(&client, 500), Ok(standing(100, 50)));
        let refused = Exhausted { standing: standing(100, 50), enough_in: Some(Duration::from_secs(5)) };
        assert_eq!(limiter.charge(&client, 150), Err(refused), "and nothing is taken");
        clock.advance(Duration::from_secs(5));
        assert_eq!(limiter.charge(&client, 150), Ok(standing(0, 60)));
        clock.advance(Duration::from_secs(600));
        assert_eq!(limiter.charge(&client, 1), Ok(Standing { quota: 600, remaining: 599, whole_in: Duration::from_millis(100) }));
    }

    #[test]
    fn each_client_has_its_own() {
        let (limiter, _) = limiter(10);
        for client in
            [at("1.2.3.4"), at("1.2.3.5"), at("2001:db8:0:1::1"), at("2001:db8:0:2::1"), Client::Principal("1.2.3.4".into())]
        {
            assert_eq!(limiter.charge(&client, 10).unwrap().remaining, 0);
            assert!(limiter.charge(&client, 1).is_err());
        }
        assert!(limiter.charge(&at("2001:db8:0:1:ffff::2"), 1).is_err(), "the same network");
    }

    #[test]
    fn what_costs_more_than_everything_is_refused_for_ever() {
        for quota in [1, 10, 200_000, u32::MAX - 1] {
            let (limiter, _) = limiter(quota);
            for points in [quota + 1, u32::MAX] {
                assert_eq!(limiter.charge(&at("1.2.3.4"), points).unwrap_err().enough_in, None);
            }
            assert_eq!(limiter.charge(&at("1.2.3.5"), quota).unwrap().remaining, 0);
        }
    }

    #[test]
    fn nothing_costs_one() {
        let (limiter, _) = limiter(2);
        assert_eq!(limiter.charge(&at("::1"), 0).unwrap().remaining, 1);
    }
}
