//! Search by FTS5: an index of words and one of trigrams.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use uuid::Uuid;

use super::{
    Hit, Kind, MAX_RANKED, MIN_SIMILARITY, Search,
    trigram::{trigrams, word_similarity},
};

/// Names that are compared with a query that no document has all the words of.
const MAX_SIMILAR: u32 = 500;

/// One statement, so that the number of statements does not depend on what is found. The weights are those of PostgreSQL's A, B and C.
const SQL: &str = "
    WITH by_words AS MATERIALIZED (
        SELECT rowid, bm25(search_words, 10.0, 4.0, 2.0) AS score FROM search_words WHERE search_words MATCH ?1 LIMIT ?2
    ), by_name AS MATERIALIZED (
        SELECT rowid FROM search_words WHERE search_words MATCH '{title} : (' || ?1 || ')'
    ), by_context AS MATERIALIZED (
        SELECT rowid FROM search_words WHERE search_words MATCH '{title context} : (' || ?1 || ')'
    ), by_trigrams AS MATERIALIZED (
        SELECT rowid FROM search_trigrams
        WHERE search_trigrams MATCH ?4 AND NOT EXISTS (SELECT 1 FROM by_words)
        ORDER BY bm25(search_trigrams) LIMIT ?5
    )
    SELECT id, kind, title, exact FROM (
        SELECT id, kind, title, 1 AS exact, row_number() OVER (
            ORDER BY title = ?3 DESC, row_id IN (SELECT rowid FROM by_name) DESC, row_id IN (SELECT rowid FROM by_context) DESC,
                score, id
        ) AS place
        FROM by_words JOIN search_document ON row_id = by_words.rowid
        ORDER BY place LIMIT ?6 OFFSET ?7
    )
    UNION ALL
    SELECT id, kind, title, 0 AS exact FROM by_trigrams JOIN search_document ON row_id = by_trigrams.rowid";

pub(super) async fn search(
    db: &impl ConnectionTrait,
    search: &Search<'_>,
    text: &str,
    words: &[&str],
) -> Result<Vec<Hit>, DbErr> {
    let all_words = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let trigrams = trigrams(text).iter().filter(|trigram| !trigram.contains(' ')).map(|t| quoted(t)).collect::<Vec<_>>();
    // Too short for a trigram: a phrase that no name has.
    let any_trigram = if trigrams.is_empty() { quoted("\u{1}\u{1}\u{1}") } else { trigrams.join(" OR ") };
    let values = [
        format!("{all_words}*").into(),
        MAX_RANKED.into(),
        text.into(),
        any_trigram.into(),
        MAX_SIMILAR.into(),
        search.limit.into(),
        search.offset.into(),
    ];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), SQL, values)).await?;
    match rows.first() {
        Some(row) if !row.try_get::<bool>("", "exact")? => rank(&rows, text, search),
        _ => Ok(rows.iter().map(hit).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()),
    }
}

/// Orders names by similarity, which FTS5 cannot compute.
fn rank(rows: &[QueryResult], text: &str, search: &Search<'_>) -> Result<Vec<Hit>, DbErr> {
    let mut similar = Vec::new();
    for row in rows {
        let similarity = word_similarity(text, &row.try_get::<String>("", "title")?);
        if similarity >= MIN_SIMILARITY
            && let Some(hit) = hit(row)?
        {
            similar.push((similarity, hit));
        }
    }
    similar.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.id.cmp(&other.id)));
    let page = similar.into_iter().map(|(_, hit)| hit).skip(search.offset as usize).take(search.limit as usize);
    Ok(page.collect())
}

fn hit(row: &QueryResult) -> Result<Option<Hit>, DbErr> {
    let id: Uuid = row.try_get("", "id")?;
    Ok(Kind::from_stored(row.try_get("", "kind")?).map(|kind| Hit { kind, id }))
}

/// A string of FTS5's query language, <https://sqlite.org/fts5.html#full_text_query_syntax>.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
