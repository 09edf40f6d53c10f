pub mod import;
mod progress;
pub mod seed;
