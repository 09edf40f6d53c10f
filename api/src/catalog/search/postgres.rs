//! Search by `tsvector` and `pg_trgm`.

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::{Hit, Kind, MAX_RANKED, Search};

/// One statement, so that the number of statements does not depend on what is found. `<%` compares by
/// `pg_trgm.word_similarity_threshold`, see <https://www.postgresql.org/docs/15/pgtrgm.html>.
const SQL: &str = "
    WITH by_words AS (
        SELECT id, kind, title, words FROM search_document WHERE words @@ to_tsquery('simple', $1) LIMIT $2
    ), by_similarity AS (
        SELECT id, kind, title FROM search_document
        WHERE $3 <% title AND NOT EXISTS (SELECT FROM by_words)
        LIMIT $2
    )
    SELECT id, kind, row_number() OVER (
        ORDER BY title = $3 DESC, words @@ to_tsquery('simple', $6) DESC, words @@ to_tsquery('simple', $7) DESC,
            ts_rank(words, to_tsquery('simple', $1)) DESC, id
    ) AS place
    FROM by_words
    UNION ALL
    SELECT id, kind, row_number() OVER (ORDER BY word_similarity($3, title) DESC, id) AS place
    FROM by_similarity
    ORDER BY place LIMIT $4 OFFSET $5";

pub(super) async fn search(
    db: &impl ConnectionTrait,
    search: &Search<'_>,
    text: &str,
    words: &[&str],
) -> Result<Vec<Hit>, DbErr> {
    // A word consists of letters and digits alone: nothing in it needs quoting.
    let all_in = |weights: &str| format!("{}:*{weights}", words.join(&format!(":{weights} & ")));
    let values = [
        all_in("ABC").into(),
        i64::from(MAX_RANKED).into(),
        text.into(),
        i64::from(search.limit).into(),
        i64::from(search.offset).into(),
        all_in("A").into(),
        all_in("AB").into(),
    ];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), SQL, values)).await?;
    let mut hits = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(kind) = Kind::from_stored(row.try_get("", "kind")?) {
            hits.push(Hit { kind, id: row.try_get("", "id")? });
        }
    }
    Ok(hits)
}
