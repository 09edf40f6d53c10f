//! What Squawk has no rule for.

use squawk_syntax::ast::{self, AstNode as _};

use super::verdict::Verdict;

/// A rule of ours that a statement breaks.
pub struct Objection {
    pub rule: &'static str,
    pub verdict: Verdict,
    pub why: &'static str,
}

const fn compatibility(rule: &'static str, why: &'static str) -> Objection {
    Objection { rule, verdict: Verdict::Compatibility, why }
}

const fn always(rule: &'static str, why: &'static str) -> Objection {
    Objection { rule, verdict: Verdict::Always, why }
}

/// Everything against the statement.
pub fn objections(statement: &ast::Stmt) -> Vec<Objection> {
    let mut found: Vec<_> = as_a_whole(statement).into_iter().collect();
    if let ast::Stmt::AlterTable(table) = statement {
        found.extend(table.actions().filter_map(|action| table_action(&action)));
    }
    // What a function, a trigger or a rule does, it does not do now.
    if !matches!(
        statement,
        ast::Stmt::CreateFunction(_) | ast::Stmt::CreateProcedure(_) | ast::Stmt::CreateTrigger(_) | ast::Stmt::CreateRule(_)
    ) {
        found.extend(statement.syntax().descendants().filter_map(writes));
    }
    found
}

fn as_a_whole(statement: &ast::Stmt) -> Option<Objection> {
    Some(match statement {
        ast::Stmt::Truncate(_) => compatibility("truncating", "It empties a table."),
        ast::Stmt::DropMaterializedView(_) => compatibility("dropping-materialized-view", "The release before may read it."),
        ast::Stmt::DropProcedure(_) | ast::Stmt::DropRoutine(_) | ast::Stmt::DropAggregate(_) => {
            compatibility("dropping-routine", "The release before may call it.")
        }
        ast::Stmt::CreateTrigger(_) | ast::Stmt::CreateRule(_) => {
            let why = "It may change or refuse what the release before writes. Let a release come first that writes what it wants, \
                and list this as Step::contract of it.";
            compatibility("adding-trigger", why)
        }
        ast::Stmt::DropRule(_) => compatibility("dropping-rule", "The release before may count on what it does."),
        ast::Stmt::AlterType(kind) if drops_an_attribute(kind) => {
            compatibility("dropping-attribute", "The release before may read the attribute.")
        }
        ast::Stmt::Lock(_) => always("locking-table", "It keeps others from a table until the migration ends."),
        ast::Stmt::Cluster(_) => always("rewriting-table", "It writes a table anew and keeps everybody from it meanwhile."),
        ast::Stmt::Vacuum(vacuum) if vacuum.is_full() => {
            always("rewriting-table", "It writes a table anew and keeps everybody from it meanwhile.")
        }
        ast::Stmt::Refresh(refresh) if refresh.concurrently_token().is_none() => {
            always("refreshing-view", "It keeps readers from the view. Refresh it CONCURRENTLY.")
        }
        ast::Stmt::Do(_) | ast::Stmt::Call(_) | ast::Stmt::Execute(_) => {
            always("hidden-statements", "Nobody can tell what it does. Send the statements themselves.")
        }
        ast::Stmt::DropOwned(_) => always("dropping-owned", "It drops whatever a role owns. Name what is to go."),
        ast::Stmt::CreateTable(table) if table.if_not_exists().is_some() => {
            always("create-if-not-exists", "It would take another table of that name for its own. Leave IF NOT EXISTS out.")
        }
        _ => return None,
    })
}

/// Foreign keys to tables that `is_new` does not know: once rows are there, they keep the release before from deleting what it knows.
pub fn references(statement: &ast::Stmt, is_new: impl Fn(&ast::TableNameRef) -> bool) -> Option<Objection> {
    let why = "With rows in it, the release before can no longer delete rows there. Add ON DELETE CASCADE or SET NULL, or let a \
        release come first that deletes from both, and list this as Step::contract of it.";
    let keeps = statement.syntax().descendants().any(|node| {
        let (table, mut actions) = if let Some(column) = ast::ReferencesConstraint::cast(node.clone()) {
            (column.table(), column.referential_actions())
        } else if let Some(table) = ast::ForeignKeyConstraint::cast(node) {
            (table.table_name_ref(), table.referential_actions())
        } else {
            return false;
        };
        !table.is_some_and(|table| is_new(&table)) && !actions.any(|action| lets_go(&action))
    });
    keeps.then(|| compatibility("referencing-existing-table", why))
}

fn lets_go(action: &ast::ReferentialAction) -> bool {
    let ast::ReferentialAction::OnDeleteAction(action) = action else { return false };
    matches!(action.ref_action(), Some(ast::RefAction::Cascade(_) | ast::RefAction::SetNullColumns(_)))
}

fn drops_an_attribute(kind: &ast::AlterType) -> bool {
    let Some(ast::AlterTypeAction::AlterTypeAttributeActionList(list)) = kind.action() else { return false };
    list.actions().any(|action| matches!(action, ast::AlterTypeAttributeAction::DropAttribute(_)))
}

fn table_action(action: &ast::AlterTableAction) -> Option<Objection> {
    match action {
        ast::AlterTableAction::AddColumn(column)
            if column.constraints().any(|constraint| matches!(constraint, ast::Constraint::CheckConstraint(_))) =>
        {
            let why =
                "PostgreSQL reads the whole table for the check. Add the check by itself, NOT VALID, and validate it later.";
            Some(always("adding-column-with-check", why))
        }
        ast::AlterTableAction::SetLogged(_)
        | ast::AlterTableAction::SetUnlogged(_)
        | ast::AlterTableAction::SetTablespace(_)
        | ast::AlterTableAction::SetAccessMethod(_) => {
            Some(always("rewriting-table", "It writes the table anew and keeps everybody from it meanwhile."))
        }
        _ => None,
    }
}

/// Also within a `WITH`.
fn writes(node: squawk_syntax::SyntaxNode) -> Option<Objection> {
    if ast::Delete::can_cast(node.kind()) {
        return Some(compatibility("deleting-rows", "The release before may read them."));
    }
    if ast::Merge::can_cast(node.kind()) {
        return Some(always("merging-rows", "It may delete rows, and locks what it meets. Write INSERT … ON CONFLICT."));
    }
    let update = ast::Update::cast(node)?;
    let why = "It locks every row until the migration ends. Fill rows in by a command of the service, a few at a time.";
    update.where_clause_or_current_of().is_none().then(|| always("updating-every-row", why))
}
