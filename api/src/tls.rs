//! TLS for what we ask of others over HTTP. (sqlx brings its own, with the same cryptography.)

use reqwest::{Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore};

/// Makes ring the process's provider of cryptography, which HTTP clients need before they are built. Does nothing the second time.
pub fn install_provider() {
    // An error says that there is a provider already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// An HTTP client with the options that `configure` sets.
///
/// It trusts the authorities that this system trusts. A container image with nothing but the program in it trusts none, and no client
/// could be built, not even for plain HTTP; there, Mozilla's list as of the build stands in.
///
/// # Errors
/// The options do not go together.
pub fn http_client(configure: impl Fn(ClientBuilder) -> ClientBuilder) -> Result<Client, reqwest::Error> {
    install_provider();
    configure(Client::builder()).build().or_else(|_| {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        configure(Client::builder().tls_backend_preconfigured(tls)).build()
    })
}
