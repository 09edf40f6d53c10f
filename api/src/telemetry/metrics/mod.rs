//! Metrics: what is counted, and the only place where a metric can be made ([`registry`]).

mod attribute;
pub mod attributes;
mod instrument;
mod pipeline;
mod registry;

pub use attribute::{Attribute, AttributeDefinition, AttributeSet, Values};
pub use instrument::{Counter, Definition, Gauge, Histogram, Kind, ObservableGauge};
pub(super) use pipeline::pipeline;
pub use registry::{Metrics, definitions, metrics};
