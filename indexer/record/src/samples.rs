//! Records made up for tests.

#![allow(clippy::panic, reason = "a test stops at what must not be")]

use super::*;
use text::web_name::Host;

/// A published record with a source and nothing else.
pub fn record(id: &str, body: Body) -> Record {
    let provenance = vec![Provenance { source: "a".into(), place: None, date: None, licence: None }];
    Record::published(id, None, provenance, body)
}

/// A national law of numbered articles.
pub fn law(title: &str, date: Date, articles: &[&str]) -> Record {
    let body = Regulation {
        issuers: vec!["全国人民代表大会常务委员会".into()],
        version_date: Some(date),
        articles: (1..).zip(articles).map(|(n, text)| article(n, text)).collect(),
        ..Regulation::blank(title, RegulationLevel::Law)
    };
    record(&regulation_id(title, Some(date), None), Body::Regulation(body))
}

/// An article with a number.
pub fn article(number: u32, text: &str) -> Article {
    let number = ArticleNumber { number, inserted: 0 };
    Article { label: number.to_string(), number: Some(number), text: text.to_owned() }
}

/// An institution at the level of a prefecture, without a site.
pub fn institution(id: &str, name: &str, division: &str) -> Record {
    let body = Institution {
        level: InstitutionLevel::Prefecture,
        ..Institution::new(name, Category::Government, division_code(division))
    };
    record(id, Body::Institution(body))
}

pub fn division(code: &str, name: &str, short_name: &str, level: DivisionLevel, parent: Option<&str>) -> Record {
    let body = Division {
        code: division_code(code),
        name: name.into(),
        level,
        parent: parent.map(division_code),
        short_name: short_name.into(),
        aliases: Vec::new(),
        former_names: Vec::new(),
        former: Vec::new(),
    };
    record(code, Body::Division(body))
}

/// A name in use with an owner.
pub fn web_name(name: &str, owner: &str) -> WebName {
    let host = Host::parse(name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    WebName {
        name: host.unicode,
        ascii: host.ascii,
        institution_name: owner.into(),
        institution_id: None,
        shared_with: Vec::new(),
        form: NameForm::default(),
        status: NameStatus::InUse,
        evidence: Evidence::Corroborated,
        basis: String::new(),
        sources: Vec::new(),
        seen: None,
        life: None,
    }
}

fn division_code(code: &str) -> DivisionCode {
    code.parse().unwrap_or_else(|error| panic!("{code}: {error}"))
}
