//! SeaORM entities of the catalogue, one file a table.
//!
//! Keys are UUIDv7 ([RFC 9562 §5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)): ordered by time of creation, so that
//! inserts land at the end of an index. Timestamps are UTC with microseconds, the most both databases keep.

pub mod api_key;
pub mod beer;
pub mod brewery;
pub mod idempotency_record;
pub mod review;
pub mod search_document;
pub mod style;
