//! Who may ask, and how much.

use std::net::IpAddr;

use http::HeaderValue;
use ipnet::IpNet;

use super::Profile;

/// Who may ask, and how much.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Clients")]
pub struct ClientsConfig {
    /// What the service is run for: the defaults of what strangers may do. By default production, and development with the embedded
    /// database
    #[arg(long, env = "TAPROOM_PROFILE", value_enum, value_name = "PROFILE")]
    pub profile: Option<Profile>,

    /// Origins whose pages may use the API (CORS), separated by commas, such as https://app.example; `*` for all
    #[arg(long, env = "TAPROOM_CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGINS", value_parser = origin)]
    pub cors_origins: Vec<HeaderValue>,

    /// Networks of the proxies in front, separated by commas, such as 10.0.0.0/16: from them, X-Forwarded-For is believed
    #[arg(long, env = "TAPROOM_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS", value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Points (see cost) a client may spend in a minute, 0 for no limit. By default 200000, and 0 with the profile development
    #[arg(long, env = "TAPROOM_RATE_LIMIT", value_name = "POINTS")]
    pub rate_limit: Option<u32>,
}

fn origin(text: &str) -> Result<HeaderValue, String> {
    let form = "write SCHEME://HOST, with :PORT if it is not the scheme's own, and nothing behind";
    let wrong = |reason: &str| format!("{reason}; {form}");
    if text == "*" {
        return Ok(HeaderValue::from_static("*"));
    }
    let url = url::Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if url.origin().ascii_serialization() != text {
        return Err(wrong("is no origin"));
    }
    HeaderValue::from_str(text).map_err(|error| wrong(&error.to_string()))
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "is no network; write ADDRESS/BITS, such as 10.0.0.0/16, or an address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in ["*", "https://app.example", "http://localhost:3000", "https://[::1]:8443"] {
            assert_eq!(origin(good).unwrap(), good);
        }
        for bad in ["app.example", "https://app.example/", "https://app.example:443", "https://APP.example", "null", ""] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_address_is_a_network() {
        assert_eq!(network("10.1.2.3").unwrap(), network("10.1.2.3/32").unwrap());
        assert!(network("10.1.2.3/33").unwrap_err().contains("such as"));
    }
}
