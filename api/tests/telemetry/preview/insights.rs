//! Logs Insights, as far as our boards' queries take it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A query's answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    pub query: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

type Line = BTreeMap<String, Value>;

/// The first `rows` of what the query finds in these lines.
pub fn answer(query: &str, log: &[Value], rows: usize) -> Answer {
    let mut lines: Vec<Line> = log.iter().map(line).collect();
    let mut columns = Vec::new();
    // Pipes with spaces around them: those of regular expressions have none.
    for command in Regex::new(r"\s\|\s").unwrap().split(query) {
        let words = words(command);
        let mut words = Words { words: &words };
        match words.next() {
            "SOURCE" => {}
            "filter" => {
                let mut kept = Vec::new();
                for line in lines {
                    let mut words = Words { words: words.words };
                    if words.either(&line) {
                        kept.push(line);
                    }
                    assert!(words.words.is_empty(), "{command}: {:?}", words.words);
                }
                lines = kept;
            }
            "fields" => columns = words.list(),
            "stats" => (columns, lines) = words.stats(&lines),
            "sort" => {
                let field = words.next();
                let descending = words.next() == "desc";
                lines.sort_by(|one, other| {
                    let value = |line: &Line| line.get(field).cloned().unwrap_or_default();
                    let order = compare(&value(one), &value(other));
                    if descending { order.reverse() } else { order }
                });
            }
            "limit" => lines.truncate(words.next().parse().unwrap()),
            other => panic!("{other} is not modelled"),
        }
    }
    let text = |line: &Line, column: &String| match line.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.as_f64().map_or_else(String::new, super::text::number),
        Some(other) => other.to_string(),
    };
    let rows = lines.iter().take(rows).map(|line| columns.iter().map(|column| text(line, column)).collect()).collect();
    Answer { query: query.to_owned(), columns, rows }
}

fn line(line: &Value) -> Line {
    let mut line: Line = line.as_object().map(|line| line.clone().into_iter().collect()).unwrap_or_default();
    // To the millisecond, as there.
    let timestamp =
        line.get("timestamp").and_then(Value::as_str).unwrap_or_default().get(..23).unwrap_or_default().replace('T', " ");
    line.insert("@timestamp".to_owned(), timestamp.into());
    line
}

fn words(text: &str) -> Vec<&str> {
    let word = Regex::new(r#""[^"]*"|'[^']*'|/[^/]*/|[@A-Za-z_][\w.]*|\d+|>=|[^\s]"#).unwrap();
    word.find_iter(text).map(|word| word.as_str()).collect()
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64().unwrap().total_cmp(&other.as_f64().unwrap()),
        _ => one.as_str().cmp(&other.as_str()),
    }
}

