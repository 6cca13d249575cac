//! Notices by mail, where the operator has named a server: an outbox in the store, one letter an account and an hour, sent again
//! with growing pauses, and given up with a word to the administrator.

mod letter;
mod outbox;
#[cfg(test)]
mod server;
mod smtp;
#[cfg(test)]
pub(super) mod tests;

use lettre::Address;

pub use outbox::{Letter, Undelivered, deliver, undelivered};
pub(super) use outbox::{forget, put};
pub use smtp::{Post, SmtpConfig, SmtpError, SmtpTls};

use super::settings::MAX_ADDRESS;

/// Whether mail can be sent to an address: ASCII, since not every server takes others (RFC 6531), and nothing that could end a
/// line of the protocol.
pub(super) fn is_address(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b',' | b';' | b'\\'));
    plain && text.len() <= MAX_ADDRESS && text.parse::<Address>().is_ok()
}
