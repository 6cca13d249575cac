//! The name of a host as it may stand in an address.

use std::net::{Ipv4Addr, Ipv6Addr};

const MAX_LABEL: usize = 63;
/// Longest host name, in bytes (RFC 1035, section 2.3.4), and longest label of one.
const MAX_HOST: usize = 253;

/// A name of letters, digits and hyphens, or an IP address; then perhaps a port. Nothing else, so that it can stand in
/// any text as it is.
pub fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, rest)) = rest.split_once(']') else { return false };
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            (None, rest.strip_prefix(':').or_else(|| (!rest.is_empty()).then_some("")))
        }
        None => match text.split_once(':') {
            Some((name, port)) => (Some(name), Some(port)),
            None => (Some(text), None),
        },
    };
    let port = port.is_none_or(|p| p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_ok_and(|n| n > 0));
    port && name.is_none_or(is_name)
}

fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits makes browsers read the whole as an IPv4 address.
    let numeric = name.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
    name.len() <= MAX_HOST && name.split('.').all(label) && (!numeric || name.parse::<Ipv4Addr>().is_ok())
}
