//! Access tokens, against an issuer of our own.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use rcgen::KeyPair;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use serde_json::{Value, json};
use taproom::{
    auth::{AuthError, Authenticator, JwtVerifier, Scope, Viewer},
    clock,
    config::JwtIssuer,
};

use crate::support::sqlite;

const ISSUER: &str = "https://id.example/";
const AUDIENCE: &str = "taproom";
/// What precedes the 32 bytes of a private key: <https://www.rfc-editor.org/rfc/rfc8410#section-7>
const ED25519_HEADER: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// Between two fetches of the keys, here.
const INTERVAL: Duration = Duration::from_secs(1);

pub struct SigningKey {
    id: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl SigningKey {
    pub fn new(id: &'static str, algorithm: Algorithm) -> Self {
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_der(&KeyPair::generate().unwrap().serialize_der()),
            Algorithm::EdDSA => EncodingKey::from_ed_der(&[ED25519_HEADER, rand::random::<[u8; 32]>().as_slice()].concat()),
            _ => {
                let private = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
                EncodingKey::from_rsa_der(private.to_pkcs1_der().unwrap().as_bytes())
            }
        };
        Self { id, algorithm, key }
    }

    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    pub fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }
}

/// Serves a key set, or an error if there is none, and counts.
pub struct Issuer {
    url: String,
    set: Arc<Mutex<Option<Value>>>,
    fetches: Arc<AtomicUsize>,
}

impl Issuer {
    pub async fn start(keys: &[Value]) -> Self {
        let set = Arc::new(Mutex::new(Some(json!({ "keys": keys }))));
        let fetches = Arc::new(AtomicUsize::new(0));
        let (served, counted) = (Arc::clone(&set), Arc::clone(&fetches));
        let answer = move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            // Long enough for others to ask meanwhile.
            tokio::time::sleep(Duration::from_millis(20)).await;
            let set = served.lock().unwrap().clone();
            set.map_or((StatusCode::INTERNAL_SERVER_ERROR, String::new()), |set| (StatusCode::OK, set.to_string()))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", get(answer))).await });
        Self { url, set, fetches }
    }

    fn publish(&self, keys: Option<&[Value]>) {
        *self.set.lock().unwrap() = keys.map(|keys| json!({ "keys": keys }));
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    pub fn verifier(&self) -> JwtVerifier {
        verifier(&self.url)
    }
}

fn verifier(jwks: &str) -> JwtVerifier {
    let issuer = JwtIssuer { issuer: ISSUER.into(), audience: AUDIENCE.into(), jwks: jwks.parse().unwrap() };
    JwtVerifier::with_refetch_interval(issuer, INTERVAL).unwrap()
}

fn claims() -> Value {
    let now = clock::now().timestamp();
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": now + 300, "nbf": now - 5, "scope": "openid catalog:write" })
}

pub fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(name),
        value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
    };
    claims
}

fn is_invalid(outcome: &Result<Viewer, AuthError>) -> bool {
    matches!(outcome, Err(error @ AuthError::InvalidCredential) if error.is_client_fault())
}

#[tokio::test]
async fn every_family_of_signatures_works() {
    let keys = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256].map(|algorithm| match algorithm {
        Algorithm::ES256 => SigningKey::new("ec", algorithm),
        Algorithm::EdDSA => SigningKey::new("ed", algorithm),
        _ => SigningKey::new("rsa", algorithm),
    });
    let mut set: Vec<Value> = keys.iter().map(SigningKey::jwk).collect();
    // What we do not know does not keep us from what we do.
    set.push(json!({ "kty": "QUANTUM", "kid": "q" }));
    let issuer = Issuer::start(&set).await;
    let (db, _folder) = sqlite().await;
    let authenticator = Authenticator::new(db, Some(issuer.verifier()));
    for key in &keys {
        let viewer = authenticator.authenticate(Some(&format!("Bearer {}", key.sign(&claims())))).await.unwrap();
        assert_eq!(viewer.require(Scope::CatalogWrite), Ok("jwt:https://id.example/|ada"), "{}", key.id);
        assert!(!viewer.has(Scope::Admin));
    }
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn reads_scopes_in_their_three_forms() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let verifier = Issuer::start(&[key.jwk()]).await.verifier();
    for (name, value) in [
        ("scope", json!("reviews:write other")),
        ("scp", json!("other reviews:write")),
        ("scp", json!(["reviews:write", "other"])),
    ] {
        let viewer = verifier.verify(&key.sign(&with(name, value.clone()))).await.unwrap();
        assert!(viewer.has(Scope::ReviewsWrite), "{name} {value}");
    }
    let viewer = verifier.verify(&key.sign(&with("scope", Value::Null))).await.unwrap();
    assert!(Scope::ALL.into_iter().all(|scope| !viewer.has(scope)));
}

