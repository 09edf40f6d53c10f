//! SeaORM's spans of statements, told by the stable
//! [semantic conventions for databases](https://opentelemetry.io/docs/specs/semconv/database/database-spans/).

use opentelemetry::KeyValue;
use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::SpanData;
use opentelemetry_semantic_conventions::attribute;

use super::server;

/// X-Ray takes segments of 64 KiB at most; nobody reads that much of a statement.
const MAX_TEXT: usize = 4096;

/// Translates `span` if it is a statement's.
pub(super) fn translate(span: &mut SpanData) {
    if !span.name.starts_with("sea_orm.") {
        return;
    }
    let mut system = None;
    let mut text = None;
    let mut operation = None;
    for KeyValue { key, value, .. } in std::mem::take(&mut span.attributes) {
        match key.as_str() {
            "db.system" => system = Some(value),
            "db.statement" => text = Some(value.as_str().into_owned()),
            "db.operation" => operation = Some(value.as_str().into_owned()),
            // `exception.message`, which may have values in it.
            _ => {}
        }
    }
    // BEGIN, COMMIT and ROLLBACK are told by the name alone.
    let control = span.name.trim_start_matches("sea_orm.").to_uppercase();
    let is_control = matches!(control.as_str(), "BEGIN" | "COMMIT" | "ROLLBACK");
    let operation = match &text {
        _ if is_control => control,
        // SeaORM knows but the four usual ones.
        Some(text) => text.split_whitespace().next().unwrap_or_default().to_uppercase(),
        None => operation.unwrap_or(control),
    };
    let table = text.as_deref().and_then(table).map(str::to_owned);
    let summary = match &table {
        Some(table) => format!("{operation} {table}"),
        None => operation.clone(),
    };
    span.attributes.extend(system.map(|system| KeyValue::new(attribute::DB_SYSTEM_NAME, system)));
    span.attributes.push(KeyValue::new(attribute::DB_OPERATION_NAME, operation));
    span.attributes.push(KeyValue::new(attribute::DB_QUERY_SUMMARY, summary.clone()));
    span.attributes.extend(server::attributes());
    span.attributes.extend(table.map(|table| KeyValue::new(attribute::DB_COLLECTION_NAME, table)));
    span.attributes.extend(text.map(|text| KeyValue::new(attribute::DB_QUERY_TEXT, sanitised(&text))));
    if matches!(span.status, Status::Error { .. }) {
        // Whether it is a fault is for the request to say: one that breaks a rule of the catalogue is none.
        span.attributes.push(KeyValue::new(attribute::ERROR_TYPE, "_OTHER"));
    }
    span.status = Status::Unset;
    span.name = summary.into();
}

/// The first table that `sql` reads or writes.
fn table(sql: &str) -> Option<&str> {
    let mut words = sql.split_whitespace();
    while let Some(word) = words.next() {
        if ["FROM", "INTO", "UPDATE"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
            let name = words.next()?.trim_matches(['"', '`', ',', ';', ')']);
            // Neither a subquery nor a function's rows, after which the table follows.
            if !name.is_empty() && !name.contains('(') {
                return Some(name);
            }
        }
    }
    None
}

/// `sql` without literals
/// ([PostgreSQL §4.1.2](https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS)). Ours are all parameters, but somebody may
/// write others later.
fn sanitised(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len().min(MAX_TEXT));
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        if out.len() >= MAX_TEXT {
            out.push('…');
            break;
        }
        let within_word = out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '?'));
        let literal = match c {
            '\'' => Some(string(rest, out.ends_with(['e', 'E']))),
            '$' => dollar_quoted(rest),
            '0'..='9' if !within_word => {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_')).or(Some(rest.len()))
            }
            _ => None,
        };
        let length = literal.unwrap_or_else(|| match c {
            '"' | '`' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            c => c.len_utf8(),
        });
        out.push_str(if literal.is_some() { "?" } else { &rest[..length] });
        rest = &rest[length..];
    }
    out
}

/// The length of the string that `sql` begins with. A doubled quote makes two of it, to us.
fn string(sql: &str, has_escapes: bool) -> usize {
    let mut is_escaped = true;
    let end = sql.find(|c| {
        let ends = c == '\'' && !is_escaped;
        is_escaped = has_escapes && c == '\\' && !is_escaped;
        ends
    });
    end.map_or(sql.len(), |end| end + 1)
}

/// The length of `$tag$…$tag$`, if `sql` begins with that.
fn dollar_quoted(sql: &str) -> Option<usize> {
    let tag = &sql[..sql[1..].find('$')? + 2];
    let is_tag = tag[1..tag.len() - 1].chars().all(|c| c.is_alphanumeric() || c == '_')
        && !tag[1..].starts_with(|c: char| c.is_ascii_digit());
    is_tag.then(|| sql[tag.len()..].find(tag).map_or(sql.len(), |end| end + 2 * tag.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_literal_is_left() {
        for (sql, expected) in [
            ("SELECT \"a1\" FROM \"beer\" WHERE \"x\" = $1 LIMIT $12", "SELECT \"a1\" FROM \"beer\" WHERE \"x\" = $1 LIMIT $12"),
            ("SELECT 1, -2.5e7, 0x1f, t1.c2 FROM t1", "SELECT ?, -?, ?, t1.c2 FROM t1"),
            ("UPDATE \"b\" SET \"n\" = 'it''s secret' WHERE x = 'y'", "UPDATE \"b\" SET \"n\" = ?? WHERE x = ?"),
            ("SELECT 'never ends", "SELECT ?"),
            ("SELECT E'it\\'s secret', 'a\\', b FROM t", "SELECT E?, ?, b FROM t"),
            ("SELECT $$secret$$, $a$ 'x' $b$ $a$, $1::text, $2", "SELECT ?, ?, $1::text, $2"),
            ("SELECT \"é\", 'ß' FROM \"ü\"", "SELECT \"é\", ? FROM \"ü\""),
        ] {
            assert_eq!(sanitised(sql), expected);
        }
        assert!(sanitised(&"x ".repeat(MAX_TEXT)).len() < MAX_TEXT + 8);
    }

    #[test]
    fn the_first_table_is_named() {
        for (sql, expected) in [
            ("SELECT \"beer\".\"id\" FROM \"beer\" JOIN \"style\" ON 1", Some("beer")),
            ("SELECT * FROM (SELECT x FROM \"brewery\") AS y", Some("brewery")),
            (
                "SELECT x FROM (SELECT y FROM unnest(CAST($1 AS uuid[])) AS z) AS p JOIN (SELECT id FROM \"review\") AS r",
                Some("review"),
            ),
            ("INSERT INTO \"review\" (\"id\") VALUES ($1)", Some("review")),
            ("UPDATE \"beer\" SET \"name\" = $1", Some("beer")),
            ("DELETE FROM \"api_key\"", Some("api_key")),
            (
                "SELECT 1 FROM (SELECT x FROM json_each(?) AS e) AS p CROSS JOIN \"beer\" WHERE y IN (SELECT y FROM \"beer\")",
                Some("beer"),
            ),
            ("PRAGMA foreign_keys", None),
        ] {
            assert_eq!(table(sql), expected, "{sql}");
        }
    }
}
