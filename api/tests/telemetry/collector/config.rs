//! The collector's configuration: what of it is modelled. The keys are those of the components' `config.go`.

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::attributes::Attributes;
use super::emf::AwsEmf;
use super::xray::AwsXray;
use crate::Result;

#[derive(Debug)]
pub struct Config {
    pub traces: Vec<Processor>,
    pub metrics: Vec<Processor>,
    pub awsxray: AwsXray,
    pub awsemf: AwsEmf,
}

#[derive(Clone, Debug)]
pub enum Processor {
    MemoryLimiter,
    Filter(Vec<Condition>),
    Attributes(Vec<Insert>),
    ResourceDetection,
    Batch(Duration),
}

/// `span.attributes["key"] == "value"`
#[derive(Clone, Debug)]
pub struct Condition {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    extensions: Value,
    receivers: Value,
    processors: BTreeMap<String, Value>,
    exporters: BTreeMap<String, Value>,
    service: Service,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    extensions: Vec<String>,
    pipelines: BTreeMap<String, Pipeline>,
    telemetry: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pipeline {
    receivers: Vec<String>,
    processors: Vec<String>,
    exporters: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemoryLimiter {
    #[serde(deserialize_with = "duration")]
    check_interval: Duration,
    limit_mib: u32,
    spike_limit_mib: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    error_mode: String,
    trace_conditions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Actions {
    actions: Vec<Insert>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insert {
    key: String,
    action: String,
    from_attribute: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceDetection {
    detectors: Vec<String>,
    #[serde(deserialize_with = "duration")]
    #[expect(dead_code, reason = "nothing is asked over the network")]
    timeout: Duration,
    r#override: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    #[serde(deserialize_with = "duration")]
    timeout: Duration,
    #[serde(default)]
    #[expect(dead_code, reason = "what is sent sooner needs no model")]
    send_batch_size: u32,
}

impl Config {
    pub fn parse(text: &str) -> Result<Self> {
        if text.contains("$$") {
            return Err("the collector would read $$ as $".to_owned());
        }
        let mut file: File = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        let expect = |what: &str, is: Value, expected: Value| {
            if is == expected { Ok(()) } else { Err(format!("{what} is {is}, of which there is no model, and not {expected}")) }
        };
        // What /healthcheck asks, and where the service sends to.
        expect("extensions", file.extensions, json!({"health_check": {"endpoint": "127.0.0.1:13133"}}))?;
        expect("service.extensions", file.service.extensions.into(), json!(["health_check"]))?;
        expect("receivers", file.receivers, json!({"otlp": {"protocols": {"grpc": {"endpoint": "127.0.0.1:4317"}}}}))?;
        expect("exporters", keys(&file.exporters), json!(["awsemf", "awsxray"]))?;
        expect("pipelines", keys(&file.service.pipelines), json!(["metrics", "traces"]))?;
        expect("telemetry", file.service.telemetry, json!({"logs": {"level": "warn"}, "metrics": {"level": "none"}}))?;

        let mut unused: Vec<&String> = file.processors.keys().collect();
        let mut pipelines = BTreeMap::new();
        for (signal, exporter) in [("traces", "awsxray"), ("metrics", "awsemf")] {
            let pipeline = &file.service.pipelines[signal];
            expect("receivers", pipeline.receivers.clone().into(), json!(["otlp"]))?;
            expect("exporters", pipeline.exporters.clone().into(), json!([exporter]))?;
            let processors: Vec<Processor> =
                pipeline.processors.iter().map(|id| Processor::parse(id, &file.processors)).collect::<Result<_>>()?;
            match processors.as_slice() {
                [Processor::MemoryLimiter, between @ .., Processor::Batch(_)]
                    if !between.iter().any(|other| matches!(other, Processor::MemoryLimiter | Processor::Batch(_))) => {}
                _ => return Err(format!("{signal} begins with a memory limiter, ends with a batch, and has one of each")),
            }
            unused.retain(|id| !pipeline.processors.contains(id));
            pipelines.insert(signal, processors);
        }
        if !unused.is_empty() {
            return Err(format!("{unused:?} are in no pipeline"));
        }
        let mut exporter = |id: &str| file.exporters.remove(id).unwrap_or_default();
        Ok(Self {
            awsxray: component("awsxray", exporter("awsxray"))?,
            awsemf: component::<AwsEmf>("awsemf", exporter("awsemf"))?.checked()?,
            traces: pipelines.remove("traces").unwrap_or_default(),
            metrics: pipelines.remove("metrics").unwrap_or_default(),
        })
    }
}

impl Processor {
    fn parse(id: &str, all: &BTreeMap<String, Value>) -> Result<Self> {
        let config = all.get(id).ok_or_else(|| format!("there is no processor {id}"))?.clone();
        match id.split('/').next().unwrap_or(id) {
            "memory_limiter" => {
                let MemoryLimiter { check_interval, limit_mib, spike_limit_mib } = component(id, config)?;
                if check_interval.is_zero() || spike_limit_mib >= limit_mib {
                    return Err(format!("{id} limits nothing"));
                }
                Ok(Self::MemoryLimiter)
            }
            "filter" => {
                let Filter { error_mode, trace_conditions } = component(id, config)?;
                if error_mode != "ignore" {
                    return Err(format!("{id} has error_mode {error_mode}: one bad condition would drop everything"));
                }
                Ok(Self::Filter(trace_conditions.iter().map(|condition| Condition::parse(condition)).collect::<Result<_>>()?))
            }
            "attributes" => {
                let Actions { actions } = component(id, config)?;
                match actions.iter().find(|action| action.action != "insert") {
                    Some(other) => Err(format!("{id} has an action that is not modelled: {}", other.action)),
                    None => Ok(Self::Attributes(actions)),
                }
            }
            "resourcedetection" => {
                let ResourceDetection { detectors, timeout: _, r#override } = component(id, config)?;
                if detectors != ["env", "ecs"] || r#override {
                    return Err(format!("{id} is modelled with the detectors env and ecs, overriding nothing"));
                }
                Ok(Self::ResourceDetection)
            }
            "batch" => Ok(Self::Batch(component::<Batch>(id, config)?.timeout)),
            _ => Err(format!("there is no model of the processor {id}")),
        }
    }

    /// What it does to a span, and whether that stays.
    pub fn keeps_span(&self, attributes: &mut Attributes) -> bool {
        match self {
            Self::Filter(conditions) => !conditions.iter().any(|condition| condition.holds(attributes)),
            Self::Attributes(actions) => {
                for Insert { key, from_attribute, .. } in actions {
                    if let (false, Some(value)) = (attributes.contains_key(key), attributes.get(from_attribute)) {
                        attributes.insert(key.clone(), value.clone());
                    }
                }
                true
            }
            Self::MemoryLimiter | Self::ResourceDetection | Self::Batch(_) => true,
        }
    }

    /// Adds what was detected to the resource. What it has stays.
    pub fn detect(&self, detected: &Attributes, resource: &mut Attributes) {
        if let Self::ResourceDetection = self {
            detected.iter().for_each(|(key, value)| _ = resource.entry(key.clone()).or_insert_with(|| value.clone()));
        }
    }

    /// How long it keeps what it gets, at most.
    pub fn wait(&self) -> Duration {
        if let Self::Batch(timeout) = self { *timeout } else { Duration::ZERO }
    }
}

impl Condition {
    fn parse(text: &str) -> Result<Self> {
        let form = Regex::new(r#"^span\.attributes\["([^"\\]+)"\] == "([^"\\]*)"$"#).map_err(|error| error.to_string())?;
        let [key, value] = form.captures(text).ok_or_else(|| format!("this condition is not modelled: {text}"))?.extract().1;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }

    fn holds(&self, attributes: &Attributes) -> bool {
        attributes.get(&self.key).is_some_and(|value| *value == self.value)
    }
}

fn keys<T>(map: &BTreeMap<String, T>) -> Value {
    map.keys().cloned().collect()
}

fn component<T: DeserializeOwned>(id: &str, config: Value) -> Result<T> {
    serde_json::from_value(config).map_err(|error| format!("{id}: {error}"))
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Duration, D::Error> {
    humantime::parse_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
