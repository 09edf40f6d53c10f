//! What caches may keep, and how they ask whether it is still good.

use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use taproom::auth::Scope;
use taproom::config::{DocumentsConfig, LimitsConfig};
use taproom::graphql::{self, Features, documents::Documents};

use crate::http_support::{client, header, json as body_of, with_query};
use crate::persisted::sha256;
use crate::support::app::TestApp;

const BEERS: &str = "query Beers($first: Int) { beers(first: $first) { nodes { id name } } }";

async fn remembering(app: &TestApp) -> TestApp {
    let config = DocumentsConfig { persisted_queries_bytes: 1 << 20, ..DocumentsConfig::default() };
    let documents = Documents::load(&config, &LimitsConfig::default()).unwrap().into();
    app.another_with(Features { documents, ..Features::default() }).await
}

impl TestApp {
    /// Asks by the hash of `text` alone, which is registered before.
    async fn by_hash(&self, method: Method, text: &str, variables: Value, headers: HeaderMap) -> Response {
        let id = format!("sha256:{}", sha256(text));
        self.send(None, &json!({ "query": text, "documentId": id, "variables": variables })).await;
        let parameters = [("documentId", id.as_str()), ("variables", &variables.to_string())];
        let url = with_query(&format!("{}/graphql", self.url), &parameters);
        client().request(method, url).headers(headers).send().await.unwrap()
    }

    async fn cache_control(&self, text: &str) -> String {
        let response = self.by_hash(Method::GET, text, json!({}), HeaderMap::new()).await;
        assert_eq!(response.headers().contains_key("etag"), header(&response, "cache-control") != "no-store", "{text}");
        header(&response, "cache-control").to_owned()
    }
}

fn with(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
}

#[tokio::test]
async fn a_query_by_its_hash_may_be_kept_and_is_validated() {
    for app in TestApp::seeded().await {
        let app = remembering(&app).await;
        let get = async |headers| app.by_hash(Method::GET, BEERS, json!({ "first": 3 }), headers).await;
        let response = get(HeaderMap::new()).await;
        assert_eq!(response.headers().get_all("cache-control").iter().collect::<Vec<_>>(), ["public, max-age=60"]);
        let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(vary, ["accept", "authorization", "accept-encoding"]);
        let tag = header(&response, "etag").to_owned();
        assert!(tag.starts_with("W/\""), "{tag}: compression does not change it");
        assert_eq!(body_of(response).await["data"]["beers"]["nodes"].as_array().unwrap().len(), 3);

        let strong = tag.trim_start_matches("W/");
        for known in [&tag, strong, "*", &format!("\"a\", W/\"b\" , {tag}"), &format!("{strong},\"c\"")] {
            let response = get(with("if-none-match", known)).await;
            assert_eq!(response.status(), 304, "{known}");
            assert_eq!((header(&response, "etag"), header(&response, "cache-control")), (&*tag, "public, max-age=60"));
            assert!(!response.headers().contains_key("content-type") && response.headers().get_all("vary").iter().count() == 3);
            assert_eq!(response.text().await.unwrap(), "");
        }
        for known in ["\"a\"", &tag[..tag.len() - 2], "nonsense", ""] {
            assert_eq!(get(with("if-none-match", known)).await.status(), 200, "{known}");
        }
        let other = app.by_hash(Method::GET, BEERS, json!({ "first": 2 }), with("if-none-match", &tag)).await;
        assert_eq!(other.status(), 200, "another answer");
        let head = app.by_hash(Method::HEAD, BEERS, json!({ "first": 3 }), HeaderMap::new()).await;
        assert_eq!((header(&head, "etag"), header(&head, "cache-control")), (&*tag, "public, max-age=60"));

        assert_eq!(app.cache_control("{ beers { nodes { reviews { nodes { rating } } } } }").await, "public, max-age=30");
    }
}

#[tokio::test]
async fn nothing_else_may_be_kept() {
    for app in TestApp::seeded().await {
        let app = remembering(&app).await;
        for text in [
            "{ __typename }",
            "{ __schema { queryType { name } } }",
            "{ beers { nodes { id } } __type(name: \"Beer\") { name } }",
            "{ beers(first: 1000) { nodes { id } } }",
            "{ beer(id: \"nonsense\") { id } beers { nodes { id } } }",
            "mutation { __typename }",
        ] {
            assert_eq!(app.cache_control(text).await, "no-store", "{text}");
        }
        let key = app.key(&[Scope::CatalogWrite]).await;
        for credential in [format!("Bearer {key}"), "Bearer nonsense".to_owned()] {
            let headers = with("authorization", &credential);
            let response = app.by_hash(Method::GET, BEERS, json!({}), headers).await;
            assert_eq!(header(&response, "cache-control"), "no-store", "with a credential");
        }
        let id = format!("sha256:{}", sha256(BEERS));
        let url = |parameters: &[(&str, &str)]| with_query(&format!("{}/graphql", app.url), parameters);
        let requests = [
            client().get(url(&[("query", BEERS)])),
            client().get(url(&[("query", BEERS), ("documentId", &id)])),
            client().post(format!("{}/graphql", app.url)).json(&json!({ "documentId": id })),
            client().get(url(&[("documentId", "sha256:unknown")])),
        ];
        for request in requests {
            let response = request.header("if-none-match", "*").send().await.unwrap();
            assert_eq!((response.status().as_u16(), header(&response, "cache-control")), (200, "no-store"));
        }
    }
}

/// Root fields whose answers nobody but the client may keep. Nobody has any yet.
const PRIVATE: &[&str] = &[];

#[test]
fn every_root_field_says_how_long_it_may_be_kept() {
    use async_graphql::parser::types::{TypeDefinition, TypeKind, TypeSystemDefinition};
    let document = async_graphql::parser::parse_schema(graphql::sdl()).unwrap();
    let types: Vec<&TypeDefinition> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(&definition.node),
            _ => None,
        })
        .collect();
    let hinted = |directives: &[async_graphql::Positioned<async_graphql::parser::types::ConstDirective>]| {
        directives.iter().any(|it| it.node.name.node == "cacheControl" && it.node.get_argument("maxAge").is_some())
    };
    let query = types.iter().find(|definition| definition.name.node == "Query").unwrap();
    let TypeKind::Object(query) = &query.kind else { panic!("Query is no object") };
    assert!(query.fields.len() > 8);
    for field in &query.fields {
        let field = &field.node;
        let name = field.ty.node.to_string().replace(['[', ']', '!'], "");
        let of_type = types.iter().find(|definition| definition.name.node == name).is_some_and(|it| hinted(&it.directives));
        let private = PRIVATE.contains(&field.name.node.as_str());
        assert!(private != (hinted(&field.directives) || of_type), "{}: give it a hint, or list it here", field.name.node);
    }
}
