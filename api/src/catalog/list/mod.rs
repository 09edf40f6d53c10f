//! Ordered, filtered, paged lists of the catalogue, at the top level or one for each of several parents.
//!
//! Pages are cut by keyset: a cursor names a place in the order, and the database starts reading there, by index. A nullable sort
//! column splits the order into two runs, the rows with a value and, after them in either direction, the rows without; each run is a
//! range of the same index. One statement unites at most two runs of at most `limit + 1` ids and joins the columns asked for, so
//! that what is read is bounded by the page, however deep in the list it lies.

mod aggregate;
mod cursor;
mod keyset;
mod parents;

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ModelTrait, QueryResult, sea_query::SelectStatement};
use uuid::Uuid;

pub use aggregate::{BeerStatistics, Bucket, Range, beer_statistics, beers_by_country, beers_by_style, count};
pub use cursor::{Cursor, CursorError, Key};
use keyset::{Bound, Scan};
pub use parents::rows_of;

/// Something that can be listed: a row of `Entity` with what was read along with it.
pub trait Resource: Clone + Send + Sync + 'static {
    /// The table that is listed.
    type Entity: EntityTrait;
    /// What to read beside the columns that are always read.
    type Include: Copy + Default + Eq + std::hash::Hash + Send + Sync + 'static;
    /// The table's key.
    const ID: Column<Self>;

    /// Adds the columns and joins to a statement that selects from the table.
    fn select(statement: &mut SelectStatement, include: Self::Include);

    /// # Errors
    /// If the row was not made by [`Resource::select`].
    fn from_row(row: &QueryResult, include: Self::Include) -> Result<Self, DbErr>;

    /// The row itself.
    fn model(&self) -> &<Self::Entity as EntityTrait>::Model;

    /// The row's key.
    fn id(&self) -> Uuid;
}

/// A column of the table that `R` lists.
pub type Column<R> = <<R as Resource>::Entity as EntityTrait>::Column;

/// An order: by a column, its nulls last in both directions, then by id; or by id alone, which is the order of creation.
#[derive(Clone, Copy, Debug)]
pub struct Sort<C> {
    /// The column, or none for the order of creation.
    pub column: Option<C>,
    /// From the greatest to the least.
    pub descending: bool,
}

impl<C: ColumnTrait> Sort<C> {
    /// The order's name, as cursors hold it.
    #[must_use]
    pub fn tag(&self) -> String {
        let column = self.column.map_or_else(|| "created".to_owned(), |column| column.as_str().to_owned());
        format!("{column}:{}", if self.descending { "desc" } else { "asc" })
    }

    fn is_nullable(&self) -> bool {
        self.column.is_some_and(|column| column.def().is_null())
    }
}

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct Window {
    /// Most rows to return.
    pub limit: u64,
    /// Take the last rows of the range, not the first.
    pub backwards: bool,
    /// Only rows after this place.
    pub after: Option<Cursor>,
    /// Only rows before this place.
    pub before: Option<Cursor>,
    /// Find out whether there are rows beyond the cursors too, at the price of a statement for each.
    pub look_beyond: bool,
}

/// A list to read.
#[derive(Clone, Debug)]
pub struct List<R: Resource> {
    /// Which rows.
    pub filter: Condition,
    /// In which order.
    pub sort: Sort<Column<R>>,
    /// Which of them.
    pub window: Window,
    /// What to read along.
    pub include: R::Include,
}

/// A part of a list, in the list's order.
#[derive(Clone, Debug)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether the list goes on before them; if a cursor bounds that side, known only if [`Window::look_beyond`] was set.
    pub has_previous: bool,
    /// The same for what comes after.
    pub has_next: bool,
}

