//! Who is asking, as far as bounds need to know: the address that a request comes from.
//!
//! It is the socket's own, and what `X-Forwarded-For` says is believed only of the proxies that are configured. The
//! default believes those on this machine: the default listens on the loopback address alone, so that a proxy beside the
//! service is the only way by which others reach it, and without the header all of them would be one source. Whoever can
//! open a loopback connection himself is on the machine already, and gains no more by a forged header than his share.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
    sync::Once,
};

use serde::{Deserialize, Serialize};

/// Addresses of an `X-Forwarded-For` that are looked at, from the last: more proxies stand behind each other nowhere.
const MAX_HOPS: usize = 16;
/// Bits of an IPv6 address that tell sources apart: a household or an office is given a /64 at least, within which its
/// machines choose their addresses (RFC 4291, 2.5.1; RFC 6177).
const V6_BITS: u8 = 64;

/// Where requests come from: an IPv4 address, or the /64 of an IPv6 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(masked(v6.to_bits(), V6_BITS, 128))),
        })
    }

    /// This machine itself: for requests that come through no socket.
    pub const fn here() -> Self {
        Self(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// The address, or the first of the network.
    pub const fn address(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => v4.fmt(f),
            IpAddr::V6(v6) => write!(f, "{v6}/{V6_BITS}"),
        }
    }
}

/// The proxies whose `X-Forwarded-For` is believed: addresses and networks, as a list with commas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Proxies(Vec<Network>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Default for Proxies {
    fn default() -> Self {
        let here = |address, bits| Network { address, bits };
        Self(vec![here(Ipv4Addr::new(127, 0, 0, 0).into(), 8), here(Ipv6Addr::LOCALHOST.into(), 128)])
    }
}

impl Proxies {
    /// Whether an address is one of the proxies.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.holds(address))
    }

    /// Where a request comes from: the socket's address, or, where that is a proxy's, the last one of `forwarded` (the
    /// values of `X-Forwarded-For`, in their order) that is no proxy's. What stands before that one anybody may have written.
    pub fn source<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> Source {
        let mut client = peer;
        for hop in forwarded.rev().flat_map(|value| value.rsplit(',')).take(MAX_HOPS) {
            if !self.include(client) {
                break;
            }
            match hop_address(hop) {
                Some(address) => client = address,
                None => break,
            }
        }
        Source::of(client)
    }

    /// Says once that a proxy does not tell for whom it asks, so that all who come by it share the bounds of one source.
    pub fn warn_unnamed_proxy(&self, peer: IpAddr) {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            tracing::warn!(
                "代理 {peer} 没有写 X-Forwarded-For，经它来的人都算作同一个来源，共用一份登录和纠错的限额：请让代理写上这一头（nginx：proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;）"
            );
        });
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                masked(own.to_bits().into(), self.bits, 32) == masked(other.to_bits().into(), self.bits, 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                masked(own.to_bits(), self.bits, 128) == masked(other.to_bits(), self.bits, 128)
            }
            _ => false,
        }
    }
}

/// The first `bits` of an address of `width` bits; the rest is zero.
fn masked(address: u128, bits: u8, width: u8) -> u128 {
    let low = u32::from(width.saturating_sub(bits));
    address.checked_shr(low).and_then(|high| high.checked_shl(low)).unwrap_or(0)
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()))
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}”不是 IP 地址或网段，应写作 10.0.0.1、10.0.0.0/8 或 fd00::/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > width { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl TryFrom<String> for Proxies {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let items = text.split([',', '，', ' ']).map(str::trim).filter(|item| !item.is_empty());
        items.map(str::parse).collect::<Result<_, _>>().map(Self).map_err(|e| format!("trusted_proxies：{e}"))
    }
}

impl From<Proxies> for String {
    fn from(proxies: Proxies) -> Self {
        let written = proxies.0.iter().map(|Network { address, bits }| match (address, bits) {
            (IpAddr::V4(_), 32) | (IpAddr::V6(_), 128) => address.to_string(),
            _ => format!("{address}/{bits}"),
        });
        written.collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn proxies(text: &str) -> Proxies {
        Proxies::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_socket_is_believed_and_a_header_only_from_a_proxy() {
        let believed = proxies("127.0.0.0/8, ::1, 10.1.0.0/16, 2001:db8:1::/48");
        for (peer, forwarded, source) in [
            // Anybody may write the header; whoever is no proxy is himself.
            ("192.0.2.7", &["203.0.113.1"][..], "192.0.2.7"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.1"], "203.0.113.1"),
            // What the client wrote stands before what the proxies added.
            ("127.0.0.1", &["1.1.1.1, 203.0.113.1"], "203.0.113.1"),
            ("127.0.0.1", &["1.1.1.1", "203.0.113.1, 10.1.2.3"], "203.0.113.1"),
            ("10.2.0.1", &["203.0.113.1"], "10.2.0.1"),
            // With a port, in brackets, mapped into IPv6.
            ("::1", &["203.0.113.1:4711"], "203.0.113.1"),
            ("::ffff:127.0.0.1", &["[2400:1::5]:80"], "2400:1::/64"),
            ("127.0.0.1", &["[2400:1:2:3:4::5]"], "2400:1:2:3::/64"),
            ("2001:db8:1:5::1", &["2400:1:2:3:4:5:6:7"], "2400:1:2:3::/64"),
            ("::ffff:192.0.2.7", &[], "192.0.2.7"),
            // Not an address: the one who added it is all that is known.
            ("127.0.0.1", &["unknown"], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.1, _hidden, 10.1.0.9"], "10.1.0.9"),
            ("127.0.0.1", &[""], "127.0.0.1"),
        ] {
            let found = believed.source(ip(peer), forwarded.iter().copied());
            assert_eq!(found.to_string(), source, "{peer} {forwarded:?}");
        }
        let nobody = proxies("");
        assert_eq!(nobody.source(ip("127.0.0.1"), ["203.0.113.1"].into_iter()), Source::here());
    }

    #[test]
    fn a_list_of_proxies_is_read_and_written_and_its_faults_are_named() {
        for (text, written) in [
            ("", ""),
            ("10.0.0.1", "10.0.0.1"),
            ("10.0.0.1/32，::1 fd00::/8", "10.0.0.1,::1,fd00::/8"),
            ("0.0.0.0/0,::/0", "0.0.0.0/0,::/0"),
        ] {
            assert_eq!(String::from(proxies(text)), written);
        }
        assert_eq!(String::from(Proxies::default()), "127.0.0.0/8,::1");
        assert!(proxies("0.0.0.0/0").include(ip("203.0.113.1")) && proxies("::/0").include(ip("2400::1")));
        for wrong in ["10.0.0", "10.0.0.0/33", "::/129", "localhost", "10.0.0.1/x"] {
            let told = Proxies::try_from(wrong.to_owned()).unwrap_err();
            assert!(told.contains(wrong) && told.contains("10.0.0.0/8"), "{told}");
        }
    }

    proptest! {
        /// Whatever a header holds, a client cannot pass for another by what it writes before its proxy's word.
        #[test]
        fn what_a_client_writes_changes_nothing(written in "[ -~]{0,60}") {
            let forwarded = format!("{written}, 203.0.113.9");
            let source = Proxies::default().source(ip("127.0.0.1"), [forwarded.as_str()].into_iter());
            prop_assert_eq!(source, Source::of(ip("203.0.113.9")));
        }

        #[test]
        fn no_header_panics(values in proptest::collection::vec("\\PC{0,40}", 0..4)) {
            Proxies::default().source(ip("::1"), values.iter().map(String::as_str));
        }
    }
}
