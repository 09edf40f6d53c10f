//! Examples of AWS's documentation, and of what it says in words.

use crate::Result;
use crate::cloudwatch::{CloudWatch, Datapoint, MetricRef, Series};

use super::{Query, evaluate};

/// Values by the minute, and `None` for those that are missing.
type Values = Vec<Option<f64>>;

fn metric(name: &str) -> MetricRef {
    MetricRef::new("Taproom", name, [("service.name", "taproom")])
}

fn queries(metrics: &[(&str, &str)]) -> (CloudWatch, Vec<Query>) {
    let mut cloudwatch = CloudWatch::default();
    let mut queries = Vec::new();
    for (id, values) in metrics {
        for (minute, value) in (0..).zip(values.split_whitespace()) {
            if let Ok(value) = value.parse() {
                cloudwatch.put(metric(id), "Count", Datapoint::single(minute * 60_000, value)).unwrap();
            }
        }
        queries.push(Query::metric(id, metric(id), "Sum", 60));
    }
    (cloudwatch, queries)
}

/// What an expression is in the first minutes; `-` is no value.
fn all(metrics: &[(&str, &str)], expression: &str) -> Result<Vec<Values>> {
    let (cloudwatch, mut queries) = queries(metrics);
    let minutes = metrics.iter().map(|(_, values)| values.split_whitespace().count()).max().unwrap_or(3) as u64;
    queries.push(Query::expression("expression", expression));
    let series = evaluate(&queries, "expression", &cloudwatch, &(0..minutes * 60), 60)?;
    let values = |series: &Series| (0..minutes).map(|minute| series.get(&(minute * 60)).copied()).collect();
    Ok(series.iter().map(values).collect())
}

fn one(metrics: &[(&str, &str)], expression: &str) -> String {
    let series = all(metrics, expression).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(series.len(), 1, "{expression} is one series");
    let text = |value: &Option<f64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    series[0].iter().map(text).collect::<Vec<_>>().join(" ")
}

fn error(metrics: &[(&str, &str)], expression: &str) -> String {
    all(metrics, expression).map_or_else(|error| error, |series| panic!("{expression} is {series:?}"))
}

#[test]
fn comparisons_as_in_awss_table() {
    let metrics = [("metric1", "30 20 0 0"), ("metric2", "20 - 20 -")];
    assert_eq!(one(&metrics, "(metric1 < metric2)"), "0 0 1 0");
    assert_eq!(one(&metrics, "(metric1 >= 30)"), "1 0 0 0");
    assert_eq!(one(&metrics, "(metric1 > 15 AND metric2 > 15)"), "1 0 0 0");
    assert_eq!(one(&metrics, "metric1 != 30"), "0 1 1 1");
}

#[test]
fn conditions_as_in_awss_tables() {
    let metrics = [("metric1", "1 1 0 0 -"), ("metric2", "30 - 0 0 30"), ("metric3", "0 0 20 - 20")];
    assert_eq!(one(&metrics, "IF(metric1, metric2, metric3)"), "30 0 20 - -");
    assert_eq!(one(&metrics, "IF(metric1, 5, metric3)"), "5 5 20 - -");
    assert_eq!(one(&metrics, "IF(metric1, metric2, 5)"), "30 0 5 5 -");
    assert_eq!(one(&metrics, "IF(metric2 < 10, metric2)"), "- - 0 0 -");
    assert_eq!(one(&metrics, "IF(0, metric2, metric3)"), "0 0 20 - 20");
    assert_eq!(one(&metrics, "IF(0, metric2)"), "- - - - -");
    assert!(error(&metrics, "IF(METRICS(), 1)").contains("no arrays"));
}

#[test]
fn a_missing_value_is_zero_beside_one_that_is_there() {
    let metrics = [("errors", "1 - - 4"), ("requests", "2 8 - 0")];
    assert_eq!(one(&metrics, "errors + requests"), "3 8 - 4");
    assert_eq!(one(&metrics, "100 * errors / requests"), "50 0 - -", "a division by 0 gives no data point");
    assert_eq!(one(&metrics, "-errors"), "-1 - - -4");
    assert_eq!(one(&metrics, "errors - 1"), "0 - - 3", "beside a number it is missing");
}

#[test]
fn gaps_are_filled_in_the_whole_range() {
    let metrics = [("m1", "- 4 - -"), ("m2", "1 1 1 1"), ("m3", "- - - -")];
    assert_eq!(one(&metrics, "FILL(m1, 0)"), "0 4 0 0");
    assert_eq!(one(&metrics, "FILL(m3, 0)"), "0 0 0 0");
    assert_eq!(one(&metrics, "SUM(FILL(METRICS(), 2))"), "5 7 5 5");
    assert!(error(&metrics, "FILL(m1, REPEAT)").contains("does not take these arguments"));
}

