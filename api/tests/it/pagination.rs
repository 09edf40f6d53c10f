//! Pages against a plain model of the lists: every order in both directions, nulls, ties, cursors, and rows that go meanwhile.

mod cursors;
mod model;

use entity::{beer, review};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use taproom::graphql::NodeType;
use tokio::runtime::Runtime;

use self::model::{Kind, Row, catalogue, model};
use crate::support::app::TestApp;

/// One way to ask for a page.
#[derive(Clone, Debug)]
struct Ask {
    kind: Index,
    order: Index,
    descending: bool,
    forwards: bool,
    size: usize,
    after: Option<Index>,
    before: Option<Index>,
    filtered: bool,
    nested: bool,
}

fn list(field: &str, order: &str, descending: bool, rest: &str) -> String {
    let direction = if descending { "DESC" } else { "ASC" };
    format!(
        "list: {field}(orderBy: {{ field: {order}, direction: {direction} }}, {rest}) {{
            edges {{ cursor node {{ id }} }} pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }}
        }}"
    )
}

fn ids(list: &Value) -> Vec<&str> {
    list["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap()).collect()
}

/// Checks one page, or one page of each parent, against the model.
async fn check(app: &TestApp, model: &[Kind], ask: &Ask) {
    let kind = ask.kind.get(model);
    let order = *ask.order.get(&kind.orders());
    let sorted = kind.sorted(order, ask.descending);
    let everything = list(kind.field, order, ask.descending, "first: 100");
    let everything = app.query(&format!("{{ {everything} }}"), json!({})).await["list"].take();
    assert_eq!(ids(&everything), sorted.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), "{order} {}", ask.descending);

    let place = |index: Option<Index>| index.map(|index| index.index(sorted.len()));
    let (after, before) = (place(ask.after), place(ask.before));
    let cursor = |name: &str, place: Option<usize>| {
        place.map_or_else(String::new, |place| format!(", {name}: {}", everything["edges"][place]["cursor"]))
    };
    let rest = format!(
        "{}: {}, filter: {}{}{}",
        if ask.forwards { "first" } else { "last" },
        ask.size,
        if ask.filtered { kind.filter.0 } else { "{}" },
        cursor("after", after),
        cursor("before", before)
    );
    let page = list(kind.field, order, ask.descending, &rest);
    // Every parent's list is cut at the same places, among them parents without rows and cursors of other parents' rows.
    let lists: Vec<(Option<String>, Value)> = if ask.nested && !kind.parents.is_empty() {
        let parents = kind.parents.iter().map(|field| format!("{field}(first: 100) {{ nodes {{ id {page} }} }}"));
        let data = app.query(&format!("{{ {} }}", parents.collect::<Vec<_>>().join(" ")), json!({})).await;
        let nodes = data.as_object().unwrap().values().flat_map(|parents| parents["nodes"].as_array().unwrap());
        nodes.map(|parent| (parent["id"].as_str().map(str::to_owned), parent["list"].clone())).collect()
    } else {
        vec![(None, app.query(&format!("{{ {page} }}"), json!({})).await["list"].take())]
    };
    for (parent, found) in lists {
        let of_list = |(_, row): &(usize, &&Row)| {
            (!ask.filtered || kind.filter.1(row)) && parent.as_ref().is_none_or(|parent| row.parents.contains(parent))
        };
        let rows: Vec<(usize, &&Row)> = sorted.iter().enumerate().filter(of_list).collect();
        let between = |(place, _): &&(usize, &&Row)| {
            after.is_none_or(|after| *place > after) && before.is_none_or(|before| *place < before)
        };
        let inside: Vec<&str> = rows.iter().filter(between).map(|(_, row)| row.id.as_str()).collect();
        let cut = inside.len().saturating_sub(ask.size);
        let expected = if ask.forwards { &inside[..inside.len() - cut] } else { &inside[cut..] };
        let previous = rows.iter().any(|(place, _)| after.is_some_and(|after| *place <= after)) || (!ask.forwards && cut > 0);
        let next = rows.iter().any(|(place, _)| before.is_some_and(|before| *place >= before)) || (ask.forwards && cut > 0);
        let info = &found["pageInfo"];
        assert_eq!(ids(&found), expected, "{page} of {parent:?}");
        assert_eq!((&info["hasPreviousPage"], &info["hasNextPage"]), (&json!(previous), &json!(next)), "{page} of {parent:?}");
        assert_eq!(info["startCursor"], found["edges"][0]["cursor"], "{page}");
    }
}

