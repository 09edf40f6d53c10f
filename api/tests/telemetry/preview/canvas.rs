//! Where and how one draws.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub const BACKGROUND: RGBColor = RGBColor(0xf2, 0xf3, 0xf3);
pub const FRAME: RGBColor = RGBColor(0xd5, 0xdb, 0xdb);
pub const GRID: RGBColor = RGBColor(0xea, 0xed, 0xed);
pub const INK: RGBColor = RGBColor(0x16, 0x19, 0x1f);
pub const GREY: RGBColor = RGBColor(0x68, 0x70, 0x78);
pub const RED: RGBColor = RGBColor(0xd1, 0x32, 0x12);
pub const GREEN: RGBColor = RGBColor(0x1d, 0x81, 0x02);

/// In the order in which series without a colour of their own get them.
pub const PALETTE: [RGBColor; 10] = [
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0xff, 0x7f, 0x0e),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0x8c, 0x56, 0x4b),
    RGBColor(0xe3, 0x77, 0xc2),
    RGBColor(0x7f, 0x7f, 0x7f),
    RGBColor(0xbc, 0xbd, 0x22),
    RGBColor(0x17, 0xbe, 0xcf),
];

/// `#1f77b4`
pub fn color(hex: &str) -> RGBColor {
    let number = u32::from_str_radix(hex.trim_start_matches('#'), 16).expect("a colour");
    let [_, red, green, blue] = number.to_be_bytes();
    RGBColor(red, green, blue)
}

/// The same, as dark as words on white have to be: a contrast of 4.5 to 1 (<https://www.w3.org/TR/WCAG22/#contrast-minimum>).
pub fn readable(color: RGBColor) -> RGBColor {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let mut color = color;
    while 1.05 / (0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2) + 0.05) < 4.5 {
        color = RGBColor(darker(color.0), darker(color.1), darker(color.2));
    }
    color
}

fn darker(part: u8) -> u8 {
    (f64::from(part) * 0.95) as u8
}

/// The SVG backend divides sizes by 1.24.
pub fn font<'a>(size: f64, bold: bool, color: RGBColor) -> TextStyle<'a> {
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    style_of(("Helvetica, Arial, sans-serif", size * 1.24, style).into_font(), color)
}

pub fn mono<'a>(size: f64, color: RGBColor) -> TextStyle<'a> {
    style_of(("Menlo, Consolas, monospace", size * 1.24).into_font(), color)
}

fn style_of(font: FontDesc<'_>, color: RGBColor) -> TextStyle<'_> {
    TextStyle { font, color: color.to_backend_color(), pos: Pos::default() }
}

/// `at` is the middle of the line's left end.
pub fn write(area: &Area, text: &str, style: &TextStyle, at: (i32, i32)) {
    area.draw_text(text, &style.pos(Pos::new(HPos::Left, VPos::Center)), at).unwrap();
}

pub fn write_centered(area: &Area, text: &str, style: &TextStyle, at: (i32, i32)) {
    area.draw_text(text, &style.pos(Pos::new(HPos::Center, VPos::Center)), at).unwrap();
}

pub fn write_to_the_left(area: &Area, text: &str, style: &TextStyle, at: (i32, i32)) {
    area.draw_text(text, &style.pos(Pos::new(HPos::Right, VPos::Center)), at).unwrap();
}

pub fn fill(area: &Area, from: (i32, i32), to: (i32, i32), color: RGBColor) {
    area.draw(&Rectangle::new([from, to], color.filled())).unwrap();
}

pub fn dot(area: &Area, at: (i32, i32), radius: i32, color: RGBColor) {
    area.draw(&Circle::new(at, radius, color.filled())).unwrap();
}
