//! What stands between a client and a service: slow lines, and load balancers of two minds.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Something that listens, until it is dropped.
pub struct Listener {
    pub url: String,
    server: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Passes each connection on to the address that `route` names for its number, and holds back what the client sends for `delay`.
pub async fn proxy(route: impl Fn(usize) -> String + Send + 'static, delay: Duration) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for number in 0.. {
            let (client, _) = listener.accept().await.unwrap();
            let Ok(service) = TcpStream::connect(route(number)).await else { continue };
            let (from_client, to_client) = client.into_split();
            let (from_service, to_service) = service.into_split();
            tokio::spawn(pass(from_client, to_service, delay));
            tokio::spawn(pass(from_service, to_client, Duration::ZERO));
        }
    });
    Listener { url, server }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        tokio::time::sleep(delay).await;
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// Passes each request on to `address`, unless `instead` has an answer for its body.
pub async fn altering(address: &str, instead: impl Fn(&str) -> Option<(StatusCode, Value)> + Send + Sync + 'static) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (service, instead) = (format!("http://{address}"), Arc::new(instead));
    let client = taproom::tls::http_client(|builder| builder).unwrap();
    let routes = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: String| async move {
        if let Some((status, answer)) = instead(&body) {
            return (status, [(CONTENT_TYPE, "application/graphql-response+json")], answer.to_string()).into_response();
        }
        let answer = client.request(method, format!("{service}{uri}")).headers(headers).body(body).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap()).into_response()
    });
    let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    Listener { url, server }
}

/// Answers everything so.
pub async fn always(status: StatusCode, body: &str) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body: Arc<str> = body.into();
    let routes = Router::new().fallback(move || async move { (status, body.to_string()) });
    let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    Listener { url, server }
}

/// A URL at which nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