#[test]
fn every_page_is_what_a_plain_model_says() {
    let runtime = Runtime::new().unwrap();
    let apps = runtime.block_on(async {
        let mut apps = Vec::new();
        for app in catalogue().await {
            let model = model(&app).await;
            apps.push((app, model));
        }
        apps
    });
    let place = || proptest::option::of(any::<Index>());
    let ask = (any::<[Index; 2]>(), any::<[bool; 4]>(), 0..8_usize, place(), place()).prop_map(
        |([kind, order], [descending, forwards, filtered, nested], size, after, before)| Ask {
            kind,
            order,
            descending,
            forwards,
            size,
            after,
            before,
            filtered,
            nested,
        },
    );
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&ask, |ask| {
        runtime.block_on(async {
            for (app, model) in &apps {
                check(app, model, &ask).await;
            }
        });
        Ok(())
    });
    result.unwrap();
}

/// Follows the pages to the end; `between` is called with the ids of each page.
async fn walk(app: &TestApp, kind: &Kind, order: &str, way: (bool, bool), mut between: impl AsyncFnMut(&[&str])) -> Vec<String> {
    let (descending, forwards) = way;
    let (size, from, end, more) = if forwards {
        ("first", "after", "endCursor", "hasNextPage")
    } else {
        ("last", "before", "startCursor", "hasPreviousPage")
    };
    let mut walked = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = list(kind.field, order, descending, &format!("{size}: 7, {from}: {cursor}"));
        let page = app.query(&format!("{{ {page} }}"), json!({})).await["list"].take();
        let mut ids = ids(&page);
        if !forwards {
            ids.reverse();
        }
        walked.extend(ids.iter().map(ToString::to_string));
        between(&ids).await;
        cursor = page["pageInfo"][end].clone();
        if page["pageInfo"][more] == false {
            return walked;
        }
    }
}

#[tokio::test]
async fn a_walk_meets_every_row_once_in_both_directions() {
    for app in catalogue().await {
        for kind in &model(&app).await {
            for order in kind.orders() {
                for way in [(false, true), (true, true), (false, false), (true, false)] {
                    let mut expected: Vec<String> = kind.sorted(order, way.0).iter().map(|row| row.id.clone()).collect();
                    if !way.1 {
                        expected.reverse();
                    }
                    assert_eq!(walk(&app, kind, order, way, async |_| {}).await, expected, "{} {order} {way:?}", kind.field);
                }
            }
        }
    }
}

#[tokio::test]
async fn rows_that_go_between_pages_take_no_others_with_them() {
    for (order, way) in [("NAME", (false, true)), ("ABV", (true, false)), ("IBU", (false, false)), ("RATING", (true, true))] {
        for app in catalogue().await {
            review::Entity::delete_many().exec(&app.db).await.unwrap();
            let model = model(&app).await;
            let mut expected: Vec<String> = model[0].sorted(order, way.0).iter().map(|row| row.id.clone()).collect();
            if !way.1 {
                expected.reverse();
            }
            let mut gone = Vec::new();
            let mut met = 0;
            let walked = walk(&app, &model[0], order, way, async |page| {
                met += page.len();
                // The page's first row, the one its cursor points at, and one still to come.
                let first = expected.iter().position(|id| Some(id.as_str()) == page.first().copied());
                let doomed =
                    [page.first().copied(), page.last().copied(), first.and_then(|at| expected.get(at + 9)).map(String::as_str)];
                for id in doomed.into_iter().flatten() {
                    if !page.contains(&id) {
                        gone.push(id.to_owned());
                    }
                    let key = NodeType::Beer.key(&id.into()).unwrap();
                    beer::Entity::delete_many().filter(beer::Column::Id.eq(key)).exec(&app.db).await.unwrap();
                }
            })
            .await;
            assert_eq!(walked.len(), met);
            expected.retain(|id| !gone.contains(id));
            assert_eq!(walked, expected, "{order} {way:?}");
        }
    }
}
