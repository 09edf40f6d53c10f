//! What a cell of a file says.

use encoding_rs::WINDOWS_1252;

/// Longest excerpt of a value in a message, characters.
const EXCERPT: usize = 40;

/// The cell as text, trimmed; `None` when it is blank.
pub(super) fn text(column: &str, cell: Vec<u8>) -> Result<Option<String>, String> {
    let text = String::from_utf8(cell).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{column} is no UTF-8 from its byte {} on; convert the file to UTF-8", at + 1)
    })?;
    let text = repaired(text.trim());
    Ok((!text.is_empty()).then_some(text))
}

/// Undoes UTF-8 that was read as Windows-1252, as in `cafÃ©`. Of text that was not it is next to impossible that every character
/// has a Windows-1252 byte and that these bytes are UTF-8.
fn repaired(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    if unmappable {
        return text.to_owned();
    }
    String::from_utf8(bytes.into_owned()).unwrap_or_else(|_| text.to_owned())
}

/// The cell as a measurement with 2 decimals; 0 means "unknown".
pub(super) fn measurement(column: &str, cell: Vec<u8>) -> Result<Option<f64>, String> {
    let number = number(column, cell)?.map(|number| rounded(number, 2));
    Ok(number.filter(|&number| number != 0.0))
}

/// The cell as degrees with 5 decimals.
pub(super) fn degrees(column: &str, cell: Vec<u8>) -> Result<f64, String> {
    let number = number(column, cell)?.ok_or_else(|| format!("{column} is empty; give both coordinates"))?;
    Ok(rounded(number, 5))
}

/// The cell as the id of a row.
pub(super) fn id(column: &str, cell: Vec<u8>) -> Result<i64, String> {
    optional_id(column, cell)?.ok_or_else(|| format!("{column} is empty; give a whole number"))
}

/// The cell as the id of a row; `None` when it is blank.
pub(super) fn optional_id(column: &str, cell: Vec<u8>) -> Result<Option<i64>, String> {
    let parse = |text: String| text.parse().map_err(|_| format!("{column} {} is no whole number", excerpt(&text)));
    text(column, cell)?.map(parse).transpose()
}

fn number(column: &str, cell: Vec<u8>) -> Result<Option<f64>, String> {
    let parse = |text: String| text.parse().map_err(|_| format!("{column} {} is no number; write it like 5.2", excerpt(&text)));
    text(column, cell)?.map(parse).transpose()
}

/// The value; without it when it cannot be read, and then the reason goes to `dropped`.
pub(super) fn kept<T>(value: Result<Option<T>, String>, dropped: &mut Vec<String>) -> Option<T> {
    value.unwrap_or_else(|reason| {
        dropped.push(reason);
        None
    })
}

fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (number * scale).round() / scale
}

fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() { format!("{short:?}…") } else { format!("{short:?}") }
}

#[cfg(test)]
mod tests {
    use super::{degrees, id, measurement, optional_id, text};

    #[test]
    fn takes_the_noise_from_numbers() {
        let read = |cell: &str| measurement("abv", cell.into()).unwrap();
        assert_eq!(read("18.200000762939453"), Some(18.2));
        assert_eq!(read(" 4.329999923706055 "), Some(4.33));
        assert_eq!((read("0.0"), read("0"), read("-0.0"), read("")), (None, None, None, None));
        assert_eq!(degrees("latitude", "30.223400115966797".into()).unwrap().to_string(), "30.2234");
    }

    #[test]
    fn names_what_it_cannot_read() {
        assert!(measurement("abv", "about five".into()).unwrap_err().contains("abv \"about five\""));
        assert!(id("id", "1.5".into()).is_err() && id("id", " ".into()).is_err());
        assert_eq!(optional_id("style_id", "".into()).unwrap(), None);
        assert!(text("name", b"Br\xe4u".to_vec()).unwrap_err().contains("byte 3"));
    }

    #[test]
    fn repairs_text_that_was_decoded_wrongly() {
        let read = |cell: &str| text("name", cell.into()).unwrap().unwrap();
        assert_eq!(read("cafÃ© â€œnoirâ€\u{9d}"), "café “noir”");
        for right in ["café", "Ã", "Plzeňský Prazdroj", "naïve “quotes”", "ビール"] {
            assert_eq!(read(right), right);
        }
    }
}
