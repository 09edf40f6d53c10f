//! What the databases read for a page is bounded by the page: in every order and direction, wherever in the list, and for lists of
//! thousands of rows.
//!
//! PostgreSQL tells by `EXPLAIN ANALYZE` how many rows every scan went through. SQLite counts the steps of its virtual machine.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use entity::{beer, review};
use migration::MigratorTrait as _;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseBackend, DatabaseConnection, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};
use serde_json::Value as Json;
use taproom::{
    catalog::{
        list::{Column, Cursor, List, Resource, Sort, Window},
        progress::Silent,
        resource::{Beer, BeerInclude, Review, ReviewInclude},
        seed::generate,
    },
    config::DatabaseConfig,
    database,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::postgres::postgres_database;

/// Made-up beers. Two thirds are of one style, and one brewery has far more than the others.
const BEERS: u64 = 2_000;

/// Rows of a page.
const PAGE: u64 = 5;

/// Rows of the listed table that PostgreSQL may scan for a row of a page: two runs, each by the order's index and once more by key, and
/// a probe beyond either cursor.
const SCANNED: u64 = 6;

/// Steps of SQLite's virtual machine for a row of a page, which is some forty columns wide.
const STEPS: u64 = 400;

/// A database whose work is counted.
struct Counted {
    db: DatabaseConnection,
    /// Steps of SQLite's virtual machine.
    steps: Arc<AtomicU64>,
    /// What was sent to the database.
    statements: Arc<Mutex<Vec<Statement>>>,
    _folder: Option<TempDir>,
}

impl Counted {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
        // One connection: the one that counts.
        let config = DatabaseConfig { pool_size: 1, ..DatabaseConfig::at(url.parse().unwrap()) };
        let mut db = database::connect(&config).await.unwrap();
        migration::Migrator::up(&db, None).await.unwrap();
        let statements = record(&mut db);
        let steps = Arc::new(AtomicU64::new(0));
        let counter = steps.clone();
        let mut connection = db.get_sqlite_connection_pool().acquire().await.unwrap();
        connection.lock_handle().await.unwrap().set_progress_handler(1, move || {
            counter.fetch_add(1, Ordering::SeqCst);
            true
        });
        drop(connection);
        Self { db, steps, statements, _folder: Some(folder) }
    }

    async fn postgres() -> Option<Self> {
        let mut db = postgres_database().await?.connect().await;
        let statements = record(&mut db);
        Some(Self { db, steps: Arc::default(), statements, _folder: None })
    }

    fn reset(&self) {
        self.steps.store(0, Ordering::SeqCst);
        self.statements.lock().unwrap().clear();
    }

    /// What the database has done since the last reset, how much it may do for a row of a page, and by which plans.
    async fn work(&self) -> (u64, u64, String) {
        let steps = self.steps.load(Ordering::SeqCst);
        let statements = std::mem::take(&mut *self.statements.lock().unwrap());
        let mut scanned = 0;
        let mut plans = String::new();
        for statement in &statements {
            plans.push_str(&format!("{}\n", statement.sql));
            if self.is_sqlite() {
                plans.push_str(&sqlite_plan(&self.db, statement).await);
            } else {
                let plan = postgres_plan(&self.db, statement).await;
                scanned += rows_scanned(&plan);
                plans.push_str(&format!("{plan:#}\n"));
            }
        }
        if self.is_sqlite() { (steps, STEPS, plans) } else { (scanned, SCANNED, plans) }
    }

    fn is_sqlite(&self) -> bool {
        self.db.get_database_backend() == DatabaseBackend::Sqlite
    }
}

async fn sqlite_plan(db: &DatabaseConnection, statement: &Statement) -> String {
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement.clone() };
    let lines = db.query_all_raw(explain).await.unwrap();
    lines.iter().map(|line| format!("  {}\n", line.try_get::<String>("", "detail").unwrap())).collect()
}

/// Remembers every statement.
fn record(db: &mut DatabaseConnection) -> Arc<Mutex<Vec<Statement>>> {
    let statements = Arc::new(Mutex::new(Vec::new()));
    let sent = statements.clone();
    db.set_metric_callback(move |info| sent.lock().unwrap().push(info.statement.clone()));
    statements
}

/// How PostgreSQL executes a statement. Like the connections of the service, EXPLAIN plans for the values at hand.
async fn postgres_plan(db: &DatabaseConnection, statement: &Statement) -> Json {
    let explain = Statement { sql: format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}", statement.sql), ..statement.clone() };
    let row = db.query_one_raw(explain).await.unwrap().unwrap();
    row.try_get_by_index::<Json>(0).unwrap()[0]["Plan"].take()
}

