//! Graphs over time.

use std::ops::Range;

use plotters::chart::DualCoordChartContext;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde_json::Value;

use super::board::{TITLE, time};
use super::canvas::{
    Area, FRAME, GREY, GRID, INK, PALETTE, color, fill, font, readable, write, write_centered, write_to_the_left,
};
use super::series::Line;
use super::text;
use crate::cloudwatch::Series;

const MARGIN: i32 = 48;
/// Of the words of lines across.
const MARK: f64 = 10.5;
/// The same words in white around them.
const HALO: [(i32, i32); 8] = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];

type Plane = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A graph under way. Times are minutes since the range's start.
struct Graph<'a, 'b> {
    chart: DualCoordChartContext<'a, SVGBackend<'b>, Plane, Plane>,
    start: u64,
    minutes: f64,
    left: Range<f64>,
    right: Range<f64>,
}

pub fn draw(area: &Area, properties: &Value, lines: &[Line], range: &Range<u64>, foreign: &str) {
    let (width, height) = (area.dim_in_pixel().0 as i32, area.dim_in_pixel().1 as i32);
    let (places, size, legend_height) = legend(lines, width);
    let has_right = properties["yAxis"]["right"].is_object();
    let (top, bottom) = (TITLE + 20, height - legend_height);
    let plot = area.clone().shrink((0, top), (width, bottom - top));
    let colors = colors(lines);
    let mut graph = Graph::new(&plot, properties, lines, range);
    graph.axes(has_right);
    if properties["stacked"] == true {
        graph.stack(lines, &colors);
    } else {
        for (line, color) in lines.iter().zip(&colors) {
            graph.line(line, *color);
        }
    }
    graph.marks(marks(properties));

    let style = font(11.0, false, GREY);
    let unit = |side: &str| properties["yAxis"][side]["label"].as_str().unwrap_or_default();
    write(area, unit("left"), &style, (10, TITLE + 6));
    write_to_the_left(area, unit("right"), &style, (width - 10, TITLE + 6));
    let middle = (MARGIN + width - right_margin(has_right)) / 2;
    if let Some(words) = note(lines, foreign) {
        write_centered(area, &words, &font(13.0, false, GREY), (middle, (top + bottom) / 2 - 12));
    }
    for ((line, color), (x, y)) in lines.iter().zip(&colors).zip(places) {
        let y = bottom + y + 6;
        let (color, ink) = if line.series.is_some() { (*color, INK) } else { (FRAME, GREY) };
        fill(area, (x, y - 5), (x + 10, y + 5), color);
        write(area, &text::fit(&line.label, size, f64::from(width - 36)), &font(size, false, ink), (x + 14, y));
    }
}

/// Why a graph is empty.
fn note(lines: &[Line], foreign: &str) -> Option<String> {
    if lines.iter().all(|line| line.series.as_ref().is_some_and(Series::is_empty)) {
        Some("Recorded, but there was none".to_owned())
    } else if lines.iter().all(|line| line.series.is_none()) {
        Some(format!("{foreign}: not recorded"))
    } else {
        None
    }
}

fn marks(properties: &Value) -> &[Value] {
    properties["annotations"]["horizontal"].as_array().map_or(&[], Vec::as_slice)
}

fn right_margin(has_right: bool) -> i32 {
    if has_right { MARGIN } else { 18 }
}

/// Where the legend's labels are, how large, and how high all of it is.
fn legend(lines: &[Line], width: i32) -> (Vec<(i32, i32)>, f64, i32) {
    let of_size = |size: f64, row: i32| {
        let places = places(lines, width, size, row);
        let height = places.last().map_or(0, |(_, y)| y + row) + 6;
        (places, size, height)
    };
    let usual = of_size(11.0, 16);
    if usual.2 <= 3 * 16 + 6 { usual } else { of_size(9.5, 13) }
}

/// As many beside one another as fit.
fn places(lines: &[Line], width: i32, size: f64, row: i32) -> Vec<(i32, i32)> {
    let (mut x, mut y) = (12, 0);
    let place = |line: &Line| {
        let wide = text::width(&line.label, size) as i32 + 26;
        if x > 12 && x + wide > width {
            (x, y) = (12, y + row);
        }
        x += wide;
        (x - wide, y)
    };
    lines.iter().map(place).collect()
}

