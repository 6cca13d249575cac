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

/// The short address of a law, or of an article of it: what is in force under its title.
pub fn law(title: &str, article: Option<&str>) -> String {
    let article = article.map(|number| format!("/{number}")).unwrap_or_default();
    format!("/law/{}{article}", encode(title))
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

/// A path with a query of those pairs that have a value.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The list of regulations under some conditions, by name and value.
pub fn regulations(conditions: &[(&str, &str)]) -> String {
    with_query("/regulations", conditions)
}

/// What regulations are new or changed under some conditions, as a feed.
pub fn feed_of_regulations(conditions: &[(&str, &str)]) -> String {
    with_query("/feeds/regulations.atom", conditions)
}

/// The notices of the account that has a token, as a feed.
pub fn feed_of_notices(token: &str) -> String {
    format!("/feeds/notices/{token}")
}

/// A part of the site map.
pub fn sitemap(listed: &str, part: usize) -> String {
    format!("/sitemaps/{listed}-{part}.xml")
}

/// The bases of a division's records that cite a regulation.
pub fn bases(division: &str, regulation: &str) -> String {
    with_query(&format!("/bases/{division}"), &[("law", regulation)])
}

/// The lists of powers of a division's institutions.
pub fn power_lists(division: &str) -> String {
    format!("/power-lists/{division}")
}

/// An institution's list of powers, by its name: institutions without a record have lists too.
pub fn power_list(division: &str, institution: &str) -> String {
    format!("/power-lists/{division}/{}", encode(institution))
}

/// Where two records of a kind that is compared stand side by side.
pub fn compared(kind: &Info, old: &str, new: &str) -> String {
    format!("/{}/compare?old={}&new={}", kind.path, encode(old), encode(new))
}

/// Addresses of the interface that its own answers give.
pub mod api {
    /// A dump, by the name of its file.
    pub fn dump(file: &str) -> String {
        format!("/api/v1/dumps/{file}")
    }

    /// The public changes after one.
    pub fn changes(since: u64) -> String {
        format!("/api/v1/changes?since={since}")
    }

    /// What is known of a web name, or a file of all of them.
    pub fn web_name(name: &str) -> String {
        const SEGMENT: &percent_encoding::AsciiSet =
            &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        format!("/api/v1/web-names/{}", percent_encoding::utf8_percent_encode(name, SEGMENT))
    }
}

/// Addresses of the console.
pub mod console {
    use indexer::record::Info;

    use super::{encode, with_query};

    pub fn correction(id: &str) -> String {
        format!("/console/corrections/{id}")
    }

    /// An application for a web name.
    pub fn application(id: &str) -> String {
        format!("/console/names/{id}")
    }

    /// A registered web name.
    pub fn registered(id: &str) -> String {
        format!("/console/register/{id}")
    }

    pub fn task(id: &str) -> String {
        format!("/console/tasks/{id}")
    }

    /// The form of a new record.
    pub fn new_record(kind: &Info) -> String {
        format!("/console/new/{}", kind.path)
    }

    /// The form that changes a record; `answers` is the correction that it answers.
    pub fn edit(record: &str, answers: &str) -> String {
        with_query(&format!("/console/records/{}/edit", encode(record)), &[("answers", answers)])
    }

    /// The form that changes a draft.
    pub fn edit_submission(id: &str) -> String {
        format!("/console/submissions/{id}/edit")
    }

    /// An uploaded document that waits to be confirmed, by its sha256 and the name of its file.
    pub fn upload(hash: &str, name: &str) -> String {
        format!("/console/upload/{hash}?name={}", encode(name))
    }

    /// An uploaded file that belongs to a submission.
    pub fn file(hash: &str, submission: &str) -> String {
        format!("/console/files/{hash}?submission={submission}")
    }

    /// The queue under some conditions, by name and value.
    pub fn queue(conditions: &[(&str, &str)]) -> String {
        with_query("/console/queue", conditions)
    }

    /// What offices share, searched.
    pub fn shared_search(text: &str, page: u32) -> String {
        with_query("/console/shared", &[("q", text), ("page", &page.to_string())])
    }

    /// The schemes of a division's institutions on a day, as a sheet.
    pub fn schemes_sheet(division: &str, day: &str) -> String {
        with_query("/console/schemes.csv", &[("division", division), ("on", day)])
    }

    /// Two schemes side by side, with those that offices share.
    pub fn compared_schemes(old: &str, new: &str) -> String {
        format!("/console/schemes/compare?old={}&new={}", encode(old), encode(new))
    }

    /// What a plan of a reform touches.
    pub fn reform(id: &str) -> String {
        with_query("/console/reforms", &[("of", id)])
    }
}
