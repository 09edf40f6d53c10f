//! Whose JSON Web Tokens to believe.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use url::{Host, Url};

/// An issuer of access tokens: all three settings, or none.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "JSON Web Tokens")]
pub struct JwtConfig {
    /// Issuer of accepted tokens, exactly as in their `iss`; without it, only API keys are accepted
    #[arg(long = "jwt-issuer", env = "TAPROOM_JWT_ISSUER", value_name = "ISSUER", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub issuer: Option<String>,

    /// Audience that tokens must name in their `aud`
    #[arg(long = "jwt-audience", env = "TAPROOM_JWT_AUDIENCE", value_name = "AUDIENCE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub audience: Option<String>,

    /// The issuer's keys, a JSON Web Key Set: an https URL (http on this machine only), or a file
    #[arg(long = "jwt-jwks-url", env = "TAPROOM_JWT_JWKS_URL", hide_env_values = true, value_name = "URL")]
    pub jwks: Option<JwksLocation>,
}

/// A complete [`JwtConfig`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtIssuer {
    /// The accepted `iss`.
    pub issuer: String,
    /// The `aud` that a token must name.
    pub audience: String,
    /// Where the issuer's keys are.
    pub jwks: JwksLocation,
}

/// Where a JSON Web Key Set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwksLocation {
    /// Fetched over HTTP.
    Url(Url),
    /// Read from a file.
    File(PathBuf),
}

/// Some of the settings for tokens are there and some are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{missing} is not set; tokens need TAPROOM_JWT_ISSUER, TAPROOM_JWT_AUDIENCE and TAPROOM_JWT_JWKS_URL, or none of them")]
pub struct IncompleteJwtConfig {
    missing: &'static str,
}

impl JwtConfig {
    /// The issuer, if there is one.
    ///
    /// # Errors
    /// Only some of the settings were given.
    pub fn issuer(&self) -> Result<Option<JwtIssuer>, IncompleteJwtConfig> {
        let missing = match (self.issuer.clone(), self.audience.clone(), self.jwks.clone()) {
            (None, None, None) => return Ok(None),
            (Some(issuer), Some(audience), Some(jwks)) => return Ok(Some(JwtIssuer { issuer, audience, jwks })),
            (None, ..) => "TAPROOM_JWT_ISSUER",
            (_, None, _) => "TAPROOM_JWT_AUDIENCE",
            (.., None) => "TAPROOM_JWT_JWKS_URL",
        };
        Err(IncompleteJwtConfig { missing })
    }
}

/// Why a text is no place for keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwksLocation {
    #[error("is empty; give an https URL or a file, or leave it out")]
    Empty,
    #[error("is no valid URL ({0}); write https://HOST/PATH, file:///PATH or the path of a file")]
    Malformed(String),
    #[error("has the scheme {0:?}; keys are fetched by https, by http from this machine only, or read from a file")]
    UnsafeScheme(String),
    #[error("has a user name or password, which is not supported; key sets are public")]
    Credentials,
}

impl FromStr for JwksLocation {
    type Err = InvalidJwksLocation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(InvalidJwksLocation::Empty);
        }
        if !text.contains("://") {
            return Ok(Self::File(text.into()));
        }
        let url = Url::parse(text).map_err(|error| InvalidJwksLocation::Malformed(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidJwksLocation::Credentials);
        }
        match url.scheme() {
            "https" => Ok(Self::Url(url)),
            "http" if is_loopback(&url) => Ok(Self::Url(url)),
            "file" => {
                let path =
                    url.to_file_path().map_err(|()| InvalidJwksLocation::Malformed("not the path of a file here".into()))?;
                Ok(Self::File(path))
            }
            other => Err(InvalidJwksLocation::UnsafeScheme(other.to_owned())),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for JwksLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::File(path) => Path::display(path).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_by_a_safe_way() {
        for good in ["https://id.example/jwks", "http://127.0.0.1:9/jwks", "http://[::1]/j", "file:///etc/jwks.json", "jwks.json"]
        {
            assert!(good.parse::<JwksLocation>().is_ok(), "{good}");
        }
        for bad in ["", "http://id.example/jwks", "ftp://id.example/jwks", "https://", "https://u:p@id.example/"] {
            assert!(bad.parse::<JwksLocation>().is_err(), "{bad}");
        }
    }

    #[test]
    fn all_or_none() {
        assert_eq!(JwtConfig::default().issuer(), Ok(None));
        let half = JwtConfig { issuer: Some("i".into()), ..JwtConfig::default() };
        assert!(half.issuer().unwrap_err().to_string().starts_with("TAPROOM_JWT_AUDIENCE is not set"));
        let whole = JwtConfig { audience: Some("a".into()), jwks: Some("f".parse().unwrap()), ..half };
        assert_eq!(whole.issuer().unwrap().unwrap().audience, "a");
    }
}
