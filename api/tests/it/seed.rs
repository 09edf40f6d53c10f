//! The sample catalogue and made-up beers.

use entity::{beer, brewery, review, search_document, style};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseConnection, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryOrder,
};
use taproom::catalog::{
    progress::Silent,
    seed::{Counts, Generated, MAX_BEERS, SAMPLE_PRINCIPAL, SampleSummary, SeedError, generate, sample, sample_if_empty},
    text::fold,
};
use taproom::database::begin;

use crate::databases::on_each_database;

async fn fill(db: &DatabaseConnection) -> SampleSummary {
    let transaction = begin(db).await.unwrap();
    let summary = sample(&transaction).await.unwrap();
    transaction.commit().await.unwrap();
    summary
}

#[tokio::test]
async fn fills_in_the_sample_once() {
    on_each_database(async |db| {
        let first = fill(db).await;
        assert!(first.beers.created >= 100 && first.breweries.created >= 30 && first.reviews > 0, "{first:?}");
        let stored = beer::Entity::find().order_by_asc(beer::Column::Id).all(db).await.unwrap();
        assert_eq!(stored.len() as u64, first.beers.created);

        let second = fill(db).await;
        let unchanged = |counts: Counts| Counts { created: 0, unchanged: counts.created };
        let expected = SampleSummary {
            styles: unchanged(first.styles),
            breweries: unchanged(first.breweries),
            beers: unchanged(first.beers),
            reviews: 0,
        };
        assert_eq!(second, expected);
        assert_eq!(beer::Entity::find().order_by_asc(beer::Column::Id).all(db).await.unwrap(), stored);
    })
    .await;
}

#[tokio::test]
async fn keeps_edits_and_restores_what_was_deleted_only_on_demand() {
    on_each_database(async |db| {
        assert!(sample_if_empty(db).await.unwrap().is_some());
        let edit =
            |beer: beer::Model| beer::ActiveModel { abv: Set(Some(0.1)), description: Set(None), ..beer.into_active_model() };
        let mut beers = beer::Entity::find().order_by_asc(beer::Column::Id).all(db).await.unwrap();
        let brewery = brewery::Entity::find().one(db).await.unwrap().unwrap();
        let brewery = brewery::ActiveModel { website: Set(None), ..brewery.into_active_model() }.update(db).await.unwrap();
        let style = style::Entity::find().one(db).await.unwrap().unwrap();
        let style =
            style::ActiveModel { name: Set(style.name.to_uppercase()), ..style.into_active_model() }.update(db).await.unwrap();
        beers.pop().unwrap().delete(db).await.unwrap();
        let edited = edit(beers.pop().unwrap()).update(db).await.unwrap();

        assert_eq!(sample_if_empty(db).await.unwrap(), None);
        assert_eq!(beer::Entity::find().count(db).await.unwrap(), beers.len() as u64 + 1);

        let again = fill(db).await;
        assert_eq!((again.styles.created, again.breweries.created, again.beers.created), (0, 0, 1));
        assert_eq!(beer::Entity::find_by_id(edited.id).one(db).await.unwrap(), Some(edited));
        assert_eq!(brewery::Entity::find_by_id(brewery.id).one(db).await.unwrap(), Some(brewery));
        assert_eq!(style::Entity::find_by_id(style.id).one(db).await.unwrap(), Some(style));
    })
    .await;
}

#[tokio::test]
async fn the_samples_ratings_are_those_of_its_reviews() {
    on_each_database(async |db| {
        let summary = fill(db).await;
        let reviews = review::Entity::find().all(db).await.unwrap();
        assert_eq!(reviews.len() as u64, summary.reviews);
        assert!(reviews.iter().all(|review| review.principal == SAMPLE_PRINCIPAL));
        for beer in beer::Entity::find().all(db).await.unwrap() {
            let ratings: Vec<i32> =
                reviews.iter().filter(|review| review.beer_id == beer.id).map(|review| review.rating).collect();
            assert_eq!((beer.rating_count, beer.rating_sum), (ratings.len() as i32, ratings.iter().sum()), "{}", beer.name);
            assert_eq!(beer.revision, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn makes_up_the_same_beers_every_time() {
    on_each_database(async |db| {
        assert_eq!(generate(db, 100, &Silent).await.unwrap(), Generated { beers: 100, breweries: 3 });
        let hundred = beer::Entity::find().order_by_asc(beer::Column::Id).all(db).await.unwrap();
        assert_eq!(generate(db, 100, &Silent).await.unwrap(), Generated::default());
        assert_eq!(generate(db, 6_000, &Silent).await.unwrap(), Generated { beers: 5_900, breweries: 147 });
        let more = beer::Entity::find().order_by_asc(beer::Column::Id).all(db).await.unwrap();
        assert_eq!(more[..100], hundred);
        // Holds for every run, machine and version.
        let first = &more[0];
        insta::assert_debug_snapshot!(
            "first_made_up_beer",
            (first.id, &first.name, first.abv, first.ibu, first.srm, first.created_at)
        );
    })
    .await;
}

#[tokio::test]
async fn made_up_beers_are_complete() {
    on_each_database(async |db| {
        generate(db, 3_000, &Silent).await.unwrap();
        let beers = beer::Entity::find().all(db).await.unwrap();
        let breweries = brewery::Entity::find().count(db).await.unwrap();
        assert_eq!(search_document::Entity::find().count(db).await.unwrap(), 3_000 + breweries);
        assert!(beers.iter().any(|beer| beer.style_id.is_none()) && beers.iter().any(|beer| beer.abv.is_none()));
        assert!(beers.iter().all(|beer| beer.rating_count == 0 && beer.name_folded == fold(&beer.name)));

        let beer = beers.iter().find(|beer| beer.style_id.is_some() && beer.description.is_some()).unwrap();
        let document = search_document::Entity::find_by_id(beer.id).one(db).await.unwrap().unwrap();
        let brewery = brewery::Entity::find_by_id(beer.brewery_id).one(db).await.unwrap().unwrap();
        let style = style::Entity::find_by_id(beer.style_id.unwrap()).one(db).await.unwrap().unwrap();
        assert_eq!(document.title, fold(&beer.name));
        assert_eq!(document.context, format!("{} {}", fold(&brewery.name), fold(&style.name)));
        assert_eq!(document.body, fold(beer.description.as_deref().unwrap()));
    })
    .await;
}

#[tokio::test]
async fn made_up_beers_share_styles_with_the_sample() {
    on_each_database(async |db| {
        let summary = fill(db).await;
        generate(db, 50, &Silent).await.unwrap();
        assert_eq!(style::Entity::find().count(db).await.unwrap(), summary.styles.created);
        assert_eq!(fill(db).await.beers.created, 0);
    })
    .await;
}

#[tokio::test]
async fn refuses_too_many_beers() {
    on_each_database(async |db| {
        let error = generate(db, MAX_BEERS + 1, &Silent).await.unwrap_err();
        assert!(matches!(error, SeedError::TooMany { wanted } if wanted == MAX_BEERS + 1));
    })
    .await;
}
