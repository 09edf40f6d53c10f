//! Words on a picture: whoever looks at it has fonts that we do not know, so that widths are guesses.

/// About Helvetica's and DejaVu's mean: how wide `text` is in pixels.
pub fn width(text: &str, size: f64) -> f64 {
    let em = |char| match char {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' => 0.3,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.92,
        'A'..='Z' => 0.7,
        _ => 0.58,
    };
    size * text.chars().map(em).sum::<f64>()
}

/// `text`, or as much of it as fits.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut cut = text.to_owned();
    while cut.pop().is_some() && width(&cut, size) + size > room {}
    format!("{}…", cut.trim_end())
}

pub fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("one is there");
        if line.is_empty() {
            word.clone_into(line);
        } else if width(&format!("{line} {word}"), size) <= room {
            *line += &format!(" {word}");
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A paragraph of Markdown: how large it is, and its words.
pub fn paragraphs(markdown: &str) -> Vec<(f64, bool, String)> {
    let lines = markdown.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| match line.trim_start_matches('#') {
            rest if line.len() - rest.len() == 1 => (20.0, true, plain(rest)),
            rest if rest.len() < line.len() => (16.0, true, plain(rest)),
            rest if rest.starts_with("**") && rest.ends_with("**") => (13.0, true, plain(rest)),
            rest => (13.0, false, plain(rest)),
        })
        .collect()
}

/// Without stars, and of links the words.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        let (words, after) = link.split_once("](").expect("a link");
        text += before;
        text += words;
        rest = after.split_once(')').expect("the end of a link").1;
    }
    (text + rest).replace('*', "").trim().to_owned()
}

/// Three digits of a number, without needless zeros.
pub fn number(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1e6 {
        return format!("{}M", number(value / 1e6));
    }
    if magnitude >= 1e4 {
        return format!("{}k", number(value / 1e3));
    }
    let decimals =
        if !(1e-9..100.0).contains(&magnitude) { 0 } else { (2 - magnitude.log10().floor() as i32).clamp(0, 6) as usize };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[test]
fn numbers_are_short_and_links_are_their_words() {
    let numbers = [0.0, 0.0375, 0.5, 2.5, 99.44, 450.0, 1_234.0, 12_345.0, -492.3].map(number);
    assert_eq!(numbers, ["0", "0.0375", "0.5", "2.5", "99.4", "450", "1234", "12.3k", "-492"]);
    assert_eq!(plain("**Runbooks** [latency](https://a.example/b) *now*"), "Runbooks latency now");
}
