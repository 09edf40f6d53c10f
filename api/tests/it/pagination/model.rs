//! A catalogue full of ties and nulls, and a plain model of its lists.

use entity::{beer, brewery, review, style};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use taproom::{catalog::text::fold, clock, graphql::NodeType};

use crate::support::app::TestApp;

/// What the lists are to be compared with: an id, the ids of its parents, and what it is ordered by.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub parents: Vec<String>,
    pub keys: Vec<(&'static str, Option<Key>)>,
}

#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Key {
    Number(f64),
    Text(String),
}

/// A field of the root that lists, the fields that list the same by parent, and a filter with what it means.
pub struct Kind {
    pub field: &'static str,
    pub parents: &'static [&'static str],
    pub filter: (&'static str, fn(&Row) -> bool),
    pub rows: Vec<Row>,
}

impl Row {
    pub fn key(&self, order: &str) -> Option<&Key> {
        self.keys.iter().find(|(name, _)| *name == order).and_then(|(_, key)| key.as_ref())
    }

    pub fn number(&self, order: &str) -> Option<f64> {
        self.key(order).and_then(|key| if let Key::Number(number) = key { Some(*number) } else { None })
    }
}

impl Kind {
    pub fn orders(&self) -> Vec<&'static str> {
        self.rows[0].keys.iter().map(|(order, _)| *order).collect()
    }

    /// The rows in an order: nulls last either way, equals by id.
    pub fn sorted(&self, order: &str, descending: bool) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| {
            let turned = |ordering: std::cmp::Ordering| if descending { ordering.reverse() } else { ordering };
            let by_key = match (a.key(order), b.key(order)) {
                (Some(a), Some(b)) => turned(a.partial_cmp(b).unwrap()),
                (a, b) => a.is_none().cmp(&b.is_none()),
            };
            by_key.then(turned(a.id.cmp(&b.id)))
        });
        rows
    }
}

/// 60 beers of few distinct names, strengths and ratings, many of them unknown, with keys in no order of time.
pub async fn catalogue() -> Vec<TestApp> {
    let apps = TestApp::on_each_database().await;
    for app in &apps {
        let now = clock::now();
        let id = |kind: u128, number: usize| {
            uuid::Uuid::from_u128((kind << 64 | number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
        };
        let breweries = (0..7).map(|number| brewery::ActiveModel {
            id: Set(id(1, number)),
            name: Set(format!("Brewery {}", number % 3)),
            name_folded: Set(format!("brewery {}", number % 3)),
            place_key: Set(number.to_string()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        });
        brewery::Entity::insert_many(breweries).exec_without_returning(&app.db).await.unwrap();
        let styles = (0..5).map(|number| style::ActiveModel {
            id: Set(id(2, number)),
            name: Set("Ale".to_owned()),
            name_folded: Set("ale".to_owned()),
            category: Set(number.to_string()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        });
        style::Entity::insert_many(styles).exec_without_returning(&app.db).await.unwrap();
        let unless = |unknown: bool, number: usize| (!unknown).then_some(number as f64 / 2.0);
        // The last brewery and the last style have none.
        let beers = (0..60).map(|number| {
            let name = ["Ale", "ÂLE", "ale B", "Zoigl", "_%", "É", "x'\"\\", "10", "9", "Über"][number / 6];
            let ratings = i32::try_from(number % 5).unwrap() - 1;
            beer::ActiveModel {
                id: Set(id(3, number)),
                brewery_id: Set(id(1, number % 6)),
                style_id: Set((number % 5 < 4).then(|| id(2, number % 5))),
                name: Set(format!("{name}{}", if name == "ÂLE" { " " } else { "" })),
                name_folded: Set(if name == "ÂLE" { "ale\u{1}".to_owned() } else { fold(name) }),
                abv: Set(unless(number % 3 == 0, number % 7)),
                ibu: Set(unless(number % 10 != 0, number)),
                revision: Set(1),
                rating_count: Set(ratings.max(0)),
                rating_sum: Set(ratings.max(0) * i32::try_from(1 + number % 4).unwrap()),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            }
        });
        beer::Entity::insert_many(beers).exec_without_returning(&app.db).await.unwrap();
        let reviews = (0..40).map(|number| review::ActiveModel {
            id: Set(id(4, number)),
            beer_id: Set(id(3, number % 9)),
            author: Set(String::new()),
            rating: Set(i32::try_from(1 + number % 3).unwrap()),
            body: Set(None),
            principal: Set("test".to_owned()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        });
        review::Entity::insert_many(reviews).exec_without_returning(&app.db).await.unwrap();
    }
    apps
}

/// The model of what a database holds.
pub async fn model(app: &TestApp) -> Vec<Kind> {
    let number = |value: Option<f64>| value.map(Key::Number);
    let text = |value: &str| Some(Key::Text(value.to_owned()));
    let id = |kind: NodeType, id| kind.id(id).to_string();
    let beers = beer::Entity::find().all(&app.db).await.unwrap().into_iter().map(|beer| Row {
        id: id(NodeType::Beer, beer.id),
        parents: [Some(id(NodeType::Brewery, beer.brewery_id)), beer.style_id.map(|style| id(NodeType::Style, style))]
            .into_iter()
            .flatten()
            .collect(),
        keys: vec![
            ("NAME", text(&beer.name_folded)),
            ("ABV", number(beer.abv)),
            ("IBU", number(beer.ibu)),
            ("RATING", number(beer.rating_average)),
            ("CREATED_AT", None),
        ],
    });
    let reviews = review::Entity::find().all(&app.db).await.unwrap().into_iter().map(|review| Row {
        id: id(NodeType::Review, review.id),
        parents: vec![id(NodeType::Beer, review.beer_id)],
        keys: vec![("RATING", number(Some(review.rating.into()))), ("CREATED_AT", None)],
    });
    let breweries = brewery::Entity::find().all(&app.db).await.unwrap().into_iter().map(|brewery| Row {
        id: id(NodeType::Brewery, brewery.id),
        parents: Vec::new(),
        keys: vec![("NAME", text(&brewery.name_folded)), ("CREATED_AT", None)],
    });
    let styles = style::Entity::find().all(&app.db).await.unwrap().into_iter().map(|style| Row {
        id: id(NodeType::Style, style.id),
        parents: Vec::new(),
        keys: vec![("NAME", text(&style.name_folded)), ("CREATED_AT", None)],
    });
    vec![
        Kind {
            field: "beers",
            parents: &["breweries", "styles"],
            filter: ("{ or: [{ abv: { gte: 1.5 } }, { ibu: { isNull: false } }] }", |row| {
                row.number("ABV").is_some_and(|abv| abv >= 1.5) || row.number("IBU").is_some()
            }),
            rows: beers.collect(),
        },
        Kind {
            field: "reviews",
            parents: &["beers"],
            filter: ("{ rating: { gte: 2 } }", |row| row.number("RATING") >= Some(2.0)),
            rows: reviews.collect(),
        },
        Kind { field: "breweries", parents: &[], filter: ("{ and: [] }", |_| true), rows: breweries.collect() },
        Kind { field: "styles", parents: &[], filter: ("{ or: [] }", |_| false), rows: styles.collect() },
    ]
}
