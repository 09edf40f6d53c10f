//! [Logs Insights queries](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html): which fields of ours they name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::Result;

/// What a query takes for granted.
#[derive(Debug, Default)]
pub struct Needs {
    /// The text of `message`, if it asks for one.
    pub message: Option<String>,
    pub fields: BTreeSet<String>,
    /// What it looks for by `error_codes like /…|…/`.
    pub codes: Vec<String>,
}

/// Commands and words of ours' queries; any other word is a field.
const COMMANDS: [&str; 7] = ["source", "fields", "filter", "stats", "sort", "limit", "display"];
const WORDS: [&str; 9] = ["and", "or", "not", "in", "like", "as", "by", "asc", "desc"];

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""[^"]*"|'[^']*'|/[^/]*/|@?[A-Za-z_][A-Za-z0-9_.]*|[0-9]+[a-z]*|>=|[^\s]"#).unwrap());

/// What `query` needs. A command that is not known here is an error, for its fields would be missed.
pub fn needs(query: &str) -> Result<Needs> {
    let mut needs = Needs::default();
    let mut aliases = BTreeSet::new();
    for command in split(query) {
        let words: Vec<&str> = TOKEN.find_iter(command).map(|token| token.as_str()).collect();
        let (name, words) = words.split_first().ok_or_else(|| format!("a command of {query:?} is empty"))?;
        let name = name.to_lowercase();
        if !COMMANDS.contains(&name.as_str()) {
            return Err(format!("the command {name:?} is not modelled, only {COMMANDS:?}"));
        }
        if name == "source" {
            continue;
        }
        for (at, word) in words.iter().enumerate() {
            let previous = at.checked_sub(1).map_or("", |at| words[at]);
            let is_call = words.get(at + 1) == Some(&"(") && !WORDS.contains(word);
            let is_name = word.starts_with(|char: char| char.is_ascii_alphabetic() || "@_".contains(char));
            if previous == "as" {
                aliases.insert((*word).to_owned());
            } else if is_name && !is_call && !WORDS.contains(word) && !aliases.contains(*word) {
                needs.fields.insert((*word).to_owned());
            }
            match words.get(..=at).unwrap_or_default() {
                [.., "message", "=", text] => needs.message = Some(text.trim_matches('"').to_owned()),
                [.., "strcontains", "(", "error_codes", ",", code] => needs.codes.push(code.trim_matches('"').to_owned()),
                [.., "error_codes", "like", codes] => needs.codes.extend(codes.trim_matches('/').split('|').map(str::to_owned)),
                _ => {}
            }
        }
    }
    Ok(needs)
}

/// At pipes that are not within a regular expression or a text.
fn split(query: &str) -> Vec<&str> {
    let pipes = TOKEN.find_iter(query).filter(|token| token.as_str() == "|").map(|token| token.start());
    let mut commands = Vec::new();
    let mut start = 0;
    for pipe in pipes {
        commands.push(&query[start..pipe]);
        start = pipe + 1;
    }
    commands.push(&query[start..]);
    commands
}

#[test]
fn fields_are_what_is_no_word_of_the_language() {
    let needs = needs(
        "SOURCE 'a-group' | filter message = \"request\" and (error_codes like /A|B/ or status in [401, 403])\n\
         | stats count(*) as requests, pct(duration_ms, 95) as p95_ms by principal, @logStream, bin(5m) | sort requests desc | limit 5",
    )
    .unwrap();
    let fields: Vec<_> = needs.fields.iter().map(String::as_str).collect();
    assert_eq!(fields, ["@logStream", "duration_ms", "error_codes", "message", "principal", "status"]);
    assert_eq!((needs.message.as_deref(), needs.codes), (Some("request"), vec!["A".to_owned(), "B".to_owned()]));
    let sums = "fields greatest(strcontains(error_codes, \"A\"), strcontains(error_codes, \"B\")) as fault | stats 100 * sum(fault) / count(*)";
    assert_eq!(super::insights::needs(sums).unwrap().codes, ["A", "B"]);
    assert!(super::insights::needs("filter a = 1 | pattern @message").is_err());
}
