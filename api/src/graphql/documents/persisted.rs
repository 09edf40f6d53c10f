//! Automatic persisted queries: documents that clients register by sending them once with their hash.

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

/// What an entry takes beside its text: its key, and the cache's own records of it, estimated.
const ENTRY_BYTES: usize = 512;

/// Documents by the SHA-256 of their texts, as many as fit.
#[derive(Clone, Debug)]
pub(super) struct PersistedQueries {
    cache: Cache<String, Arc<str>>,
    max_document_bytes: u64,
}

impl PersistedQueries {
    /// A store of `bytes` for documents of at most `max_document_bytes`.
    pub fn new(bytes: u64, max_document_bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, text: &Arc<str>| u32::try_from(text.len() + ENTRY_BYTES).unwrap_or(u32::MAX))
            // moka's default, TinyLFU, does not admit what has been asked for less often than what it would replace. After a flood, a
            // new document would be registered and missed again each time; so the newest always gets in.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { cache, max_document_bytes }
    }

    pub fn get(&self, hash: &str) -> Option<Arc<str>> {
        self.cache.get(hash)
    }

    pub fn insert(&self, hash: String, text: String) {
        if text.len() as u64 <= self.max_document_bytes {
            self.cache.insert(hash, text.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTRY_BYTES, PersistedQueries};

    #[test]
    fn a_flood_neither_grows_it_nor_keeps_new_ones_out() {
        let capacity = 10 * (ENTRY_BYTES + 100) as u64;
        let store = PersistedQueries::new(capacity, 1_000);
        for number in 0..1_000 {
            store.insert(number.to_string(), "x".repeat(100));
            assert!(store.get(&number.to_string()).is_some());
        }
        store.cache.run_pending_tasks();
        assert!(store.cache.weighted_size() <= capacity);
        let kept = (0..1_000).filter(|number| store.get(&number.to_string()).is_some());
        assert_eq!(kept.collect::<Vec<_>>(), (990..1_000).collect::<Vec<_>>(), "the latest");

        store.insert("long".to_owned(), "x".repeat(1_001));
        assert!(store.get("long").is_none());
    }
}
