//! What the service tells of itself.

pub mod logs;
pub mod trace_id;