/// Rows of the large tables that a plan went through, those it threw away included.
fn rows_scanned(plan: &Json) -> u64 {
    let figure = |name: &str| plan[name].as_f64().unwrap_or_default();
    let scanned = if ["beer", "review"].iter().any(|table| plan["Relation Name"] == *table) {
        (figure("Actual Rows") + figure("Rows Removed by Filter") + figure("Rows Removed by Index Recheck"))
            * figure("Actual Loops")
    } else {
        0.0
    };
    let children = plan["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    scanned as u64 + children.iter().map(rows_scanned).sum::<u64>()
}

/// Made-up beers; a style and a brewery with a large share of them, a beer with a large share of the reviews.
async fn fill(on: &Counted) {
    generate(&on.db, BEERS, &Silent).await.unwrap();
    let statements = [
        "UPDATE beer SET style_id = (SELECT id FROM style ORDER BY id LIMIT 1)
        WHERE style_id IN (SELECT id FROM style ORDER BY id LIMIT 20 OFFSET 1)",
        "UPDATE beer SET brewery_id = (SELECT id FROM brewery ORDER BY id LIMIT 1),
            name_folded = name_folded || CAST(created_at AS text)
        WHERE ibu > 80",
        "UPDATE beer SET rating_count = 2, rating_sum = 4 + CAST(abv AS integer) % 5 WHERE abv < 8",
        "INSERT INTO review (id, beer_id, author, rating, principal, created_at, updated_at)
        SELECT beer.id, CASE WHEN abv > 8 THEN first.id ELSE beer.id END, 'test', 1 + rating_sum % 5, 'test', created_at, created_at
        FROM beer CROSS JOIN (SELECT id FROM beer ORDER BY id LIMIT 1) AS first",
    ];
    // What autovacuum does in time; nobody does it on SQLite.
    for sql in statements.into_iter().chain((!on.is_sqlite()).then_some("VACUUM ANALYZE")) {
        on.db.execute_unprepared(sql).await.unwrap();
    }
}

/// Lists of `R` in every order, at every place that makes a difference; at the root and for parents by `by`.
async fn check<R: Resource>(
    on: &Counted,
    columns: &[Column<R>],
    include: R::Include,
    by: &[(Column<R>, &[Uuid])],
) -> Vec<String> {
    let mut failures = Vec::new();
    let sorts = columns
        .iter()
        .copied()
        .map(Some)
        .chain([None])
        .flat_map(|column| [false, true].map(|descending| Sort { column, descending }));
    for sort in sorts {
        let whole = List::<R> { filter: Condition::all(), sort, window: window(u32::MAX.into()), include };
        let rows = whole.page(&on.db).await.unwrap().rows;
        let cursor = |per_mille: usize| Some(whole.cursor(&rows[(rows.len() - 1) * per_mille / 1_000]));
        for (place, window) in windows(cursor(300), cursor(970)) {
            let list = List { window, ..whole.clone() };
            on.reset();
            list.page(&on.db).await.unwrap();
            failures.extend(excess(on, &format!("{} {place}", sort.tag()), 1).await);
            for (by, parents) in by {
                on.reset();
                list.pages(&on.db, *by, parents).await.unwrap();
                let what = format!("{} {place} by {by:?} of {}", sort.tag(), parents.len());
                failures.extend(excess(on, &what, parents.len() as u64).await);
            }
        }
    }
    failures
}

/// What was done too much since the last reset, for a page of each of `parents` lists.
async fn excess(on: &Counted, list: &str, parents: u64) -> Option<String> {
    let (work, per_row, plans) = on.work().await;
    let limit = per_row * parents * (PAGE + 1);
    (work > limit).then(|| format!("{list}: {work} is more than {limit}\n{plans}"))
}

fn window(limit: u64) -> Window {
    Window { limit, backwards: false, after: None, before: None, look_beyond: true }
}

/// From both ends, and from a place early in the list and one late in it, where nulls are.
fn windows(early: Option<Cursor>, late: Option<Cursor>) -> Vec<(&'static str, Window)> {
    let page = window(PAGE);
    let backwards = Window { backwards: true, ..page.clone() };
    vec![
        ("first", page.clone()),
        ("last", backwards.clone()),
        ("after early", Window { after: early.clone(), ..page.clone() }),
        ("after late", Window { after: late.clone(), ..page.clone() }),
        ("before early", Window { before: early.clone(), ..backwards.clone() }),
        ("before late", Window { before: late.clone(), ..backwards }),
        ("between", Window { after: early, before: late, ..page }),
    ]
}

async fn check_all(on: &Counted) -> Vec<String> {
    use beer::Column::{Abv, BreweryId, Ibu, NameFolded, RatingAverage, StyleId};
    fill(on).await;
    let ids = |statement: sea_orm::Select<beer::Entity>, column: beer::Column| {
        statement.select_only().column(column).distinct().into_tuple::<Uuid>().all(&on.db)
    };
    let mut breweries = ids(beer::Entity::find().order_by_asc(BreweryId), BreweryId).await.unwrap();
    let styles = ids(beer::Entity::find().filter(StyleId.is_not_null()).order_by_asc(StyleId), StyleId).await.unwrap();
    breweries.truncate(100);
    let beers: Vec<Uuid> = beer::Entity::find()
        .select_only()
        .column(beer::Column::Id)
        .order_by_asc(beer::Column::Id)
        .limit(10)
        .into_tuple()
        .all(&on.db)
        .await
        .unwrap();
    let include = BeerInclude { brewery: true, style: true, description: false };
    let by = [(BreweryId, &breweries[..]), (StyleId, &styles[..1])];
    let mut failures = check::<Beer>(on, &[NameFolded, Abv, Ibu, RatingAverage], include, &by).await;
    failures.extend(
        check::<Review>(on, &[review::Column::Rating], ReviewInclude { beer: true }, &[(review::Column::BeerId, &beers)]).await,
    );
    failures
}

#[tokio::test]
async fn sqlite_reads_no_more_than_a_page() {
    let failures = check_all(&Counted::sqlite().await).await;
    assert!(failures.is_empty(), "{} lists\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test]
async fn postgres_reads_no_more_than_a_page() {
    let Some(postgres) = Counted::postgres().await else { return };
    let mode = Statement::from_string(DatabaseBackend::Postgres, "SHOW plan_cache_mode");
    let mode = postgres.db.query_one_raw(mode).await.unwrap().unwrap().try_get_by_index::<String>(0);
    assert_eq!(mode.unwrap(), "force_custom_plan");
    let failures = check_all(&postgres).await;
    assert!(failures.is_empty(), "{} lists\n{}", failures.len(), failures.join("\n"));
}
