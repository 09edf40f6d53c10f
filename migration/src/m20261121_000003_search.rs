//! Expand: full-text search, by words and by trigrams, over one document a beer or brewery.
//!
//! The service writes the documents already folded (no case, no accents), so that both databases need no configuration for it.

use sea_orm_migration::prelude::*;

use crate::dialect::{execute_all, is_postgres};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// <https://www.postgresql.org/docs/15/textsearch-tables.html>, <https://www.postgresql.org/docs/15/pgtrgm.html>
const POSTGRES: &[&str] = &[
    "CREATE TABLE search_document (
        id uuid PRIMARY KEY,
        kind integer NOT NULL,
        title text NOT NULL,
        context text NOT NULL,
        body text NOT NULL,
        words tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('simple', title), 'A')
            || setweight(to_tsvector('simple', context), 'B')
            || setweight(to_tsvector('simple', body), 'C')
        ) STORED
    )",
    "CREATE INDEX search_document_words_idx ON search_document USING gin (words)",
    "CREATE INDEX search_document_trigram_idx ON search_document USING gin (title gin_trgm_ops)",
];

/// <https://sqlite.org/fts5.html#external_content_tables>. FTS5 finds a document by an integer, which VACUUM may renumber unless it
/// is a declared key: hence `row_id`.
const SQLITE: &[&str] = &[
    "CREATE TABLE search_document (
        row_id INTEGER PRIMARY KEY,
        id uuid_text NOT NULL UNIQUE,
        kind INTEGER NOT NULL,
        title TEXT NOT NULL,
        context TEXT NOT NULL,
        body TEXT NOT NULL
    )",
    "CREATE VIRTUAL TABLE search_words USING fts5(
        title, context, body, content = 'search_document', content_rowid = 'row_id', tokenize = 'unicode61', prefix = '2 3'
    )",
    "CREATE VIRTUAL TABLE search_trigrams USING fts5(
        title, content = 'search_document', content_rowid = 'row_id', tokenize = 'trigram'
    )",
    "CREATE TRIGGER search_document_inserted AFTER INSERT ON search_document BEGIN
        INSERT INTO search_words (rowid, title, context, body) VALUES (new.row_id, new.title, new.context, new.body);
        INSERT INTO search_trigrams (rowid, title) VALUES (new.row_id, new.title);
    END",
    "CREATE TRIGGER search_document_deleted AFTER DELETE ON search_document BEGIN
        INSERT INTO search_words (search_words, rowid, title, context, body)
            VALUES ('delete', old.row_id, old.title, old.context, old.body);
        INSERT INTO search_trigrams (search_trigrams, rowid, title) VALUES ('delete', old.row_id, old.title);
    END",
    "CREATE TRIGGER search_document_updated AFTER UPDATE ON search_document BEGIN
        INSERT INTO search_words (search_words, rowid, title, context, body)
            VALUES ('delete', old.row_id, old.title, old.context, old.body);
        INSERT INTO search_trigrams (search_trigrams, rowid, title) VALUES ('delete', old.row_id, old.title);
        INSERT INTO search_words (rowid, title, context, body) VALUES (new.row_id, new.title, new.context, new.body);
        INSERT INTO search_trigrams (rowid, title) VALUES (new.row_id, new.title);
    END",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute_all(manager, if is_postgres(manager) { POSTGRES } else { SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_postgres(manager) {
            execute_all(manager, &["DROP TABLE search_trigrams", "DROP TABLE search_words"]).await?;
        }
        execute_all(manager, &["DROP TABLE search_document"]).await
    }
}
