//! What each of Squawk's rules is to us, and which there are beside them.

use std::collections::BTreeMap;

use squawk_linter::Rule;

/// Whom a kind of change hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The release before, unless the change is the contract of an earlier one.
    Compatibility,
    /// Everybody: it keeps others from a table, or loses or hides something. No phase allows it.
    Always,
    /// Nobody that the release before, or the database, should be kept from.
    Fine,
}

/// What Squawk has no rule for.
const OWN: &[(&str, Verdict)] = &[
    ("adding-trigger", Verdict::Compatibility),
    ("deleting-rows", Verdict::Compatibility),
    ("dropping-attribute", Verdict::Compatibility),
    ("dropping-materialized-view", Verdict::Compatibility),
    ("dropping-routine", Verdict::Compatibility),
    ("dropping-rule", Verdict::Compatibility),
    ("referencing-existing-table", Verdict::Compatibility),
    ("truncating", Verdict::Compatibility),
    ("adding-column-with-check", Verdict::Always),
    ("another-way-down", Verdict::Always),
    ("create-if-not-exists", Verdict::Always),
    ("dropping-owned", Verdict::Always),
    ("fails", Verdict::Always),
    ("hidden-statements", Verdict::Always),
    ("locking-table", Verdict::Always),
    ("merging-rows", Verdict::Always),
    ("no-way-down", Verdict::Always),
    ("no-way-up-again", Verdict::Always),
    ("not-an-earlier-release", Verdict::Always),
    ("not-atomic", Verdict::Always),
    ("not-repeatable", Verdict::Always),
    ("refreshing-view", Verdict::Always),
    ("rewriting-table", Verdict::Always),
    ("silenced", Verdict::Always),
    ("undecided-transaction", Verdict::Always),
    ("unreadable", Verdict::Always),
    ("updating-every-row", Verdict::Always),
];

/// Every rule that there can be a finding of.
pub fn refused() -> BTreeMap<String, Verdict> {
    let squawk = enum_iterator::all::<Rule>().map(|rule| (rule.to_string(), verdict(rule)));
    let own = OWN.iter().map(|&(rule, verdict)| (rule.to_owned(), verdict));
    squawk.chain(own).filter(|(_, verdict)| *verdict != Verdict::Fine).collect()
}

/// Complete: a rule that a newer Squawk brings along has to be put somewhere. docs/migrations.md has the reasons.
pub fn verdict(rule: Rule) -> Verdict {
    use Rule::*;
    match rule {
        AddingRequiredField
        | BanAddCompositeAttribute
        | BanAlterFunctionOptions
        | BanAlterGeneratedExpression
        | BanAlterIdentity
        | BanAlterPolicyCondition
        | BanAlterPolicyRoles
        | BanAlterRowLevelSecurity
        | BanAlterSequenceValues
        | BanAlterViewOptions
        | BanCreatePolicy
        | BanDetachInheritance
        | BanDisableTrigger
        | BanDropColumn
        | BanDropConstraint
        | BanDropDefault
        | BanDropDomain
        | BanDropExtension
        | BanDropFunction
        | BanDropGeneratedExpression
        | BanDropIndex
        | BanDropNotNull
        | BanDropPolicy
        | BanDropSchema
        | BanDropSequence
        | BanDropTable
        | BanDropTrigger
        | BanDropType
        | BanDropView
        | BanNewWriteRestriction
        | BanReplaceViewFunction
        | BanRevoke
        | BanSetSchema
        | RenamingColumn
        | RenamingObject
        | RenamingTable => Verdict::Compatibility,

        AddingFieldWithDefault
        | AddingForeignKeyConstraint
        | AddingNotNullableField
        | AddingSerialPrimaryKeyField
        | BanAlterDatabaseOptions
        | BanAlterDomainWithAddConstraint
        | BanAlterExtension
        | BanAlterRoleOptions
        | BanAlterSystemOptions
        | BanConcurrentIndexCreationInTransaction
        | BanDropDatabase
        | BanDuplicateColumnAssignments
        | BanReplicaIdentity
        | BanTruncateCascade
        | ChangingColumnType
        | ConstraintMissingNotValid
        | DisallowedUniqueConstraint
        | IdentifierTooLong
        | RequireConcurrentIndexCreation
        | RequireConcurrentIndexDeletion
        | RequireConcurrentPartitionDetach
        | RequireConcurrentReindex => Verdict::Always,

        // The former release names its columns and gets new ones not at all.
        BanAddColumn
        // It meets a new value only if the new release writes it, which is the new release's matter.
        | BanAddEnumValue
        | RequireEnumValueOrdering
        // Who does not care for the default does not notice.
        | BanSetDefault
        // Domains start without rows.
        | BanCreateDomainWithConstraint
        // The connection has its timeouts, and the migration its transaction, which is checked as it really is.
        | RequireTimeoutSettings
        | RequireLockTimeout
        | RequireStatementTimeout
        | PreferRobustStmts
        | TransactionNesting
        | BanUncommittedTransaction
        // For PostgreSQL 19, which has a gentler way; `rewriting-table` refuses the same in any.
        | PreferRepack
        // Taste, and nothing that a release could break.
        | BanCharField
        | PreferBigintOverInt
        | PreferBigintOverSmallint
        | PreferIdentity
        | PreferTextField
        | PreferTimestampTz
        | RequireTableSchema
        // Comments that silence a rule are refused as such.
        | UnusedIgnore => Verdict::Fine,
    }
}
