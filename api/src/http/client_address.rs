//! Whose address a request comes from, when proxies stand in between.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of whoever sent a request that `peer` handed to us.
///
/// A proxy appends to `X-Forwarded-For` whom it heard from. So the header is read from its end, and only as far as `trusted` proxies
/// have written it: what stands before came from a stranger, who can write anything. Where an entry is no address, it is the proxy's
/// own that counts.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    // Several lines mean the same as one with commas (RFC 9110 §5.3), and empty elements mean nothing.
    let lines = headers.get_all("x-forwarded-for").iter().rev().map(|line| line.to_str().unwrap_or("not text"));
    let mut entries = lines.flat_map(|line| line.rsplit(',')).map(str::trim).filter(|entry| !entry.is_empty());
    let mut client = peer.to_canonical();
    while trusted.iter().any(|network| network.contains(&client))
        && let Some(before) = entries.next().and_then(parse)
    {
        client = before;
    }
    client
}

/// An address, with or without a port; IPv6 may stand in brackets. An IPv4 address in IPv6's clothes is an IPv4 address.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|it| it.ip()))?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, lines: &[&'static str]) -> String {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).to_vec();
        let headers = lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(line))).collect();
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_it_is() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["198.51.100.1, 10.0.0.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 203.0.113.9"]), "203.0.113.9", "what it sent to the proxy");
        assert_eq!(client("10.0.0.1", &["10.0.0.7, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "203.0.113.9"]), "203.0.113.9", "in a line of its own");
    }

    #[test]
    fn trusted_proxies_are_walked_from_the_right() {
        assert_eq!(client("10.0.0.1", &["203.0.113.9, fd00::2, 10.0.0.3"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["203.0.113.9,10.0.0.2", " 10.0.0.3 ,"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["10.9.9.9, 10.0.0.2"]), "10.9.9.9", "a client within");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["", ","]), "10.0.0.1");
    }

    #[test]
    fn addresses_are_read_in_every_form_that_proxies_write() {
        for (entry, expected) in [
            ("1.2.3.4:56", "1.2.3.4"),
            ("[2001:db8::1]:5", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
        ] {
            assert_eq!(client("10.0.0.1", &[entry]), expected);
        }
        assert_eq!(client("::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4", "of a socket for both families");
    }

    #[test]
    fn behind_what_is_no_address_nothing_is_believed() {
        for line in
            ["1.2.3.4, unknown, 10.0.0.2", "1.2.3.4, 1.2.3, 10.0.0.2", "1.2.3.4, 5.6.7.8:99999, 10.0.0.2", "[1.2.3.4, 10.0.0.2"]
        {
            assert_eq!(client("10.0.0.1", &[line]), "10.0.0.2", "{line}");
        }
    }
}
