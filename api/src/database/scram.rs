//! SCRAM-SHA-256 verifiers ([RFC 5803](https://www.rfc-editor.org/rfc/rfc5803)): what PostgreSQL stores instead of a password. Made
//! here, so that the password itself never travels in a statement, which the server may log.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use pbkdf2::pbkdf2_hmac_array;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// PostgreSQL's own numbers.
const ITERATIONS: u32 = 4096;
const SALT_LENGTH: usize = 16;

/// A new verifier of `password`.
///
/// `password` is printable ASCII, for which the normalisation of RFC 4013 changes nothing.
pub fn verifier(password: &str) -> String {
    let mut salt = [0; SALT_LENGTH];
    rand::rng().fill_bytes(&mut salt);
    derive(password, &salt, ITERATIONS)
}

/// Whether `verifier` is one of `password`.
pub fn matches(verifier: &str, password: &str) -> bool {
    let Some((iterations, salt)) = parameters(verifier) else { return false };
    derive(password, &salt, iterations).as_bytes().ct_eq(verifier.as_bytes()).into()
}

/// `SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY`
fn parameters(verifier: &str) -> Option<(u32, Vec<u8>)> {
    let (iterations, salt) = verifier.strip_prefix("SCRAM-SHA-256$")?.split_once('$')?.0.split_once(':')?;
    Some((iterations.parse().ok()?, STANDARD.decode(salt).ok()?))
}

fn derive(password: &str, salt: &[u8], iterations: u32) -> String {
    let salted: [u8; 32] = pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), salt, iterations);
    let stored_key = Sha256::digest(keyed(&salted, b"Client Key"));
    let server_key = keyed(&salted, b"Server Key");
    let encode = |bytes: &[u8]| STANDARD.encode(bytes);
    format!("SCRAM-SHA-256${iterations}:{}${}:{}", encode(salt), encode(&stored_key), encode(&server_key))
}

fn keyed(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    // A block-sized key is what HMAC makes of a shorter one anyway; this way there is nothing to fail.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.len()].copy_from_slice(key);
    Hmac::<Sha256>::new(&block).chain_update(text).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of RFC 7677 §3: server key and signature for `pencil`, in the form of RFC 5803.
    #[test]
    fn derives_as_the_standard_does() {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        assert_eq!(
            derive("pencil", &salt, 4096),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn knows_its_password() {
        let made = verifier("a b'c");
        assert!(matches(&made, "a b'c"));
        assert!(!matches(&made, "a b'd"));
        assert!(!matches("md5…", "a b'c"));
    }
}
