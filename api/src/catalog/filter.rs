//! Conditions that rows have to meet, to be combined with [`Condition::all`], [`Condition::any`] and [`Condition::not`].

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Value,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};

use super::text::fold;

/// How a name is compared: by its folded form, so without regard to case and accents. Every given part has to hold.
#[derive(Clone, Debug, Default)]
pub struct TextMatch {
    pub eq: Option<String>,
    pub one_of: Option<Vec<String>>,
    pub contains: Option<String>,
    pub starts_with: Option<String>,
}

impl TextMatch {
    /// The condition on a column of folded text.
    pub fn on(self, column: impl ColumnTrait) -> Condition {
        let like = |pattern: String| Expr::col(column.as_column_ref()).like(LikeExpr::new(pattern).escape('\\'));
        Condition::all()
            .add_option(self.eq.map(|text| column.eq(fold(&text))))
            .add_option(self.one_of.map(|texts| column.is_in(texts.iter().map(|text| fold(text)))))
            .add_option(self.contains.map(|text| like(format!("%{}%", escape(&fold(&text))))))
            .add_option(self.starts_with.map(|text| prefixed(column, &fold(&text))))
    }
}

/// How a value is compared. Every given part has to hold; null meets none of them but `is_null: true`.
#[derive(Clone, Debug)]
pub struct ValueMatch<T> {
    pub eq: Option<T>,
    pub one_of: Option<Vec<T>>,
    pub gt: Option<T>,
    pub gte: Option<T>,
    pub lt: Option<T>,
    pub lte: Option<T>,
    pub is_null: Option<bool>,
}

impl<T> Default for ValueMatch<T> {
    fn default() -> Self {
        Self { eq: None, one_of: None, gt: None, gte: None, lt: None, lte: None, is_null: None }
    }
}

impl<T: Into<Value>> ValueMatch<T> {
    /// The condition on a column of such values.
    pub fn on(self, column: impl ColumnTrait) -> Condition {
        Condition::all()
            .add_option(self.eq.map(|value| column.eq(value)))
            .add_option(self.one_of.map(|values| column.is_in(values)))
            .add_option(self.gt.map(|value| column.gt(value)))
            .add_option(self.gte.map(|value| column.gte(value)))
            .add_option(self.lt.map(|value| column.lt(value)))
            .add_option(self.lte.map(|value| column.lte(value)))
            .add_option(self.is_null.map(|is_null| if is_null { column.is_null() } else { column.is_not_null() }))
    }
}

/// Rows whose `reference` is the `key` of a row of `E` that meets `condition`.
pub fn related<E: EntityTrait>(reference: impl ColumnTrait, key: impl ColumnTrait, condition: Condition) -> Condition {
    let matching = Query::select().column(key.as_column_ref()).from(E::default()).cond_where(condition).to_owned();
    Condition::all().add(Expr::col(reference.as_column_ref()).in_subquery(matching))
}

/// The negation in which unknown counts as false: a row that `condition` cannot judge, for a null, does not meet its negation either
/// in SQL; people expect that it does.
pub fn negated(condition: Condition) -> Condition {
    if condition.is_empty() {
        return Condition::all().add(Expr::cust("FALSE"));
    }
    let known = Func::coalesce([Expr::expr(condition), Expr::cust("FALSE")]);
    Condition::all().add(Expr::from(known).not())
}

/// Texts that begin with `prefix`: a range of an index, for folded text is compared byte by byte. SQLite does not see that in `LIKE`.
fn prefixed(column: impl ColumnTrait, prefix: &str) -> Condition {
    let mut end = prefix.to_owned();
    let mut next = None;
    while next.is_none()
        && let Some(last) = end.pop()
    {
        next = (last..=char::MAX).nth(1);
    }
    end.extend(next);
    Condition::all().add(column.gte(prefix)).add_option(next.map(|_| column.lt(end)))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use entity::beer;
    use sea_orm::{DatabaseBackend, EntityTrait, QueryFilter, QueryTrait};

    use super::prefixed;

    fn range(prefix: &str) -> String {
        let query = beer::Entity::find().filter(prefixed(beer::Column::NameFolded, prefix));
        let sql = query.build(DatabaseBackend::Sqlite).to_string();
        sql.split_once(" WHERE ").unwrap().1.replace("\"beer\".\"name_folded\" ", "")
    }

    #[test]
    fn a_prefix_is_a_range() {
        assert_eq!(range("ab"), ">= 'ab' AND < 'ac'");
        assert_eq!(range("a\u{10FFFF}"), ">= 'a\u{10FFFF}' AND < 'b'");
        assert_eq!(range("\u{D7FF}"), ">= '\u{D7FF}' AND < '\u{E000}'");
        assert_eq!(range("\u{10FFFF}"), ">= '\u{10FFFF}'");
        assert_eq!(range(""), ">= ''");
    }
}
