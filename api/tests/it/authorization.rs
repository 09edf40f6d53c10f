//! Who may do what. The mutations, their inputs and the scopes they need are read from the schema: a new one is swept, too.

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use jsonwebtoken::Algorithm;
use reqwest::{Client, header::AUTHORIZATION};
use serde_json::{Value, json};
use taproom::auth::{Scope, api_key};

use crate::{
    http_support::{client, only_error},
    jwt::{Issuer, SigningKey, with},
    support::{app::TestApp, writing::refusals},
};

/// A mutation, an input for it, and the scope that its description says it needs.
struct Mutation {
    field: String,
    document: String,
    variables: Value,
    needs: Scope,
}

fn mutations() -> Vec<Mutation> {
    let schema = parse_schema(taproom::graphql::sdl()).unwrap();
    let types: Vec<TypeDefinition> = schema
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        })
        .collect();
    let mutation = types.iter().find(|definition| definition.name.node == "Mutation").unwrap();
    let TypeKind::Object(mutation) = &mutation.kind else { panic!("Mutation is no object type") };
    let mutations: Vec<_> = mutation.fields.iter().map(|field| Mutation::new(&field.node, &types)).collect();
    assert!(mutations.len() >= 14);
    mutations
}

impl Mutation {
    fn new(field: &FieldDefinition, types: &[TypeDefinition]) -> Self {
        let name = field.name.node.to_string();
        let description = &field.description.as_ref().unwrap().node;
        let needs = description.split_once("Needs `").unwrap_or_else(|| panic!("{name} does not say what it needs")).1;
        let needs = Scope::parse_list(needs.split_once('`').unwrap().0)[0];
        let arguments = || field.arguments.iter().map(|argument| &argument.node);
        let list = |part: fn(&str, &Type) -> String| -> Vec<_> {
            arguments().map(|argument| part(&argument.name.node, &argument.ty.node)).collect()
        };
        let document = format!(
            "mutation ({}) {{ {name}({}) {{ errors {{ code path }} }} }}",
            list(|name, of| format!("${name}: {of}")).join(", "),
            list(|name, _| format!("{name}: ${name}")).join(", "),
        );
        let variables = arguments().map(|argument| (argument.name.node.to_string(), example(&argument.ty.node, types))).collect();
        Self { field: name, document, variables: Value::Object(variables), needs }
    }