/// Those without a color of their own get one that no other has.
fn colors(lines: &[Line]) -> Vec<RGBColor> {
    let taken: Vec<RGBColor> = lines.iter().filter_map(|line| line.color.as_deref().map(color)).collect();
    let mut next = PALETTE.into_iter().filter(|color| !taken.contains(color)).cycle();
    lines.iter().map(|line| line.color.as_deref().map_or_else(|| next.next().unwrap(), color)).collect()
}

/// How high it goes: for a stack, sums.
fn values<'a>(lines: impl Iterator<Item = &'a Line>, stacked: bool) -> Vec<f64> {
    let series: Vec<&Series> = lines.filter_map(|line| line.series.as_ref()).collect();
    if stacked {
        let sum = |time| series.iter().filter_map(|series| series.get(time)).sum();
        series.iter().flat_map(|series| series.keys()).map(sum).collect()
    } else {
        series.iter().flat_map(|series| series.values().copied()).collect()
    }
}

fn axis(options: &Value, values: &[f64]) -> Range<f64> {
    let least = options["min"].as_f64().unwrap_or_else(|| 1.1 * values.iter().copied().fold(0.0, f64::min));
    let most = values.iter().copied().fold(least, f64::max);
    let above = if most > least { most + 0.15 * (most - least) } else { least + 1.0 };
    least..options["max"].as_f64().unwrap_or(above)
}

impl<'a, 'b> Graph<'a, 'b> {
    fn new(plot: &'a Area<'b>, properties: &Value, lines: &[Line], range: &Range<u64>) -> Self {
        let has_right = properties["yAxis"]["right"].is_object();
        let side = |side: &str| {
            let is_right = side == "right";
            let of_side = lines.iter().filter(|line| line.right == is_right);
            let mut values = values(of_side, properties["stacked"] == true);
            let marks = marks(properties).iter().filter(|mark| (mark["yAxis"] == "right") == is_right);
            values.extend(marks.filter_map(|mark| mark["value"].as_f64()));
            axis(&properties["yAxis"][side], &values)
        };
        let (left, right) = (side("left"), side("right"));
        let minutes = (range.end - range.start) as f64 / 60.0;
        let chart = ChartBuilder::on(plot)
            .x_label_area_size(24)
            .y_label_area_size(MARGIN)
            .right_y_label_area_size(if has_right { MARGIN } else { 0 })
            .margin_right(if has_right { 0 } else { right_margin(false) })
            .build_cartesian_2d(0.0..minutes, left.clone())
            .unwrap()
            .set_secondary_coord(0.0..minutes, right.clone());
        Self { chart, start: range.start, minutes, left, right }
    }

    fn axes(&mut self, has_right: bool) {
        let start = self.start;
        let clock = |minutes: &f64| time(start + (minutes * 60.0).round() as u64, "%H:%M");
        let number = |value: &f64| text::number(*value);
        let mut mesh = self.chart.configure_mesh();
        mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(GRID).axis_style(FRAME);
        mesh.x_labels(6).y_labels(5).label_style(font(10.5, false, GREY)).x_label_formatter(&clock).y_label_formatter(&number);
        mesh.draw().unwrap();
        if has_right {
            let mut axes = self.chart.configure_secondary_axes();
            axes.axis_style(FRAME).y_labels(5).label_style(font(10.5, false, GREY)).y_label_formatter(&number).draw().unwrap();
        }
    }

    fn minute(&self, time: u64) -> f64 {
        time.saturating_sub(self.start) as f64 / 60.0
    }

