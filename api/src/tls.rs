//! The one cryptography of all TLS connections.

/// Makes ring the process's provider of cryptography, which HTTP clients need before they are built. Does nothing the second time.
pub fn install_provider() {
    // An error says that there is a provider already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
