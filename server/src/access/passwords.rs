//! Passwords: argon2id with the parameters that OWASP's cheat sheet on password storage names first (19 MiB, 2 passes).

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// Shortest password, in characters (NIST SP 800-63B §3.1.1.2 asks for 15 where nothing else protects; sign-in here is
/// locked after a few failures as well).
const MIN_CHARS: usize = 10;
/// Longest, in characters: hashing takes longer for longer ones.
const MAX_CHARS: usize = 200;
/// Characters of a password that is made here: 32 letters and digits each, 100 bits.
const MADE_CHARS: usize = 20;
/// Without what is mistaken for another on paper.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("密码至少 {MIN_CHARS} 个字符")]
    Short,
    #[error("密码最多 {MAX_CHARS} 个字符")]
    Long,
    #[error("密码不能含有账户名")]
    Name,
    #[error("密码太容易猜：不要只用少数几个字符，也不要用连续的数字或字母")]
    Easy,
    #[error("密码中有控制字符")]
    Control,
}

/// Hashes and checks passwords; each takes some 20 ms, on a thread that may block.
pub struct Passwords;

impl Passwords {
    pub fn check_strength(name: &str, password: &str) -> Result<(), WeakPassword> {
        let chars: Vec<char> = password.chars().collect();
        if chars.len() < MIN_CHARS {
            return Err(WeakPassword::Short);
        }
        if chars.len() > MAX_CHARS {
            return Err(WeakPassword::Long);
        }
        if chars.iter().any(|c| c.is_control()) {
            return Err(WeakPassword::Control);
        }
        if password.to_lowercase().contains(name) {
            return Err(WeakPassword::Name);
        }
        let mut kinds = chars.clone();
        kinds.sort_unstable();
        kinds.dedup();
        // 1234567890, abcdefghij, 9876543210: each character next to the one before.
        let steps = chars.windows(2).filter(|w| (w[0] as i64 - w[1] as i64).abs() <= 1).count();
        if kinds.len() < 5 || steps * 4 > chars.len() * 3 {
            return Err(WeakPassword::Easy);
        }
        Ok(())
    }

    /// The hash to keep, in PHC form.
    pub fn hash(password: &str) -> Result<String, String> {
        Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(|e| e.to_string())
    }

    pub fn matches(password: &str, hash: &str) -> bool {
        PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }

    /// Takes as long as checking a password of an account that does not exist would.
    pub fn pretend(password: &str) {
        static NOBODY: LazyLock<String> = LazyLock::new(|| Passwords::hash("nobody").unwrap_or_default());
        let _ = Self::matches(password, &NOBODY);
    }

    /// A password from 100 random bits.
    pub fn make() -> Result<String, getrandom::Error> {
        let mut bytes = [0u8; MADE_CHARS];
        getrandom::fill(&mut bytes)?;
        Ok(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_told_why() {
        for (password, told) in [
            ("abc", WeakPassword::Short),
            ("1234567890", WeakPassword::Easy),
            ("aaaaaaaaaaaa", WeakPassword::Easy),
            ("abcdefghijkl", WeakPassword::Easy),
            ("xx-zunyi-2026", WeakPassword::Name),
            ("good\u{0}password", WeakPassword::Control),
            (&"长".repeat(201), WeakPassword::Long),
        ] {
            assert_eq!(Passwords::check_strength("zunyi", password), Err(told), "{password}");
        }
        assert_eq!(Passwords::check_strength("zunyi", "八角亭的第3棵树下"), Err(WeakPassword::Short));
        assert_eq!(Passwords::check_strength("zunyi", "八角亭的第3棵老树下"), Ok(()));
        assert_eq!(Passwords::check_strength("zunyi", &Passwords::make().unwrap()), Ok(()));
    }

    #[test]
    fn only_the_password_matches_its_hash() {
        let hash = Passwords::hash("正确的密码 1").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(Passwords::matches("正确的密码 1", &hash));
        assert!(!Passwords::matches("正确的密码 2", &hash));
        assert!(!Passwords::matches("x", "no hash"));
        assert_ne!(hash, Passwords::hash("正确的密码 1").unwrap(), "salted");
    }
}