    /// Where a period has no value, there is a gap.
    fn line(&mut self, line: &Line, color: RGBColor) {
        let Some(series) = &line.series else { return };
        let range = if line.right { self.right.clone() } else { self.left.clone() };
        let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut before = None;
        for (time, value) in series {
            let point = (self.minute(*time), value.clamp(range.start, range.end));
            match pieces.last_mut() {
                Some(piece) if before == Some(time - line.period) => piece.push(point),
                _ => pieces.push(vec![point]),
            }
            before = Some(*time);
        }
        for piece in pieces {
            if let [alone] = piece[..] {
                let dot = [Circle::new(alone, 3, color.filled())];
                if line.right { self.chart.draw_secondary_series(dot).map(drop) } else { self.chart.draw_series(dot).map(drop) }
                    .unwrap();
            } else {
                let path = LineSeries::new(piece, color.stroke_width(2));
                if line.right {
                    self.chart.draw_secondary_series(path).map(drop)
                } else {
                    self.chart.draw_series(path).map(drop)
                }
                .unwrap();
            }
        }
    }

    /// Areas on one another; what is missing is 0.
    fn stack(&mut self, lines: &[Line], colors: &[RGBColor]) {
        let series: Vec<&Series> = lines.iter().filter_map(|line| line.series.as_ref()).collect();
        let mut times: Vec<u64> = series.iter().flat_map(|series| series.keys().copied()).collect();
        times.sort_unstable();
        times.dedup();
        let mut below = vec![0.0; times.len()];
        for (series, color) in series.into_iter().zip(colors) {
            let above: Vec<f64> =
                times.iter().zip(&below).map(|(time, below)| below + series.get(time).unwrap_or(&0.0)).collect();
            let point = |(time, value): (&u64, &f64)| (self.minute(*time), *value);
            let top: Vec<(f64, f64)> = times.iter().zip(&above).map(point).collect();
            let bottom: Vec<(f64, f64)> = times.iter().zip(&below).map(point).collect();
            let outline: Vec<_> = top.iter().copied().chain(bottom.into_iter().rev()).collect();
            if let [alone] = top[..] {
                self.chart.draw_series([Circle::new(alone, 3, color.filled())]).unwrap();
            } else if !top.is_empty() {
                self.chart.draw_series([Polygon::new(outline, color.mix(0.45).filled())]).unwrap();
                self.chart.draw_series(LineSeries::new(top, color.stroke_width(1))).unwrap();
            }
            below = above;
        }
    }

    /// Lines across, the highest first; words of those that are near one another do not meet: one is above its line, the next below it.
    fn marks(&mut self, marks: &[Value]) {
        let height = |mark: &Value| mark["value"].as_f64().unwrap();
        let mut sorted: Vec<&Value> = marks.iter().collect();
        sorted.sort_by(|one, other| height(other).total_cmp(&height(one)));
        for mark in &sorted {
            let line = [PathElement::new([(0.0, height(mark)), (self.minutes, height(mark))], hue(mark).stroke_width(1))];
            if mark["yAxis"] == "right" {
                self.chart.draw_secondary_series(line).map(drop)
            } else {
                self.chart.draw_series(line).map(drop)
            }
            .unwrap();
        }
        // Above all lines, with as little of them hidden as can be.
        for (index, mark) in sorted.into_iter().enumerate() {
            let value = height(mark);
            let range = if mark["yAxis"] == "right" { &self.right } else { &self.left };
            let part = (value - range.start) / (range.end - range.start);
            let above = index % 2 == 0 && part < 0.94 || part < 0.1;
            let words = mark["label"].as_str().unwrap();
            let down = if above { -9 } else { 9 };
            let text = |color, (x, y): (i32, i32)| {
                let style = font(MARK, false, color).pos(Pos::new(HPos::Right, VPos::Center));
                EmptyElement::at((self.minutes, value)) + Text::new(words.to_owned(), (x - 4, y + down), style)
            };
            let halo = HALO.into_iter().map(|shift| text(WHITE, shift));
            let label = halo.chain([text(readable(hue(mark)), (0, 0))]);
            if mark["yAxis"] == "right" {
                self.chart.draw_secondary_series(label).map(drop)
            } else {
                self.chart.draw_series(label).map(drop)
            }
            .unwrap();
        }
    }
}

fn hue(mark: &Value) -> RGBColor {
    color(mark["color"].as_str().unwrap())
}
