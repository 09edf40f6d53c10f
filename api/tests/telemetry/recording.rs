//! What the program told while it had traffic of every kind, once for all tests.

use std::sync::LazyLock;

use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use serde_json::Value;

use crate::cloudwatch::CloudWatch;
use crate::collector::{Collector, Segment};
use crate::receiver::Received;
use crate::traffic;

/// What became of one start of the program.
pub struct Run {
    pub name: &'static str,
    pub received: Received,
    pub log: Vec<Value>,
    /// Requests but probes.
    pub sent: usize,
}

pub struct Recording {
    pub runs: Vec<Run>,
    /// What was sent and is nobody else's business: variables, literals, keys.
    pub secrets: Vec<String>,
}

/// The one recording of this process. A runtime of its own makes it, so that tests need none.
pub fn recording() -> &'static Recording {
    static RECORDING: LazyLock<Recording> = LazyLock::new(|| {
        let record = || tokio::runtime::Runtime::new().unwrap().block_on(traffic::record());
        std::thread::spawn(record).join().unwrap_or_else(|_| panic!("the traffic failed, see above"))
    });
    &RECORDING
}

impl Recording {
    /// The run of this name, if there is what it needs.
    pub fn find(&self, name: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.name == name)
    }

    pub fn run(&self, name: &str) -> &Run {
        self.find(name).unwrap_or_else(|| panic!("there is no run {name}"))
    }

    pub fn log(&self) -> impl Iterator<Item = &Value> {
        self.runs.iter().flat_map(|run| &run.log)
    }

    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.runs.iter().flat_map(Run::metrics)
    }

    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.runs.iter().flat_map(Run::spans)
    }

    /// What CloudWatch would have of all runs.
    pub fn cloudwatch(&self) -> &'static CloudWatch {
        static CLOUDWATCH: LazyLock<CloudWatch> = LazyLock::new(|| {
            let mut cloudwatch = CloudWatch::default();
            recording().runs.iter().for_each(|run| run.put_into(&mut cloudwatch));
            cloudwatch
        });
        &CLOUDWATCH
    }
}

impl Run {
    /// Puts its metrics, as the collector would.
    pub fn put_into(&self, cloudwatch: &mut CloudWatch) {
        for arrival in &self.received.metrics {
            collector().metrics(&arrival.request, cloudwatch).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
    }

    /// What X-Ray would have of it.
    pub fn segments(&self) -> Vec<Segment> {
        let all = self.received.traces.iter().map(|arrival| collector().segments(&arrival.request).unwrap());
        all.flatten().collect()
    }

    pub fn resource_metrics(&self) -> impl Iterator<Item = &ResourceMetrics> {
        self.received.metrics.iter().flat_map(|arrival| &arrival.request.resource_metrics)
    }

    pub fn resource_spans(&self) -> impl Iterator<Item = &ResourceSpans> {
        self.received.traces.iter().flat_map(|arrival| &arrival.request.resource_spans)
    }

    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.resource_metrics().flat_map(|resource| &resource.scope_metrics).flat_map(|scope| &scope.metrics)
    }

    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.resource_spans().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans)
    }
}

fn collector() -> &'static Collector {
    static COLLECTOR: LazyLock<Collector> = LazyLock::new(|| Collector::load().unwrap());
    &COLLECTOR
}
