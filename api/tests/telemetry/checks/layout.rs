//! Rules of `dashboards/README.md` on how widgets look.

use serde_json::Value;

use crate::Result;

const COLUMNS: u64 = 24;
/// The unit of a difference of percentages, the one thing on our boards that may be below 0.
const DIFFERENCE: &str = "percentage points";

/// Where a widget is.
struct Place<'a> {
    name: &'a str,
    left: u64,
    top: u64,
    right: u64,
    bottom: u64,
}

/// What is wrong with the looks of a dashboard, each by its widget's title.
pub fn check(dashboard: &Value) -> Vec<String> {
    let widgets = dashboard["widgets"].as_array().map_or(&[][..], Vec::as_slice);
    let metrics = widgets.iter().filter(|widget| widget["type"] == "metric");
    let wrong = metrics.filter_map(|widget| check_metric(&widget["properties"]).err().map(|error| told(name(widget), &error)));
    wrong.chain(check_places(widgets)).collect()
}

fn told(name: &str, error: &str) -> String {
    format!("“{name}”: {error}")
}

/// Its title, or the first line of its text.
fn name(widget: &Value) -> &str {
    let properties = &widget["properties"];
    let text = || properties["markdown"].as_str().and_then(|text| text.lines().next());
    properties["title"].as_str().or_else(text).unwrap_or_default()
}

fn check_places(widgets: &[Value]) -> Vec<String> {
    let (mut wrong, mut places): (Vec<String>, Vec<Place<'_>>) = Default::default();
    for widget in widgets {
        match place(widget) {
            Ok(place) => {
                let over = places.iter().find(|other| place.is_over(other));
                wrong.extend(over.map(|other| told(place.name, &format!("it is over “{}”", other.name))));
                places.push(place);
            }
            Err(error) => wrong.push(told(name(widget), &error)),
        }
    }
    wrong
}

fn place(widget: &Value) -> Result<Place<'_>> {
    let number = |key: &str| widget[key].as_u64().ok_or_else(|| format!("it has no {key}"));
    let (left, top, width, height) = (number("x")?, number("y")?, number("width")?, number("height")?);
    let right = left + width;
    if right > COLUMNS {
        return Err(format!("it ends at column {right}, and there are {COLUMNS}"));
    }
    Ok(Place { name: name(widget), left, top, right, bottom: top + height })
}

impl Place<'_> {
    fn is_over(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

fn check_metric(properties: &Value) -> Result<()> {
    for key in ["title", "region", "stat", "view"] {
        if properties[key].as_str().is_none_or(str::is_empty) {
            return Err(format!("it has no {key}"));
        }
    }
    if properties["period"].as_u64().is_none() {
        return Err("it has no period".to_owned());
    }
    if properties["view"] == "timeSeries" {
        for side in ["left", "right"].into_iter().filter(|side| is_used(properties, side)) {
            check_axis(&properties["yAxis"][side]).map_err(|error| format!("its {side} axis {error}"))?;
        }
    }
    Ok(())
}

/// By what is drawn, or by a line across.
fn is_used(properties: &Value, side: &str) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let drawn = list(&properties["metrics"])
        .into_iter()
        .filter_map(|line| list(&line).pop())
        .filter(|options| options["visible"] != false);
    let lines = list(&properties["annotations"]["horizontal"]);
    drawn.chain(lines).any(|options| options["yAxis"].as_str().unwrap_or("left") == side)
}

fn check_axis(axis: &Value) -> Result<()> {
    let label = axis["label"].as_str().filter(|label| !label.is_empty()).ok_or("has no label with the unit")?;
    if axis["showUnits"] != false {
        return Err("shows CloudWatch's unit beside ours: showUnits is to be false".to_owned());
    }
    if label != DIFFERENCE && axis["min"] != 0 {
        return Err(format!("begins at {}, and not at 0", axis["min"]));
    }
    Ok(())
}
