//! Judges the statements that a migration really sent.

use std::collections::HashSet;

use migration::Step;
use squawk_linter::{Linter, Rule};
use squawk_syntax::{
    SourceFile,
    ast::{self, AstNode as _},
};

use super::{
    Finding, own,
    verdict::{Verdict, verdict},
};
use crate::wire::Sent;

/// SeaORM's own: its table, and what frames a migration.
const BOOKS: &str = "\"seaql_migrations\"";
const FRAME: [&str; 2] = ["BEGIN", "COMMIT"];

/// Everything that is against it, be it allowed or not.
pub fn judge(step: &Step, sent: &[Sent]) -> Vec<Finding> {
    let (books, own): (Vec<_>, Vec<_>) =
        sent.iter().filter(|sent| !FRAME.contains(&sent.sql.trim())).partition(|sent| sent.sql.contains(BOOKS));
    let mut findings = Vec::new();
    let recorded = books.iter().find(|sent| sent.sql.starts_with("INSERT")).is_some_and(|sent| sent.in_transaction);
    if recorded != (step.migration.use_transaction() != Some(false)) {
        let what = "it is not recorded as applied in the transaction that it should run in. Leave BEGIN and COMMIT to SeaORM.";
        findings.push(Finding::new(step, "not-atomic", what));
    }
    findings.extend(own.iter().filter(|sent| !sent.in_transaction).filter_map(|sent| not_atomic(step, sent)));
    let text: String = own.iter().map(|sent| format!("{};\n", sent.sql.trim_end().trim_end_matches(';'))).collect();
    findings.extend(judge_text(step, &text, recorded));
    findings
}

/// Outside a transaction only what PostgreSQL demands to be there, and what changes nothing: a failure leaves the half of it.
fn not_atomic(step: &Step, sent: &Sent) -> Option<Finding> {
    let file = SourceFile::parse(&sent.sql);
    let statement = file.tree().stmts().find(|statement| match statement {
        ast::Stmt::CreateIndex(index) => index.concurrently_token().is_none(),
        ast::Stmt::DropIndex(index) => index.concurrently_token().is_none(),
        // These have rules of their own.
        ast::Stmt::Reindex(_) | ast::Stmt::Refresh(_) | ast::Stmt::Vacuum(_) => false,
        ast::Stmt::Select(_) | ast::Stmt::Show(_) | ast::Stmt::Set(_) | ast::Stmt::Analyze(_) | ast::Stmt::EmptyStmt(_) => false,
        _ => true,
    })?;
    let what = format!("`{}` runs outside a transaction. Give it to a migration that has one.", brief(&statement));
    Some(Finding::new(step, "not-atomic", what))
}

fn judge_text(step: &Step, text: &str, in_transaction: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if text.contains("squawk-") {
        findings.push(Finding::new(step, "silenced", "a comment silences rules. Leave it out."));
    }
    let file = SourceFile::parse(text);
    if let Some(error) = file.errors().first() {
        let what = format!("this checker cannot read its statements ({error:?}). Write them more plainly.");
        findings.push(Finding::new(step, "unreadable", what));
    }
    let mut linter = Linter::from(enum_iterator::all::<Rule>().filter(|rule| verdict(*rule) != Verdict::Fine));
    linter.settings.assume_in_transaction = in_transaction;
    let violations = linter.lint(&file, text);

    let mut created = HashSet::new();
    for statement in file.tree().stmts() {
        if let ast::Stmt::CreateTable(table) = &statement
            && let Some(name) = table.table_name()
        {
            created.insert(plain(&name.syntax().text().to_string()));
        }
        let object = |objection: own::Objection| {
            let what = format!("`{}`: {}", brief(&statement), objection.why);
            Finding::of(objection.verdict, step, objection.rule, what)
        };
        // Of new tables, too.
        let is_new = |table: &ast::TableNameRef| created.contains(&plain(&table.syntax().text().to_string()));
        findings.extend(own::references(&statement, is_new).map(object));
        let targets = targets(&statement);
        if !targets.is_empty() && targets.iter().all(|table| created.contains(table)) {
            continue;
        }
        let range = statement.syntax().text_range();
        for violation in violations.iter().filter(|violation| range.contains(violation.text_range.start())) {
            if is_column_with_default(&statement, violation) {
                continue;
            }
            let help = violation.help.as_deref().unwrap_or_else(|| advice(verdict(violation.code)));
            let what = format!("`{}`: {} {}", brief(&statement), violation.message, full_stop(help));
            findings.push(Finding::of(verdict(violation.code), step, violation.code, what));
        }
        findings.extend(own::objections(&statement).into_iter().map(object));
    }
    findings
}

/// Where Squawk has none.
fn advice(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatibility => "Let a release come first that does without, and list this as Step::contract of it.",
        Verdict::Always | Verdict::Fine => "Do it in steps that keep nobody waiting.",
    }
}

/// Squawk takes a new column's NOT NULL for a restriction. With a default it is none; without, another rule says so.
fn is_column_with_default(statement: &ast::Stmt, violation: &squawk_linter::Violation) -> bool {
    violation.code == Rule::BanNewWriteRestriction
        && statement.syntax().descendants().filter_map(ast::AddColumn::cast).any(|column| {
            column.constraints().any(|constraint| {
                matches!(constraint, ast::Constraint::NotNullConstraint(_))
                    && constraint.syntax().text_range().contains_range(violation.text_range)
            })
        })
}

/// The tables that a statement changes, if it is of a kind that may be let pass for a table without rows.
fn targets(statement: &ast::Stmt) -> Vec<String> {
    let within: Vec<_> = match statement {
        ast::Stmt::AlterTable(table) => table.table_relation_name().map(|name| name.syntax().clone()).into_iter().collect(),
        ast::Stmt::CreateIndex(index) => index.table_relation_name().map(|name| name.syntax().clone()).into_iter().collect(),
        ast::Stmt::Update(update) => update.relation_name().map(|name| name.syntax().clone()).into_iter().collect(),
        ast::Stmt::Delete(delete) => delete.relation_name().map(|name| name.syntax().clone()).into_iter().collect(),
        ast::Stmt::Truncate(truncate) => truncate.table_list().map(|list| list.syntax().clone()).into_iter().collect(),
        ast::Stmt::CreateTrigger(trigger) => trigger.on_relation().map(|on| on.syntax().clone()).into_iter().collect(),
        ast::Stmt::CreateRule(rule) => {
            let relation = rule.rule_on().and_then(|on| on.relation_name_ref());
            relation.map(|name| name.syntax().clone()).into_iter().collect()
        }
        ast::Stmt::DropTable(table) => vec![table.syntax().clone()],
        _ => Vec::new(),
    };
    let names = within.iter().flat_map(squawk_syntax::SyntaxNode::descendants).filter_map(ast::PathRef::cast);
    names.map(|name| plain(&name.syntax().text().to_string())).collect()
}

/// A name without what may be left out.
fn plain(name: &str) -> String {
    let name = name.trim();
    if name.contains('"') { name.replace('"', "") } else { name.to_lowercase() }
}

/// Enough of a statement to find it.
fn brief(statement: &ast::Stmt) -> String {
    let text = statement.syntax().text().to_string();
    let mut words = text.trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(120) {
        words.replace_range(end.., "…");
    }
    words
}

fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!']) { text.to_owned() } else { format!("{text}.") }
}