struct Words<'a> {
    words: &'a [&'a str],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> &'a str {
        let (first, rest) = self.words.split_first().expect("another word");
        self.words = rest;
        first
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.first() == Some(&word);
        if there {
            self.next();
        }
        there
    }

    /// Until the end or `by`, separated by commas.
    fn list(&mut self) -> Vec<String> {
        let mut list = vec![self.next().to_owned()];
        while self.take(",") {
            list.push(self.next().to_owned());
        }
        list
    }

    fn either(&mut self, line: &Line) -> bool {
        let mut is_true = self.both(line);
        while self.take("or") {
            is_true |= self.both(line);
        }
        is_true
    }

    fn both(&mut self, line: &Line) -> bool {
        let mut is_true = self.condition(line);
        while self.take("and") {
            is_true &= self.condition(line);
        }
        is_true
    }

    fn condition(&mut self, line: &Line) -> bool {
        if self.take("(") {
            let is_true = self.either(line);
            assert!(self.take(")"));
            return is_true;
        }
        let field = self.next();
        if field == "ispresent" {
            let (open, field, close) = (self.next(), self.next(), self.next());
            assert_eq!((open, close), ("(", ")"));
            return line.get(field).is_some_and(|value| !value.is_null());
        }
        let value = line.get(field);
        let number = value.and_then(Value::as_f64);
        let text = value.and_then(Value::as_str);
        match (self.next(), self.next()) {
            ("=", wanted) => text == Some(wanted.trim_matches('"')),
            (">=", wanted) => number.is_some_and(|number| number >= wanted.parse().unwrap()),
            ("like", pattern) => {
                assert!(
                    pattern.chars().all(|char| char.is_ascii_alphanumeric() || "/|_".contains(char)),
                    "{pattern} is not modelled"
                );
                text.is_some_and(|text| pattern.trim_matches('/').split('|').any(|part| text.contains(part)))
            }
            ("in", "[") => {
                let list = self.list();
                assert!(self.take("]"));
                list.iter().any(|wanted| number == Some(wanted.parse().unwrap()))
            }
            other => panic!("{other:?} is not modelled"),
        }
    }

    /// `function(field, …) as name, … by field, …`
    fn stats(&mut self, lines: &[Line]) -> (Vec<String>, Vec<Line>) {
        let mut functions = Vec::new();
        loop {
            let function = self.next();
            assert!(self.take("("));
            let arguments = self.list();
            assert!(self.take(")") && self.take("as"));
            functions.push((function, arguments, self.next().to_owned()));
            if !self.take(",") {
                break;
            }
        }
        assert!(self.take("by"));
        let by = self.list();
        let mut groups: BTreeMap<Vec<String>, Vec<&Line>> = BTreeMap::new();
        for line in lines {
            groups
                .entry(by.iter().map(|field| line.get(field).unwrap_or(&Value::Null).to_string()).collect())
                .or_default()
                .push(line);
        }
        let columns = functions.iter().map(|(.., name)| name.clone()).chain(by.clone()).collect();
        let rows = groups.into_values().map(|lines| {
            let mut row: Line = by.iter().filter_map(|field| Some((field.clone(), lines[0].get(field)?.clone()))).collect();
            for (function, arguments, name) in &functions {
                row.insert(name.clone(), reduce(function, arguments, &lines));
            }
            row
        });
        (columns, rows.collect())
    }
}

fn reduce(function: &str, arguments: &[String], lines: &[&Line]) -> Value {
    let mut values: Vec<Value> = lines.iter().filter_map(|line| line.get(&arguments[0]).cloned()).collect();
    values.sort_by(compare);
    match function {
        "count" => lines.len().into(),
        "earliest" => values.first().cloned().unwrap_or_default(),
        "latest" => values.last().cloned().unwrap_or_default(),
        "pct" => {
            let share = arguments[1].parse::<f64>().unwrap() / 100.0;
            values.get((share * values.len() as f64).ceil() as usize - 1).cloned().unwrap_or_default()
        }
        other => panic!("{other} is not modelled"),
    }
}

#[test]
fn a_query_is_answered_as_its_language_says() {
    let line = |code: Option<&str>, ms: u64| serde_json::json!({ "message": "request", "error_codes": code, "duration_ms": ms, "status": 200 });
    let log = [line(Some("A_LIMIT"), 1), line(None, 9), line(Some("B"), 5), line(Some("A_LIMIT"), 3)];
    let rows = |query: &str| answer(query, &log, 3).rows;
    assert_eq!(
        rows("SOURCE 'x' | filter message = \"request\" | fields duration_ms | sort duration_ms desc | limit 2"),
        [["9"], ["5"]]
    );
    let refused = "filter (error_codes like /A_|C/ or status in [401, 403]) and ispresent(error_codes)";
    let stats = "stats count(*) as requests, pct(duration_ms, 95) as p95 by error_codes";
    assert_eq!(rows(&format!("{refused} | {stats}")), [["2", "3", "A_LIMIT"]]);
    assert_eq!(rows(&format!("filter status >= 200 | {stats} | sort requests desc")).len(), 3);
}
