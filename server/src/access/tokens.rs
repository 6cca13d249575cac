//! Random bits that only a browser has; the store has their hash.

use sha2::{Digest, Sha256};

/// 256 of them, in hex.
pub fn token() -> Result<String, getrandom::Error> {
    let mut token = [0u8; 32];
    getrandom::fill(&mut token)?;
    Ok(hex::encode(token))
}

pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}
