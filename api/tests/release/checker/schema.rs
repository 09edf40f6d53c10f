//! A schema as lines that can be compared.

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};

/// Tables, columns, constraints, indexes, triggers, views and types. Extensions' own, and extensions themselves, are left out.
const POSTGRES: &str = "
    SELECT format('%s %s', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END, relname) AS line
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('column %s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
            CASE WHEN attnotnull THEN ' not null' ELSE '' END, ' default ' || pg_get_expr(adbin, adrelid))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('type %s.%s', typname, enumlabel) FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
    ORDER BY line";

const INVALID: &str = "SELECT indexrelid::regclass::text AS line FROM pg_index WHERE NOT indisvalid";

/// All but the rows that FTS5 keeps its own books in.
const SQLITE: &str = "SELECT type || ' ' || name || coalesce(' ' || sql, '') AS line FROM sqlite_master ORDER BY line";

pub async fn postgres_schema(db: &DatabaseConnection) -> Vec<String> {
    lines(db, POSTGRES).await
}

pub async fn invalid_indexes(db: &DatabaseConnection) -> Vec<String> {
    lines(db, INVALID).await
}

pub async fn sqlite_schema(db: &DatabaseConnection) -> Vec<String> {
    assert_eq!(db.get_database_backend(), DatabaseBackend::Sqlite);
    lines(db, SQLITE).await
}

async fn lines(db: &DatabaseConnection, query: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "line").unwrap()).collect()
}
