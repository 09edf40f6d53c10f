//! Configuration: one small struct a concern, each an argument group of the command line with environment variables beside it.
//!
//! Everything has a default with which Taproom runs on a fresh machine. Where both are given, the command line wins.

mod http;
mod logs;

pub use http::HttpConfig;
pub use logs::{LogConfig, LogFormat};
