//! Attributes as OTLP has them, as JSON, and as labels.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use serde_json::Value;

use crate::Result;

pub type Attributes = BTreeMap<String, Value>;

pub fn resource(resource: Option<&Resource>) -> Result<Attributes> {
    resource.map_or_else(|| Ok(Attributes::new()), |resource| of(&resource.attributes))
}

pub fn of(attributes: &[KeyValue]) -> Result<Attributes> {
    let mut all = Attributes::new();
    for KeyValue { key, value, .. } in attributes {
        if all.insert(key.clone(), json(value.as_ref())?).is_some() {
            return Err(format!("{key} is there twice"));
        }
    }
    Ok(all)
}

fn json(value: Option<&AnyValue>) -> Result<Value> {
    Ok(match value.and_then(|value| value.value.as_ref()) {
        None => Value::Null,
        Some(any_value::Value::StringValue(text)) => text.as_str().into(),
        Some(any_value::Value::BoolValue(value)) => (*value).into(),
        Some(any_value::Value::IntValue(value)) => (*value).into(),
        Some(any_value::Value::DoubleValue(value)) => (*value).into(),
        Some(any_value::Value::ArrayValue(array)) => array.values.iter().map(|value| json(Some(value))).collect::<Result<_>>()?,
        Some(other) => return Err(format!("an attribute's value of this type is not modelled: {other:?}")),
    })
}

/// As `pcommon.Value.AsString` writes it.
pub fn label(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
