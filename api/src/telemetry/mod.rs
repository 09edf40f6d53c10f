//! What the service tells of itself.

pub mod logs;