#[test]
fn one_series_becomes_a_number_and_several_become_one() {
    let metrics = [("m1", "1 2 - 6"), ("m2", "3 - - 2")];
    assert_eq!(one(&metrics, "SUM([m1, m2])"), "4 2 - 8");
    assert_eq!(one(&metrics, "MAX([m1, m2])"), "3 2 - 6");
    assert_eq!(one(&metrics, "m1 - MAX(m1)"), "-5 -4 - 0");
    assert_eq!(one(&metrics, "m1 / SUM(METRICS(\"2\"))"), "0.3333333333333333 - - 3");
    assert!(error(&metrics, "SUM(m1)").contains("has to be a time series"));
    assert!(error(&metrics, "MAX([m1, 0])").contains("not of numbers"));
}

#[test]
fn arrays_are_sorted() {
    let metrics = [("m1", "1 1"), ("m2", "3 3"), ("m3", "2 2")];
    let sorted =
        |expression: &str| all(&metrics, expression).unwrap().iter().map(|series| series[0].unwrap()).collect::<Vec<_>>();
    assert_eq!(sorted("SORT(METRICS(), SUM, DESC, 2)"), [3.0, 2.0]);
    assert_eq!(sorted("SORT(METRICS(), MAX, DESC, 9)"), [3.0, 2.0, 1.0]);
    assert!(error(&metrics, "SORT(METRICS(), MAX, ASC, 9)").contains("is not modelled by MAX ASC"));
    assert_eq!(sorted("METRICS()*100"), [100.0, 300.0, 200.0]);
}

#[test]
fn operators_bind_as_usual() {
    let metrics = [("m1", "2")];
    assert_eq!(one(&metrics, "m1 + 2 * 9 - 4 / 2"), "18");
    assert_eq!(one(&metrics, "(m1 + 2) * -3"), "-12");
    assert_eq!(one(&metrics, "m1 - 1 - 1"), "0");
    assert_eq!(one(&metrics, "m1 > 1 AND m1 + 1 < 4"), "1");
}

#[test]
fn a_search_finds_exactly() {
    let mut cloudwatch = CloudWatch::default();
    let environment = ("deployment.environment.name", "test");
    for (name, code, value) in [("graphql.server.errors", "A", 1.0), ("graphql.server.errors", "B", 2.0), ("other", "A", 4.0)] {
        let metric = MetricRef::new("Taproom", name, [("service.name", "taproom"), environment, ("error.type", code)]);
        cloudwatch.put(metric, "Count", Datapoint::single(0, value)).unwrap();
        let metric = MetricRef::new("Taproom", name, [("service.name", "taproom"), environment]);
        cloudwatch.put(metric, "Count", Datapoint::single(0, 10.0 * value)).unwrap();
    }
    let found = |terms: &str| {
        let expression = format!("SEARCH('{terms}', 'Sum', 60)");
        let series = evaluate(&[Query::expression("e1", &expression)], "e1", &cloudwatch, &(0..60), 60)?;
        Result::Ok(series.iter().map(|series| series[&0]).collect::<Vec<_>>())
    };
    let schema = r#"{Taproom,"error.type","service.name","deployment.environment.name"}"#;
    assert_eq!(found(&format!(r#"{schema} MetricName="graphql.server.errors""#)).unwrap(), [1.0, 2.0]);
    assert_eq!(found(&format!(r#"{schema} MetricName="graphql.server.errors" NOT "error.type"="A""#)).unwrap(), [2.0]);
    assert_eq!(found(&format!(r#"{schema} "A" OR "B""#)).unwrap(), [1.0, 2.0, 4.0]);
    assert_eq!(found(r#"Namespace="Taproom" AND (MetricName="other" OR "B")"#).unwrap(), [2.0, 4.0, 40.0]);
    assert!(found(r#"{Taproom,error.type} "A""#).unwrap_err().contains("double quotes"));
    assert!(found(&format!("{schema} errors")).unwrap_err().contains("only exact terms"));
}

#[test]
fn what_makes_no_sense_is_an_error() {
    let metrics = [("m1", "1")];
    let cases = [
        ("MEDIAN(m1)", "no function"),
        ("SUM(m1, m1)", "these arguments"),
        ("m1 +", "missing at the end"),
        ("m1 m1", "too much"),
        ("(m1", "not )"),
        ("m2", "there is no m2"),
        ("expression + 1", "asks for itself"),
        ("METRICS() > 1", "arrays cannot be compared"),
        ("SEARCH('\"A\"', 'Mean', 60)", "no statistic"),
        ("m1 % 2", "'%' means nothing"),
    ];
    for (expression, expected) in cases {
        let error = error(&metrics, expression);
        assert!(error.contains(expected), "{expression}: {error}");
    }
    let (cloudwatch, mut queries) = queries(&metrics);
    queries.push(Query::metric("m5", metric("m1"), "Sum", 300));
    queries.push(Query::expression("e1", "m1 + m5"));
    assert!(evaluate(&queries, "e1", &cloudwatch, &(0..600), 60).unwrap_err().contains("have to have the same"));
    queries.push(Query::expression("E2", "m1"));
    assert!(evaluate(&queries, "e1", &cloudwatch, &(0..600), 60).unwrap_err().contains("small letter"));
}