impl<R: Resource> List<R> {
    /// Checks that the window's cursors belong to this order.
    ///
    /// # Errors
    /// With the name of the argument that does not.
    pub fn check_cursors(&self) -> Result<(), (&'static str, CursorError)> {
        let key_type = self.sort.column.map(<<R::Entity as EntityTrait>::Model as ModelTrait>::get_value_type);
        for (name, cursor) in [("after", &self.window.after), ("before", &self.window.before)] {
            let Some(cursor) = cursor else { continue };
            if cursor.order != self.sort.tag() {
                return Err((name, CursorError::OtherOrder));
            }
            let fits = match (&cursor.key, &key_type) {
                (None, None) => true,
                (None, Some(_)) => self.sort.is_nullable(),
                (Some(_), None) => false,
                (Some(key), Some(key_type)) => key.fits(key_type),
            };
            if !fits {
                return Err((name, CursorError::Malformed));
            }
        }
        Ok(())
    }

    /// The place of a row in this order.
    #[must_use]
    pub fn cursor(&self, row: &R) -> Cursor {
        let key = self.sort.column.and_then(|column| Key::from_value(row.model().get(column)));
        Cursor { order: self.sort.tag(), key, id: row.id() }
    }

    /// Reads the page of a list that has no parent.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn page(&self, db: &impl ConnectionTrait) -> Result<Page<R>, DbErr> {
        let rows = keyset::read(db, self, &self.scan()).await?;
        let before_page = match self.beyond_after() {
            Some(scan) => !keyset::read(db, self, &scan).await?.is_empty(),
            None => false,
        };
        let after_page = match self.beyond_before() {
            Some(scan) => !keyset::read(db, self, &scan).await?.is_empty(),
            None => false,
        };
        Ok(self.cut(rows, before_page, after_page))
    }

    /// Reads the page of each parent's list, in one statement for all of them.
    ///
    /// `by` is the column that refers to the parent. A parent without rows has an empty page.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn pages(
        &self,
        db: &impl ConnectionTrait,
        by: Column<R>,
        parents: &[Uuid],
    ) -> Result<HashMap<Uuid, Page<R>>, DbErr> {
        let mut rows = parents::read(db, self, &self.scan(), by, parents).await?;
        let before = match self.beyond_after() {
            Some(scan) => parents::read(db, self, &scan, by, parents).await?,
            None => HashMap::new(),
        };
        let after = match self.beyond_before() {
            Some(scan) => parents::read(db, self, &scan, by, parents).await?,
            None => HashMap::new(),
        };
        let page = |&parent: &Uuid| {
            let rows = rows.remove(&parent).unwrap_or_default();
            (parent, self.cut(rows, before.contains_key(&parent), after.contains_key(&parent)))
        };
        Ok(parents.iter().map(page).collect())
    }

    fn scan(&self) -> Scan {
        let window = &self.window;
        let bound = |cursor: &Option<Cursor>| cursor.as_ref().map(|cursor| Bound { cursor: cursor.clone(), inclusive: false });
        let (start, end) = if window.backwards { (&window.before, &window.after) } else { (&window.after, &window.before) };
        Scan { backwards: window.backwards, start: bound(start), end: bound(end), limit: window.limit + 1 }
    }

    /// Looks for a row at `after` or before it: what comes before the page.
    fn beyond_after(&self) -> Option<Scan> {
        self.beyond(self.window.after.as_ref(), true)
    }

    /// Looks for a row at `before` or after it: what comes after the page.
    fn beyond_before(&self) -> Option<Scan> {
        self.beyond(self.window.before.as_ref(), false)
    }

    fn beyond(&self, cursor: Option<&Cursor>, backwards: bool) -> Option<Scan> {
        let cursor = cursor.filter(|_| self.window.look_beyond)?.clone();
        Some(Scan { backwards, start: Some(Bound { cursor, inclusive: true }), end: None, limit: 1 })
    }

    /// Makes a page of rows in the order of the scan, of which there may be more than fit.
    fn cut(&self, mut rows: Vec<R>, before_page: bool, after_page: bool) -> Page<R> {
        let limit = usize::try_from(self.window.limit).unwrap_or(usize::MAX);
        let overflow = rows.len() > limit;
        rows.truncate(limit);
        if self.window.backwards {
            rows.reverse();
        }
        Page {
            rows,
            has_previous: before_page || (overflow && self.window.backwards),
            has_next: after_page || (overflow && !self.window.backwards),
        }
    }
}
