//! The traffic of the recording: people who look for beers, some who rate them, some who err, and one who takes everything.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// The operations that metrics tell apart.
pub const OPERATIONS: &str = "BeerList,BeerDetails,BreweryPage,Search,StrongestBeers,RateBeer";

const LIST: &str = "query BeerList($style: String) { beers(first: 20, filter: { style: { name: { contains: $style } } }) \
    { totalCount nodes { id name abv ratingAverage style { name } brewery { name city } } pageInfo { hasNextPage endCursor } } }";
const DETAILS: &str = "query BeerDetails($id: ID!) { beer(id: $id) { name abv ibu description style { name } brewery { name country website } \
    ratingAverage ratingCount reviews(first: 10) { nodes { author rating body } } } }";
const BREWERY: &str = "query BreweryPage { breweries(first: 5, filter: { country: { eq: \"Belgium\" } }) \
    { totalCount nodes { name city beers(first: 3) { totalCount nodes { name abv } } } } }";
const SEARCH: &str = "query Search($text: String!) { search(query: $text, first: 10) { nodes { __typename ... on Beer { name style { name } } \
    ... on Brewery { name city } } } }";
const STRONGEST: &str = "query StrongestBeers { beers(first: 5, orderBy: { field: ABV, direction: DESC }) { nodes { name abv } \
    aggregates { count abv { min max avg } byCountry { country count } } } }";
const RATE: &str =
    "mutation RateBeer($input: CreateReviewInput!) { createReview(input: $input) { review { id } errors { code } } }";
const NAMELESS: &str = "{ styles(first: 10) { nodes { name } } }";
const UNKNOWN_FIELD: &str = "query BeerList { beers(first: 20) { nodes { name price } } }";
const CUT_OFF: &str = "query BeerDetails($id: ID!) { beer(id: $id) { name";
/// Costs more than one may ask.
const EVERYTHING: &str = "query Everything { breweries(first: 100) { nodes { beers(first: 100) { nodes { name reviews(first: 100) { nodes { body } } } } } } }";
const PAGE: &str = "query Scrape { beers(first: 100) { nodes { name description brewery { name } style { name } } } }";

pub struct Shop {
    client: Client,
    key: String,
    beers: Vec<Value>,
    random: StdRng,
    under_way: JoinSet<()>,
}

/// Who gets how much, and for how long.
pub struct Phase<'a> {
    pub seconds: u64,
    pub blue: &'a str,
    /// Gets one request in ten.
    pub green: Option<&'a str>,
    pub scraper: bool,
}

impl Shop {
    pub async fn open(address: &str, key: &str) -> Self {
        let client = crate::http_support::client();
        let body = json!({ "query": "{ beers(first: 100) { nodes { id } } }" });
        let answer: Value = post(&client, address).json(&body).send().await.unwrap().json().await.unwrap();
        let beers = answer["data"]["beers"]["nodes"].as_array().unwrap().iter().map(|beer| beer["id"].clone()).collect();
        Self { client, key: key.to_owned(), beers, random: StdRng::seed_from_u64(7), under_way: JoinSet::new() }
    }

    /// Ten requests a second, and if there is a scraper, eight more of his.
    pub async fn run(&mut self, phase: Phase<'_>) {
        let end = Instant::now() + Duration::from_secs(phase.seconds);
        let mut ticks = interval(Duration::from_millis(100));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while Instant::now() < end {
            ticks.tick().await;
            while self.under_way.try_join_next().is_some() {}
            let green = phase.green.filter(|_| self.random.random_ratio(1, 10));
            let address = green.unwrap_or(phase.blue);
            self.visitor(address);
            if phase.scraper && self.random.random_ratio(8, 10) {
                let request =
                    post(&self.client, address).header("x-forwarded-for", "198.51.100.7").json(&json!({ "query": PAGE }));
                self.send(request);
            }
        }
    }

    /// Waits until everything is answered.
    pub async fn close(mut self) {
        while self.under_way.join_next().await.is_some() {}
    }

    fn visitor(&mut self, address: &str) {
        let address_of_visitor = format!("203.0.113.{}", self.random.random_range(0..100));
        let beer = self.beers.choose(&mut self.random).unwrap().clone();
        let style = ["IPA", "Stout", "Lager", "Porter", "Ale"].choose(&mut self.random).unwrap();
        let text = ["pilsner", "pilzner", "stout", "trappist", "guiness", "hefe"].choose(&mut self.random).unwrap();
        let list = json!({ "operationName": "BeerList", "query": LIST, "variables": { "style": style } });
        let rating = json!({ "beerId": beer, "author": "Recorder", "rating": self.random.random_range(1..=5) });
        let rate = json!({ "query": RATE, "variables": { "input": rating } });
        let post = post(&self.client, address).header("x-forwarded-for", address_of_visitor);
        let request = match self.random.random_range(0..200) {
            0..60 => post.json(&list),
            60..120 => {
                // Some have a build of their own, with documents that nobody has registered yet.
                let build = self.random.random_range(0..25);
                let build = if build == 0 { self.random.random_range(1..1_000) } else { 0 };
                return self.by_id(post, format!("{DETAILS} # {build}"), json!({ "id": beer }));
            }
            120..146 => return self.by_id(post, BREWERY.to_owned(), Value::Null),
            146..170 => post.json(&json!({ "query": SEARCH, "variables": { "text": text } })),
            170..180 => post.json(&json!({ "query": STRONGEST })),
            180..189 => post.bearer_auth(&self.key).json(&rate),
            189..193 => post.json(&json!({ "query": NAMELESS })),
            193..195 => post.json(&json!({ "query": UNKNOWN_FIELD })),
            195 => post.json(&json!({ "query": CUT_OFF, "variables": { "id": beer } })),
            196 => post.json(&rate),
            197 => post.bearer_auth("taproom_guessed").json(&list),
            _ => post.json(&json!({ "query": EVERYTHING })),
        };
        self.send(request);
    }

    fn send(&mut self, request: RequestBuilder) {
        self.under_way.spawn(async move {
            let _ = request.send().await;
        });
    }

    /// As clients with persisted queries do: by the id, and with the text if that is not known.
    fn by_id(&mut self, request: RequestBuilder, document: String, variables: Value) {
        let hash: String = Sha256::digest(&document).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut body =
            json!({ "variables": variables, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
        let again = request.try_clone().unwrap();
        self.under_way.spawn(async move {
            let Ok(answer) = request.json(&body).send().await else { return };
            let answer: Value = answer.json().await.unwrap_or_default();
            if answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND" {
                body["query"] = document.into();
                let _ = again.json(&body).send().await;
            }
        });
    }
}

fn post(client: &Client, address: &str) -> RequestBuilder {
    client.post(format!("http://{address}/graphql"))
}