#[tokio::test]
async fn refuses_what_the_issuer_did_not_say_to_us_now() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let verifier = Issuer::start(&[key.jwk()]).await.verifier();
    let now = clock::now().timestamp();
    for (name, value) in [
        ("iss", json!("https://evil.example/")),
        ("iss", Value::Null),
        ("aud", json!("another")),
        ("aud", Value::Null),
        ("exp", json!(now - 61)),
        ("exp", Value::Null),
        ("nbf", json!(now + 90)),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("sub", json!("a\u{0}b")),
        ("sub", json!("x".repeat(256))),
        ("sub", json!(7)),
    ] {
        assert!(is_invalid(&verifier.verify(&key.sign(&with(name, value.clone()))).await), "{name} {value}");
    }
    // Clocks differ.
    assert!(verifier.verify(&key.sign(&with("exp", json!(now - 30)))).await.is_ok());
    assert!(verifier.verify(&key.sign(&with("aud", json!(["other", AUDIENCE])))).await.is_ok());
}

#[tokio::test]
async fn refuses_forged_signatures() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let public = key.jwk();
    let verifier = Issuer::start(std::slice::from_ref(&public)).await.verifier();
    let good = key.sign(&claims());
    assert!(verifier.verify(&good).await.is_ok());

    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", part(&json!({ "alg": "none", "kid": "k" })), part(&claims()));
    let header = Header { kid: Some("k".into()), ..Header::new(Algorithm::HS256) };
    let symmetric = |secret: &[u8]| encode(&header, &claims(), &EncodingKey::from_secret(secret)).unwrap();
    let x = URL_SAFE_NO_PAD.decode(public["x"].as_str().unwrap()).unwrap();
    let another = SigningKey::new("k", Algorithm::ES256).sign(&claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let head = signed.split_once('.').unwrap().0;
    let altered = format!("{head}.{}.{signature}", part(&with("sub", json!("root"))));
    let critical = format!("{}.{}.{signature}", part(&json!({ "alg": "ES256", "kid": "k", "crit": ["b64"] })), part(&claims()));
    for forged in [
        unsigned,
        symmetric(public.to_string().as_bytes()),
        symmetric(&x),
        another,
        altered,
        critical,
        signed.to_owned(),
        "a.b.c".into(),
        "x".into(),
    ] {
        assert!(is_invalid(&verifier.verify(&forged).await), "{forged}");
    }
}

#[tokio::test]
async fn follows_a_rotation() {
    let (old, new) = (SigningKey::new("old", Algorithm::ES256), SigningKey::new("new", Algorithm::ES256));
    let issuer = Issuer::start(&[old.jwk()]).await;
    let verifier = Arc::new(issuer.verifier());
    assert!(verifier.verify(&old.sign(&claims())).await.is_ok());

    // A key that nobody published: asked for once, however many come.
    assert!(is_invalid(&verifier.verify(&new.sign(&claims())).await));
    assert_eq!(issuer.fetches(), 1, "too soon to ask again");

    issuer.publish(Some(&[old.jwk(), new.jwk()]));
    tokio::time::sleep(INTERVAL).await;
    let token = new.sign(&claims());
    let together = (0..20).map(|_| {
        let (verifier, token) = (Arc::clone(&verifier), token.clone());
        tokio::spawn(async move { verifier.verify(&token).await.is_ok() })
    });
    for one in together.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
    assert_eq!(issuer.fetches(), 2, "twenty at once ask once");

    // The issuer fails: what it said before stands, and what it might say now is nobody's fault but ours.
    issuer.publish(None);
    tokio::time::sleep(INTERVAL).await;
    let unknown = SigningKey::new("unknown", Algorithm::ES256);
    let error = verifier.verify(&unknown.sign(&claims())).await.unwrap_err();
    assert!(matches!(error, AuthError::Issuer(_)) && !error.is_client_fault());
    assert!(verifier.verify(&token).await.is_ok());
}

/// Whoever hangs up while the issuer is asked does not make the next one ask again.
#[tokio::test]
async fn the_issuer_is_asked_once_however_many_give_up_waiting() {
    let issuer = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let verifier = verifier(&format!("http://{}/jwks", issuer.local_addr().unwrap()));
    let token = SigningKey::new("k", Algorithm::ES256).sign(&claims());
    for _ in 0..10 {
        assert!(tokio::time::timeout(Duration::from_millis(20), verifier.verify(&token)).await.is_err(), "it never answers");
    }
    let _asked = issuer.accept().await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(100), issuer.accept()).await.is_err(), "asked again");
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_our_fault() {
    let key = SigningKey::new("k", Algorithm::ES256);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        std::fs::write(folder.path().join(name), content).unwrap();
        folder.path().join(name).display().to_string()
    };
    let symmetric = json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "kid": "k", "alg": "HS256" }] }).to_string();
    let huge = format!("{{\"keys\":[]}}{}", " ".repeat(1 << 20));
    let bad = [
        "http://127.0.0.1:1/jwks".to_owned(),
        folder.path().join("missing").display().to_string(),
        file("empty.json", "{\"keys\":[]}"),
        file("words.json", "hello"),
        file("symmetric.json", &symmetric),
        file("huge.json", &huge),
    ];
    for location in bad {
        let error = verifier(&location).verify(&key.sign(&claims())).await.unwrap_err();
        assert!(matches!(error, AuthError::Issuer(_)), "{location}: {error}");
    }
    let good = file("good.json", &json!({ "keys": [key.jwk()] }).to_string());
    assert!(verifier(&format!("file://{good}")).verify(&key.sign(&claims())).await.is_ok());
}
