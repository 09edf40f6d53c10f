//! `taproom healthcheck`: for a container without a shell or curl.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::Url;

/// Ask a running server whether it is alive; exit 0 if it is, 1 if not.
///
/// Asks /livez, not /readyz: an orchestrator replaces a container that fails its check, and no new container mends a database that is
/// away for a minute. Whether requests should be sent to it is the load balancer's question, which asks /readyz.
#[derive(Clone, Debug, clap::Args)]
pub struct Healthcheck {
    /// The server's listen address; an unspecified one such as 0.0.0.0 is asked on loopback.
    #[arg(long, env = "TAPROOM_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,

    /// Ask this http:// URL instead, such as http://127.0.0.1:8080/readyz.
    #[arg(long, value_name = "URL")]
    url: Option<Url>,

    /// How long the answer may take.
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    timeout: Duration,
}

/// Why the server does not count as healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// The URL cannot be asked.
    #[error("--url must be an http:// URL with a host, but is {0}")]
    Url(Url),
    /// Nobody answers there.
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, std::io::Error),
    /// What answers speaks no HTTP.
    #[error("{0} does not answer as a server should: {1}")]
    Protocol(String, hyper::Error),
    /// It answers something else than 200.
    #[error("{0} answers {1}")]
    Unhealthy(String, StatusCode),
    /// It takes too long.
    #[error("{0} does not answer within {1:?}")]
    Timeout(String, Duration),
}

impl Healthcheck {
    /// Asks once.
    ///
    /// # Errors
    /// Why the server does not count as healthy.
    pub async fn run(self) -> Result<(), HealthcheckError> {
        let (authority, path) = match &self.url {
            Some(url) => target(url)?,
            None => (local(self.listen).to_string(), "/livez".to_owned()),
        };
        let name = format!("http://{authority}{path}");
        let status = tokio::time::timeout(self.timeout, ask(&authority, &path, &name))
            .await
            .map_err(|_| HealthcheckError::Timeout(name.clone(), self.timeout))??;
        if status == StatusCode::OK { Ok(()) } else { Err(HealthcheckError::Unhealthy(name, status)) }
    }
}

fn target(url: &Url) -> Result<(String, String), HealthcheckError> {
    match (url.scheme(), url.host_str(), url.port_or_known_default()) {
        ("http", Some(host), Some(port)) => Ok((format!("{host}:{port}"), url.path().to_owned())),
        _ => Err(HealthcheckError::Url(url.clone())),
    }
}

fn local(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(authority: &str, path: &str, name: &str) -> Result<StatusCode, HealthcheckError> {
    let unreachable = |error| HealthcheckError::Unreachable(name.to_owned(), error);
    let protocol = |error| HealthcheckError::Protocol(name.to_owned(), error);
    let stream = TcpStream::connect(authority).await.map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(protocol)?;
    tokio::spawn(connection);
    let mut request = Request::new(Body::empty());
    request.headers_mut().extend(authority.parse().map(|host| (axum::http::header::HOST, host)));
    *request.uri_mut() = path.parse().unwrap_or_default();
    Ok(sender.send_request(request).await.map_err(protocol)?.status())
}
