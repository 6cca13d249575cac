//! What a page says of its own address: the full ones to those who share it (Open Graph), only where the operator has named
//! the service's address, since a `Host` header is whatever a stranger sends; and the one that is printed with it.

use std::cell::RefCell;

use percent_encoding::percent_decode_str;

/// Longest address that is printed, in characters: what is longer nobody types.
const MAX_PRINTED: usize = 400;

/// The page that is being made on this thread.
#[derive(Default)]
struct Page {
    /// Scheme and host.
    base: Option<String>,
    /// Path with query.
    address: Option<String>,
}

thread_local! {
    static PAGE: RefCell<Page> = const { RefCell::new(Page { base: None, address: None }) };
}

/// Forgets the page when it is made, also where making it fails.
struct Made;

impl Drop for Made {
    fn drop(&mut self) {
        PAGE.take();
    }
}

/// Makes a page of which templates may ask the full addresses. `address` is its path with its query.
pub fn making<T>(base: Option<&str>, address: Option<&str>, make: impl FnOnce() -> T) -> T {
    let _made = Made;
    PAGE.set(Page { base: base.map(str::to_owned), address: address.map(str::to_owned) });
    make()
}

/// The picture of the page that is being made.
pub fn image() -> Option<String> {
    PAGE.with_borrow(|page| page.base.as_ref().map(|base| format!("{base}/assets/card.png")))
}

/// Its address. What a link picked up on its way is no part of it.
pub fn url() -> Option<String> {
    PAGE.with_borrow(|page| {
        let path = page.address.as_deref().filter(|address| !address.contains('?'))?;
        Some(format!("{}{path}", page.base.as_deref()?))
    })
}

/// The address as it stands on paper, legible, as far as it is known here.
pub fn printed() -> Option<String> {
    PAGE.with_borrow(|page| {
        let address = without_near(page.address.as_deref()?);
        let plain = percent_decode_str(&address).decode_utf8().ok();
        let plain = plain.filter(|plain| !plain.chars().any(|c| c.is_control() || c.is_whitespace()));
        let whole = format!("{}{}", page.base.as_deref().unwrap_or_default(), plain.as_deref().unwrap_or(&address));
        match whole.char_indices().nth(MAX_PRINTED) {
            Some((cut, _)) => Some(format!("{}…", &whole[..cut])),
            None => Some(whole),
        }
    })
}

/// An address without the region that the reader has chosen: paper is passed on.
fn without_near(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else { return address.to_owned() };
    let others: Vec<&str> = query.split('&').filter(|part| !part.starts_with("near=")).collect();
    if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_full_or_none_and_of_the_page_that_is_made() {
        let told = |base, address| making(base, address, || (image(), url()));
        assert_eq!(told(None, Some("/a")), (None, None));
        let (image_url, page) = told(Some("https://a.cn"), Some("/regulations/r-1"));
        assert_eq!(image_url.as_deref(), Some("https://a.cn/assets/card.png"));
        assert_eq!(page.as_deref(), Some("https://a.cn/regulations/r-1"));
        assert_eq!(told(Some("https://a.cn"), Some("/regulations/r-1?utm_source=x")).1, None);
        assert_eq!((image(), url(), printed()), (None, None, None), "forgotten");
        let failed = std::panic::catch_unwind(|| making(Some("https://a.cn"), None, || panic!("failed")));
        assert!(failed.is_err() && image().is_none());
    }

    #[test]
    fn printed_addresses_are_legible_and_short() {
        let read = |base: Option<&str>, address: &str| making(base, Some(address), printed).unwrap();
        assert_eq!(read(None, "/law/%E6%B0%91%E6%B3%95%E5%85%B8?on=2020"), "/law/民法典?on=2020");
        assert_eq!(read(Some("https://a.cn"), "/check?url=%0A"), "https://a.cn/check?url=%0A", "one line");
        assert_eq!(read(None, "/search?q=%FF"), "/search?q=%FF");
        assert_eq!(read(None, "/search?near=520300&q=a&page=2"), "/search?q=a&page=2");
        assert_eq!(read(None, "/?near=520300"), "/");
        assert_eq!(read(None, &"/法".repeat(1_000)).chars().count(), MAX_PRINTED + 1);
    }
}
