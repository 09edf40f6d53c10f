//! `/`: GraphiQL, embedded in the binary; for programs, where to go instead.
//!
//! The build script decides where GraphiQL itself comes from: from `playground/dist` when Node has built it, else from a CDN.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, VARY};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Serialize;

use super::AppState;
use super::compression::HoldsSecret;
use super::router::not_found;
use crate::version::VERSION;

/// The project's own files: always there.
#[derive(RustEmbed)]
#[folder = "playground/src"]
struct Sources;

/// GraphiQL and React: only there when Node has built them.
#[derive(RustEmbed)]
#[folder = "playground/dist"]
#[allow_missing = true]
struct Vendor;

const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/playground.html"));

/// Whether the page loads GraphiQL from a CDN.
pub const LOADS_FROM_CDN: bool = matches!(env!("TAPROOM_PLAYGROUND").as_bytes(), b"cdn");

/// What the page, and the start-up banner, say when [`LOADS_FROM_CDN`].
pub const CDN_NOTICE: &str = "This build had no Node, so the playground loads GraphiQL from cdn.jsdelivr.net. To embed it, run \
    `npm ci && npm run build` in api/playground, then build again.";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// The tags carry hashes, so that the CDN can't send anything else.
const CDN_POLICY: &str = "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net; style-src 'self' \
    https://cdn.jsdelivr.net; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// What the page's script is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    endpoint: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    write_key: Option<&'a str>,
}

/// `GET /`: the playground for browsers, a signpost for everybody else.
pub async fn index(State(state): State<AppState>, request: Request) -> Response {
    let headers = request.headers();
    let accepts_html =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"));
    let mut response = if accepts_html { page(&state, &request) } else { signpost() };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn signpost() -> Response {
    Json(serde_json::json!({
        "name": "Taproom",
        "version": VERSION,
        "graphql": "/graphql",
        "playground": "/ with `Accept: text/html`",
        "health": { "live": "/livez", "ready": "/readyz", "version": "/version" },
    }))
    .into_response()
}

fn page(state: &AppState, request: &Request) -> Response {
    let write_key = state.local_write_key.as_deref().filter(|_| is_local(request));
    let has_key = write_key.is_some();
    let config = Config { endpoint: "/graphql", version: VERSION, notice: LOADS_FROM_CDN.then_some(CDN_NOTICE), write_key };
    // In HTML, only `<` could end the script element that the JSON stands in.
    let config = serde_json::to_string(&config).unwrap_or_default().replace('<', "\\u003c");
    let mut response = Html(PAGE.replace("__PLAYGROUND_CONFIG__", &config)).into_response();
    let headers = response.headers_mut();
    let policy = if LOADS_FROM_CDN { CDN_POLICY } else { POLICY };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if has_key {
        response.extensions_mut().insert(HoldsSecret);
    }
    response
}

/// Headers of proxies, beside those that begin with `x-forwarded-`: what came through one need not come from this machine.
const FORWARDED: [&str; 6] = ["cf-connecting-ip", "forwarded", "true-client-ip", "via", "x-amzn-trace-id", "x-real-ip"];

/// Whether the page was asked for from this machine, by a name that only this machine resolves to itself. Any other name may be an
/// attacker's, pointed at 127.0.0.1 so that his script may read the page (DNS rebinding).
fn is_local(request: &Request) -> bool {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).and_then(|host| host.parse::<Authority>().ok());
    host.is_some_and(|host| !host.as_str().contains('@') && matches!(host.host(), "localhost" | "127.0.0.1" | "[::1]"))
        && peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && !headers.keys().any(|name| name.as_str().starts_with("x-forwarded-") || FORWARDED.contains(&name.as_str()))
}

/// `GET /playground/…`: the page's files.
pub async fn asset(path: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    // Percent-encoded, it may be no text.
    let Ok(Path(path)) = path else { return not_found("this path") };
    // Vendored files have their version in their name. The page itself is only served with its configuration, at `/`.
    let (file, cache) = match path.strip_prefix("vendor/") {
        Some(file) => (Vendor::get(file), "public, max-age=31536000, immutable"),
        None if path == "index.html" => (None, ""),
        None => (Sources::get(&path), "no-cache"),
    };
    match file {
        Some(file) => serve(&file, &path, cache, &headers),
        None => not_found(&format!("/playground/{path}")),
    }
}

fn serve(file: &EmbeddedFile, path: &str, cache: &'static str, request: &HeaderMap) -> Response {
    let hash: String = file.metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    // Weak: the same for every encoding that the file may be sent in.
    let tag = format!("W/\"{hash}\"");
    let is_current = request.get_all(IF_NONE_MATCH).iter().any(|known| known.to_str().is_ok_and(|known| known.contains(&hash)));
    let (status, body) =
        if is_current { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, Body::from(file.data.clone())) };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.extend(HeaderValue::from_str(&tag).map(|tag| (ETAG, tag)));
    headers.extend(HeaderValue::from_str(content_type(file, path)).map(|content_type| (CONTENT_TYPE, content_type)));
    response
}

/// The file's type by its name; the mime table lacks GraphQL's.
fn content_type<'a>(file: &'a EmbeddedFile, path: &str) -> &'a str {
    if path.ends_with(".graphql") { "application/graphql; charset=utf-8" } else { file.metadata.mimetype() }
}
