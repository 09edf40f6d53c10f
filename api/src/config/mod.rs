//! Configuration: one small struct per concern, defaults that run with nothing configured, the environment on top.

pub mod http;
pub mod logs;
