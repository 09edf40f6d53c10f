//! A board: its widgets, laid out as CloudWatch does on a grid of 24 columns.

use std::ops::Range;

use chrono::DateTime;
use plotters::prelude::*;
use serde_json::{Value, json};

use super::canvas::{Area, BACKGROUND, FRAME, GREY, INK, fill, font, write};
use super::recording::{ENVIRONMENT, Recording};
use super::{graph, history, panels, series, text};
use crate::asked::dashboard::{self, Widget};
use crate::asked::{read, template};
use crate::cloudwatch::CloudWatch;

const COLUMN: u64 = 50;
const ROW: u64 = 44;
const GAP: i32 = 4;
/// For the caption.
const HEAD: u64 = 64;
pub const TITLE: i32 = 30;

/// What widgets are drawn of.
pub struct Source<'a> {
    pub recording: &'a Recording,
    pub cloudwatch: CloudWatch,
}

/// The SVG of `dashboards/{name}.json`.
pub fn draw(name: &str, recording: &Recording) -> String {
    let widgets = widgets(name);
    let number = |widget: &Value, key: &str| widget[key].as_u64().unwrap();
    let rows = widgets.iter().map(|widget| number(widget, "y") + number(widget, "height")).max().unwrap();

    let mut cloudwatch = CloudWatch::default();
    for (metric, unit, datapoints) in recording.metrics() {
        for datapoint in datapoints {
            cloudwatch.put(metric.clone(), unit, datapoint).unwrap();
        }
    }
    let source = Source { recording, cloudwatch };
    let size = (24 * COLUMN, HEAD + rows * ROW);
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (size.0 as u32, size.1 as u32)).into_drawing_area();
        root.fill(&BACKGROUND).unwrap();
        caption(&root, &format!("dashboards/{name}.json"), &recording.range);
        for widget in &widgets {
            let (x, y) = (number(widget, "x") * COLUMN, HEAD + number(widget, "y") * ROW);
            let (width, height) = (number(widget, "width") * COLUMN, number(widget, "height") * ROW);
            let area = root.clone().shrink((x as i32 + GAP, y as i32 + GAP), (width as i32 - 2 * GAP, height as i32 - 2 * GAP));
            draw_widget(&area, widget, &source);
        }
        root.present().unwrap();
    }
    svg
}

fn widgets(name: &str) -> Vec<Value> {
    let body = read(&format!("dashboards/{name}.json")).unwrap().replace("${environment}", ENVIRONMENT);
    let mut body: Value = serde_json::from_str(&template::render(&body, &[]).unwrap()).unwrap();
    serde_json::from_value(body["widgets"].take()).unwrap()
}

/// Those of Logs Insights.
pub fn log_queries() -> Vec<String> {
    let queries = ["ops", "deploy"].into_iter().flat_map(widgets).map(|widget| widget["properties"]["query"].clone());
    queries.filter_map(|query| query.as_str().map(str::to_owned)).collect()
}

fn caption(root: &Area, file: &str, Range { start, end }: &Range<u64>) {
    let minutes = (end - start) / 60;
    let first = format!(
        "{file}, drawn of {minutes} minutes that were recorded of the real service: {} to {} UTC.",
        time(*start, "%-d %B %Y, %H:%M"),
        time(*end, "%H:%M")
    );
    let second = "Grey: not recorded (metrics of AWS's own). Longer ranges that a widget asks for are cut to what was recorded. See docs/dashboards/README.md.";
    write(root, &first, &font(15.0, true, INK), (12, 22));
    write(root, second, &font(12.0, false, GREY), (12, 46));
}

fn draw_widget(area: &Area, widget: &Value, source: &Source) {
    let (width, height) = (area.dim_in_pixel().0 as i32, area.dim_in_pixel().1 as i32);
    fill(area, (0, 0), (width, height), WHITE);
    area.draw(&Rectangle::new([(0, 0), (width, height)], FRAME)).unwrap();
    let properties = &widget["properties"];
    if widget["type"] == "text" {
        return panels::words(area, properties["markdown"].as_str().unwrap());
    }
    let title = properties["title"].as_str().unwrap();
    let room = f64::from(width - 20);
    if 1.08 * text::width(title, 13.0) <= room {
        write(area, title, &font(13.0, true, INK), (10, 16));
    } else {
        for (line, y) in text::wrap(title, 11.5, room).iter().zip([12, 26]) {
            write(area, line, &font(11.0, true, INK), (10, y));
        }
    }
    if widget["type"] == "alarm" {
        return panels::alarms(area, &history::states(source.recording));
    }
    if widget["type"] == "log" {
        let query = properties["query"].as_str().unwrap();
        return panels::log(area, query, source.recording.answers.iter().find(|answer| answer.query == query));
    }
    let parsed: Widget = dashboard::widgets(&json!({ "widgets": [widget] })).unwrap().remove(0);
    let is_number = properties["view"] == "singleValue";
    // CloudWatch takes one period for all of the range; a day has all that was recorded.
    let recorded = &source.recording.range;
    let longest = parsed.drawn.iter().map(|(_, period)| *period).max().unwrap();
    let range = recorded.start / longest * longest..recorded.end;
    let mut lines = series::lines(&parsed, properties, source.recording, &source.cloudwatch, &range);
    if lines.iter().any(|line| line.series.is_some()) {
        lines.iter_mut().filter(|line| line.series.is_none()).for_each(|line| line.label += ": not recorded");
    }
    if is_number {
        panels::number(area, &lines);
    } else {
        let foreign: Vec<_> = series::foreign(&parsed.queries).into_iter().collect();
        graph::draw(area, properties, &lines, &range, &foreign.join(", "));
    }
}

pub fn time(seconds: u64, format: &str) -> String {
    DateTime::from_timestamp(seconds.cast_signed(), 0).unwrap().format(format).to_string()
}