    /// The response as one sends it with this credential, and its HTTP status.
    async fn send(&self, app: &TestApp, credential: Option<&str>) -> (u16, Value) {
        let response = app.send(credential, &json!({ "query": self.document, "variables": self.variables })).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// Something of a type, every optional part of it included.
fn example(of: &Type, types: &[TypeDefinition]) -> Value {
    let name = match &of.base {
        BaseType::List(item) => return json!([example(item, types)]),
        BaseType::Named(name) => name.as_str(),
    };
    match name {
        "ID" => json!("beer_00000000000000000000000000"),
        "Int" => json!(1),
        "Float" => json!(1.5),
        "Boolean" => json!(true),
        "String" => json!("https://example.com"),
        name => match &types.iter().find(|definition| definition.name.node == name).unwrap().kind {
            TypeKind::InputObject(input) => {
                let fields =
                    input.fields.iter().map(|field| (field.node.name.node.to_string(), example(&field.node.ty.node, types)));
                Value::Object(fields.collect())
            }
            TypeKind::Enum(members) => json!(members.values[0].node.value.node),
            _ => panic!("{name} is no input type"),
        },
    }
}

fn codes(response: &Value) -> Vec<&str> {
    let errors = response["errors"].as_array();
    errors.into_iter().flatten().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_mutation_needs_the_scope_that_it_names() {
    for app in TestApp::seeded().await {
        let before = app.row_counts().await;
        let mutations = mutations();
        for mutation in &mutations {
            let (status, response) = mutation.send(&app, None).await;
            assert_eq!((status, codes(&response)), (200, vec!["UNAUTHENTICATED"]), "{}: {response}", mutation.field);

            let too_little: Vec<Scope> =
                Scope::ALL.into_iter().filter(|scope| ![mutation.needs, Scope::Admin].contains(scope)).collect();
            for scopes in too_little.chunks(1).chain([too_little.as_slice()]) {
                let (status, response) = mutation.send(&app, Some(&app.key(scopes).await)).await;
                let field = &mutation.field;
                assert_eq!((status, codes(&response)), (200, vec!["FORBIDDEN"]), "{field} with {scopes:?}: {response}");
                assert_eq!(response["data"], Value::Null);
            }
        }
        assert_eq!(app.row_counts().await, before);

        for mutation in &mutations {
            for scope in [mutation.needs, Scope::Admin] {
                let (_, response) = mutation.send(&app, Some(&app.key(&[scope]).await)).await;
                assert!(codes(&response).is_empty(), "{} with {scope}: {response}", mutation.field);
            }
        }
    }
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_refused_even_for_a_query() {
    let query = json!({ "query": "{ __typename }" });
    for app in TestApp::on_each_database().await {
        assert_eq!(app.send(None, &query).await.status(), 200);
        assert_eq!(app.send(Some(&app.writer().await), &query).await.status(), 200);

        let made = api_key::create(&app.db, "revoked", &[Scope::Admin]).await.unwrap();
        let revoked = secrecy::ExposeSecret::expose_secret(&made.key).to_owned();
        assert_eq!(app.send(Some(&revoked), &query).await.status(), 200);
        api_key::revoke(&app.db, made.id).await.unwrap();
        let headers =
            [format!("Bearer {revoked}"), "Bearer".to_owned(), "Bearer x".to_owned(), "Basic eA==".to_owned(), revoked.clone()];
        for header in headers {
            let client: Client = client();
            let request = client.post(format!("{}/graphql", app.url)).header(AUTHORIZATION, &header).json(&query);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401, "{header}");
            assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"), "{header}");
            assert_eq!(only_error(response).await.0, "UNAUTHENTICATED", "{header}");
        }
    }
}

#[tokio::test]
async fn an_access_token_may_do_what_its_scopes_say() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let issuer = Issuer::start(&[key.jwk()]).await;
    for app in TestApp::on_each_database().await {
        let app = app.another_with_jwt(issuer.verifier()).await;
        let token = |scope: &str| key.sign(&with("scope", json!(scope)));
        let create = r#"mutation { createStyle(input: { name: "IPA", category: "Ale" }) { errors { code } } }"#;
        for (credential, expected) in
            [(token("openid"), vec!["FORBIDDEN"]), (token("reviews:write"), vec!["FORBIDDEN"]), (token("catalog:write"), vec![])]
        {
            let response = app.execute_as(Some(&credential), create, json!({})).await;
            assert_eq!(codes(&response), expected, "{response}");
        }
        let expired = key.sign(&with("exp", json!(1_000_000_000)));
        assert_eq!(app.send(Some(&expired), &json!({ "query": "{ __typename }" })).await.status(), 401);
    }
}

#[tokio::test]
async fn a_key_and_a_token_are_two_principals() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let issuer = Issuer::start(&[key.jwk()]).await;
    for app in TestApp::on_each_database().await {
        let app = app.another_with_jwt(issuer.verifier()).await;
        let writes = "catalog:write reviews:write";
        let (api_key, token) = (app.writer().await, key.sign(&with("scope", json!(writes))));
        let same_subject = key.sign(&with("scope", json!(format!("{writes} other"))));
        let brewery = app.done(&api_key, "createBrewery", json!({ "name": "Orval" })).await;
        let beer = app.done(&api_key, "createBeer", json!({ "breweryId": brewery["id"], "name": "Orval" })).await;

        let review = json!({ "beerId": beer["id"], "author": "Ada", "rating": 5, "idempotencyKey": "one" });
        let by_key = app.done(&api_key, "createReview", review.clone()).await;
        let by_token = app.done(&token, "createReview", review.clone()).await;
        assert_ne!(by_key["id"], by_token["id"], "each has its own idempotency keys");
        assert_eq!(app.done(&same_subject, "createReview", review).await, by_token, "a token is renewed, its subject stays");

        for (credential, review, expected) in [
            (&api_key, &by_token, vec!["NOT_OWNER input.id"]),
            (&token, &by_key, vec!["NOT_OWNER input.id"]),
            (&same_subject, &by_token, vec![]),
            (&api_key, &by_key, vec![]),
        ] {
            let payload = app.write(credential, "deleteReview", json!({ "id": review["id"] })).await;
            assert_eq!(refusals(&payload), expected);
        }
    }
}
