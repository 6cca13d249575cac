//! The full addresses that a page tells of itself to those who share it (Open Graph): only where the operator has named the
//! service's address, since a `Host` header is whatever a stranger sends.

use std::cell::RefCell;

thread_local! {
    /// Scheme and host, and the path of the page that is being made on this thread.
    static PAGE: RefCell<Option<(String, Option<String>)>> = const { RefCell::new(None) };
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
    // What a link picked up on its way is no part of the page's address.
    let path = address.filter(|address| !address.contains('?')).map(str::to_owned);
    PAGE.set(base.map(|base| (base.to_owned(), path)));
    make()
}

/// The picture of the page that is being made.
pub fn image() -> Option<String> {
    PAGE.with_borrow(|page| page.as_ref().map(|(base, _)| format!("{base}/assets/card.png")))
}

/// Its address.
pub fn url() -> Option<String> {
    PAGE.with_borrow(|page| page.as_ref().and_then(|(base, path)| Some(format!("{base}{}", path.as_deref()?))))
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
        assert_eq!((image(), url()), (None, None), "forgotten");
        let failed = std::panic::catch_unwind(|| making(Some("https://a.cn"), None, || panic!("failed")));
        assert!(failed.is_err() && image().is_none());
    }
}
