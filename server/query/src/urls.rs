//! Where each thing stands on this site: the one place that makes paths of its pages.

use indexer::record::{Body, Info, Record};

/// A value for a query string or a part of a path.
pub fn encode(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

pub fn institution(id: &str) -> String {
    format!("/institutions/{id}")
}

pub fn division(code: &str) -> String {
    format!("/divisions/{code}")
}

/// A division's page where it tells what was there before.
pub fn former_of_division(code: &str) -> String {
    format!("/divisions/{code}#former")
}

pub fn regulation(id: &str) -> String {
    format!("/regulations/{id}")
}

/// An article's own page.
pub fn article(regulation: &str, slug: &str) -> String {
    format!("/regulations/{regulation}/articles/{slug}")
}

/// A place on a regulation's page.
pub fn anchor_in(regulation: &str, anchor: &str) -> String {
    format!("/regulations/{regulation}#{anchor}")
}

/// An article on a regulation's page.
pub fn article_in(regulation: &str, slug: &str) -> String {
    format!("/regulations/{regulation}#a{slug}")
}

/// The file that a regulation was made from.
pub fn original(regulation: &str) -> String {
    format!("/regulations/{regulation}/original")
}

/// Two texts side by side.
pub fn comparison(old: &str, new: &str) -> String {
    format!("/regulations/{old}/compare/{new}")
}

/// A regulation beside one that it was made by.
pub fn parallel(regulation: &str, above: &str) -> String {
    format!("/regulations/{regulation}/parallel/{above}")
}

pub fn search(text: &str) -> String {
    format!("/search?q={}", encode(text))
}

/// What an address is.
pub fn check(text: &str) -> String {
    format!("/check?url={}", encode(text))
}

/// What a reader is reported of a suggestion, by its secret.
pub fn correction(secret: &str) -> String {
    format!("/corrections/{secret}")
}

pub fn submission(id: &str) -> String {
    format!("/console/submissions/{id}")
}

/// The page of a record of a public kind.
pub fn record(kind: &Info, id: &str) -> String {
    format!("/{}/{id}", kind.path)
}

/// What records of a public kind are new or changed, as a feed.
pub fn feed_of(kind: &Info) -> String {
    format!("/feeds/{}.atom", kind.path)
}

/// The page of a record that offices share.
pub fn shared(id: &str) -> String {
    format!("/console/shared/{}", encode(id))
}

/// The page of a record; the first page for one that is nobody's to see.
pub fn record_url(record: &Record) -> String {
    match &record.body {
        Body::WebName(w) => check(&w.name),
        body if body.is_for_the_public() => self::record(body.info(), &record.id),
        body if body.is_shared() => shared(&record.id),
        _ => "/".to_owned(),
    }
}

/// Where the revisions of a record are reported.
pub fn history(id: &str) -> String {
    format!("/records/{}/history", encode(id))
}

/// Where to tell of a mistake or of something that is missing: about a record or a division, and with what it is.
pub fn new_correction(about: &str, missing: Option<&str>) -> String {
    let missing = missing.map(|what| format!("&missing={}", encode(what))).unwrap_or_default();
    format!("/corrections/new?about={}{missing}", encode(about))
}
