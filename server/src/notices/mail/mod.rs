//! Notices by mail, where the operator has named a server: an outbox in the store, one letter an account and an hour, sent again
//! with growing pauses, and given up with a word to the administrator.

pub(super) mod letter;
mod outbox;
#[cfg(test)]
mod secured;
#[cfg(test)]
mod server;
mod smtp;
#[cfg(test)]
pub(super) mod tests;

use lettre::Address;

pub use outbox::{Letter, Undelivered, undelivered};
pub(super) use outbox::{TABLE as MAIL_TABLE, forget, letters, put};
pub(super) use smtp::Refused;
pub use smtp::{Post, SmtpConfig, SmtpError, SmtpTls};

/// Longest address of mail, in bytes (RFC 5321, section 4.5.3.1.3, without its brackets).
pub const MAX_ADDRESS: usize = 254;

/// Whether mail can be sent to an address: ASCII, since not every server takes others (RFC 6531), and nothing that could end a
/// line of the protocol.
pub(super) fn is_address(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b',' | b';' | b'\\'));
    plain && text.len() <= MAX_ADDRESS && text.parse::<Address>().is_ok()
}
