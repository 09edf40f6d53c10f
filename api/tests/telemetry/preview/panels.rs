//! Widgets that are no graphs.

use super::board::{TITLE, time};
use super::canvas::{Area, FRAME, GREEN, GREY, INK, RED, dot, font, mono, write, write_centered};
use super::history::State;
use super::insights::Answer;
use super::series::Line;
use super::text;
use plotters::prelude::*;

pub fn words(area: &Area, markdown: &str) {
    let (width, height) = (area.dim_in_pixel().0 as i32, area.dim_in_pixel().1 as i32);
    let is_heading = height < 50;
    let mut y = if is_heading { height / 2 } else { 22 };
    for (size, bold, paragraph) in text::paragraphs(markdown) {
        let step = (size * 1.4) as i32;
        let lines = text::wrap(&paragraph, size, f64::from(width - 24));
        for line in lines {
            if y + step / 2 > height && !is_heading {
                return;
            }
            write(area, &line, &font(size, bold, INK), (12, y));
            y += step;
        }
        y += 5;
    }
}

pub fn number(area: &Area, lines: &[Line]) {
    let (width, height) = (area.dim_in_pixel().0 as i32, area.dim_in_pixel().1 as i32);
    let Some(Line { label, series: Some(series), .. }) = lines.first() else { return };
    let value = series.values().last().map_or_else(|| "–".to_owned(), |value| text::number(*value));
    write_centered(area, &value, &font(22.0, true, INK), (width / 2, height / 2 + 12));
    write_centered(area, label, &font(11.0, false, GREY), (width / 2, height - 12));
}

pub fn alarms(area: &Area, states: &[(String, State)]) {
    const COLUMNS: usize = 3;
    let (width, height) = (area.dim_in_pixel().0 as i32 - 12, area.dim_in_pixel().1 as i32);
    let rows = states.len().div_ceil(COLUMNS);
    let (column, row) = (width / COLUMNS as i32, (height - TITLE - 4) / rows as i32);
    for (index, (name, state)) in states.iter().enumerate() {
        let (x, y) = (6 + (index % COLUMNS) as i32 * column, TITLE + (index / COLUMNS) as i32 * row);
        let (color, words) = match state {
            State::Alarm(since) => (RED, format!("In alarm since {}", time(*since, "%H:%M"))),
            State::OkAgain(range) => {
                (GREEN, format!("OK, in alarm {} to {}", time(range.start, "%H:%M"), time(range.end, "%H:%M")))
            }
            State::Ok => (GREEN, "OK".to_owned()),
            State::NotRecorded => (GREY, "not recorded".to_owned()),
        };
        let went_off = matches!(state, State::Alarm(_) | State::OkAgain(_));
        let frame = if went_off { RED } else { FRAME };
        area.draw(&Rectangle::new([(x + 2, y + 1), (x + column - 2, y + row - 2)], frame)).unwrap();
        let middle = y + row / 2;
        dot(area, (x + 11, middle), 4, color);
        let room = f64::from(column - 28);
        write(area, &text::fit(name, 10.5, room), &font(10.5, false, INK), (x + 20, middle - 6));
        write(area, &text::fit(&words, 9.5, room), &font(9.5, went_off, if went_off { RED } else { GREY }), (x + 20, middle + 6));
    }
}

pub fn log(area: &Area, query: &str, answer: Option<&Answer>) {
    const SIZE: f64 = 10.5;
    /// A character's width.
    const EM: f64 = 0.62 * SIZE;
    let (width, height) = (area.dim_in_pixel().0 as i32, area.dim_in_pixel().1 as i32);
    let cut = |text: &str, room: f64| {
        let fits = (room / EM).round() as usize;
        if text.chars().count() <= fits {
            text.to_owned()
        } else {
            text.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
        }
    };
    let query = query.split_once(" | ").map_or(query, |(_, query)| query).replace('\n', " ");
    write(area, &cut(&query, f64::from(width - 24)), &mono(SIZE, GREY), (12, TITLE + 4));
    let Some(Answer { columns, rows, .. }) = answer else {
        return write_centered(area, "The query is newer than the recording", &font(13.0, false, GREY), (width / 2, height / 2));
    };
    if rows.is_empty() {
        return write_centered(area, "Recorded, but there was none", &font(13.0, false, GREY), (width / 2, height / 2));
    }
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|cell| to_the_second(cell)).collect()).collect();
    let length = |text: &str| text.chars().count();
    let longest = |index: usize| rows.iter().map(|row| length(row[index])).max().unwrap().max(length(&columns[index]));
    let wide: Vec<usize> = (0..columns.len()).map(longest).collect();
    // Ids are cut until all fits; of them, the beginning will do.
    let capped = |wide: usize, cap: usize| if wide > 30 { wide.min(cap) } else { wide };
    let total = |cap: usize| wide.iter().map(|wide| capped(*wide, cap) + 2).sum::<usize>() - 2;
    let cap = (7..60).rev().find(|cap| total(*cap) as f64 * EM <= f64::from(width - 24)).unwrap_or(7);
    let mut x = 12;
    for (index, column) in columns.iter().enumerate() {
        let wide = capped(wide[index], cap) as f64;
        write(area, &cut(column, wide * EM), &mono(SIZE, GREY), (x, TITLE + 28));
        for (row, y) in rows.iter().zip((TITLE + 48..).step_by(18)) {
            write(area, &cut(row[index], wide * EM), &mono(SIZE, INK), (x, y));
        }
        x += (EM * (wide + 2.0)) as i32;
    }
    area.draw(&PathElement::new([(12, TITLE + 38), (width - 12, TITLE + 38)], FRAME)).unwrap();
}

/// A time without its fraction; anything else as it is.
fn to_the_second(cell: &str) -> &str {
    let is_time = cell.len() > 19 && cell.starts_with("20") && cell.as_bytes()[4] == b'-' && cell.as_bytes()[13] == b':';
    if is_time { &cell[..19] } else { cell }
}
