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
///
/// FTS5 finds in the order of `rowid`, so that the last of `by_words` bounds what else is looked for among its rows. Names to compare
/// are taken from the rarest trigrams, since a common one is in too many names to tell them apart.
const SQL: &str = "
    WITH by_words AS MATERIALIZED (
        SELECT rowid, bm25(search_words, 10.0, 4.0, 2.0) AS score FROM search_words WHERE search_words MATCH ?1
        ORDER BY rowid LIMIT ?2
    ), by_name AS MATERIALIZED (
        SELECT rowid FROM search_words
        WHERE search_words MATCH '{title} : (' || ?1 || ')' AND rowid <= (SELECT max(rowid) FROM by_words)
    ), by_context AS MATERIALIZED (
        SELECT rowid FROM search_words
        WHERE search_words MATCH '{title context} : (' || ?1 || ')' AND rowid <= (SELECT max(rowid) FROM by_words)
    ), rarity AS MATERIALIZED (
        SELECT value AS trigram, (
            SELECT count(*) FROM (SELECT 1 FROM search_trigrams WHERE search_trigrams MATCH value LIMIT ?2)
        ) AS names
        FROM json_each(?4) WHERE NOT EXISTS (SELECT 1 FROM by_words)
    ), candidates AS MATERIALIZED (
        SELECT search_trigrams.rowid AS row_id, names
        FROM (SELECT trigram, names FROM rarity ORDER BY names LIMIT ?2) CROSS JOIN search_trigrams
        WHERE search_trigrams MATCH trigram LIMIT ?2
    ), by_trigrams AS MATERIALIZED (
        SELECT row_id AS rowid FROM candidates GROUP BY row_id ORDER BY count(*) DESC, min(names), row_id LIMIT ?5
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
    let values = [
        format!("{all_words}*").into(),
        MAX_RANKED.into(),
        text.into(),
        serde_json::json!(trigrams).to_string().into(),
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
