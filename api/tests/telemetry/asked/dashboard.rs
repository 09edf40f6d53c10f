//! CloudWatch's dashboards: [their body](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).

use std::collections::BTreeMap;

use serde_json::Value;

use super::template;
use crate::Result;
use crate::cloudwatch::MetricRef;
use crate::metric_math::{Query, Source};

pub const FILES: [&str; 2] = ["dashboards/ops.json", "dashboards/deploy.json"];

/// A widget, as far as it asks for something.
#[derive(Debug)]
pub struct Widget {
    pub title: String,
    pub queries: Vec<Query>,
    /// Ids and periods of what is drawn.
    pub drawn: Vec<(String, u64)>,
    /// Labels and values of lines.
    pub lines: Vec<(String, f64)>,
    /// Of Logs Insights.
    pub log_query: Option<String>,
}

/// A file of [`FILES`], as JSON.
pub fn load(file: &str) -> Result<Value> {
    let text = template::render(&super::read(file)?, &[])?;
    serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))
}

/// The widgets that are no text.
pub fn widgets(dashboard: &Value) -> Result<Vec<Widget>> {
    let widgets = dashboard["widgets"].as_array().ok_or("a dashboard has no widgets")?;
    let asking = widgets.iter().filter(|widget| widget["type"] != "text");
    asking.map(|widget| Widget::parse(&widget["properties"])).collect()
}

impl Widget {
    fn parse(properties: &Value) -> Result<Self> {
        let title = properties["title"].as_str().ok_or_else(|| format!("a widget has no title: {properties:.200}"))?.to_owned();
        let wrong = |error: String| format!("“{title}”: {error}");
        let mut widget =
            Self { title: title.clone(), queries: Vec::new(), drawn: Vec::new(), lines: Vec::new(), log_query: None };
        for (at, line) in list(&properties["metrics"]).iter().enumerate() {
            let (query, period, is_drawn) = query(line, at, properties).map_err(wrong)?;
            if is_drawn {
                widget.drawn.push((query.id.clone(), period));
            }
            widget.queries.push(query);
        }
        for line in list(&properties["annotations"]["horizontal"]) {
            let value = line["value"].as_f64().ok_or_else(|| wrong(format!("a line has no value: {line}")))?;
            widget.lines.push((line["label"].as_str().unwrap_or_default().to_owned(), value));
        }
        widget.log_query = properties["query"].as_str().map(str::to_owned);
        Ok(widget)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A line of `metrics`, its period, and whether it is drawn.
fn query(line: &Value, at: usize, widget: &Value) -> Result<(Query, u64, bool)> {
    let mut words = list(line);
    let options = words.last().filter(|last| last.is_object()).unwrap_or(&Value::Null);
    if options.is_object() {
        words = &words[..words.len() - 1];
    }
    let id = options["id"].as_str().map_or_else(|| format!("line{at}"), str::to_owned);
    let option = |key: &str| Some(&options[key]).filter(|value| !value.is_null()).unwrap_or(&widget[key]).clone();
    let period = option("period").as_u64().ok_or_else(|| format!("{line} has no period"))?;
    let source = if let Some(expression) = options["expression"].as_str() {
        Source::Expression(expression.to_owned())
    } else {
        let statistic = option("stat").as_str().ok_or_else(|| format!("{line} has no statistic"))?.to_owned();
        Source::Metric { metric: metric(words)?, statistic, period }
    };
    Ok((Query { id, source }, period, options["visible"] != false))
}

/// Namespace, name, and pairs of dimensions, all written out.
fn metric(words: &[Value]) -> Result<MetricRef> {
    let words: Vec<&str> =
        words.iter().map(|word| word.as_str().ok_or_else(|| format!("{word} is no text"))).collect::<Result<_>>()?;
    if let Some(short) = words.iter().find(|word| [".", "..."].contains(word)) {
        return Err(format!("{short:?} stands for what the line above has: write it out"));
    }
    let [namespace, name, dimensions @ ..] = words.as_slice() else { return Err(format!("{words:?} is no metric")) };
    let (pairs, rest) = dimensions.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(format!("{name} has a dimension without a value: {words:?}"));
    }
    let dimensions: BTreeMap<_, _> = pairs.iter().map(|[key, value]| ((*key).to_owned(), (*value).to_owned())).collect();
    Ok(MetricRef { namespace: (*namespace).to_owned(), name: (*name).to_owned(), dimensions })
}
