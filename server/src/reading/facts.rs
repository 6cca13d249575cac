//! A record as rows of name and value, and two of them side by side: what reviewers and readers of a history look at.

use indexer::record::{Body, Date, Institution, Regulation};

use super::compare::{Change, Run, RunKind, rows, runs};

/// A row of a record: its name and its value, empty where there is none.
pub type Fact = (&'static str, String);

/// A row of two records.
pub struct Pair {
    pub name: &'static str,
    pub before: Vec<Run>,
    pub after: Vec<Run>,
    pub changed: bool,
}

/// An article that is not the same in both.
pub struct Article {
    pub label: String,
    pub change: Change,
    pub before: Vec<Run>,
    pub after: Vec<Run>,
}

/// Two states of a record.
#[derive(Default)]
pub struct Comparison {
    pub pairs: Vec<Pair>,
    pub articles: Vec<Article>,
    /// Articles that differ beyond those shown.
    pub more: usize,
}

/// Articles shown of a comparison: a whole new code would make a page of megabytes.
const MOST_ARTICLES: usize = 300;

/// Bytes of a text that is compared character by character: the work grows with the square. Longer ones stand whole.
const MOST_COMPARED: usize = 30_000;

pub fn facts(body: &Body) -> Vec<Fact> {
    match body {
        Body::Institution(i) => institution(i),
        Body::Regulation(r) => regulation(r),
        Body::Division(d) => vec![
            ("名称", d.name.clone()),
            ("代码", d.code.to_string()),
            ("层级", d.level.label().to_owned()),
            ("上级", d.parent.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("简称", d.short_name.clone()),
            ("别称", d.aliases.join("、")),
            ("曾用名", d.former_names.join("、")),
            ("历史沿革", d.former.iter().map(|f| f.told(std::slice::from_ref(&d.name))).collect::<Vec<_>>().join("\n")),
        ],
        Body::WebName(w) => vec![
            ("网上名称", w.name.clone()),
            ("所属机构", w.institution_name.clone()),
            ("共用机构", w.shared_with.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join("、")),
            ("状态", w.status.label().to_owned()),
            ("证据", w.evidence.label().to_owned()),
            ("依据", w.basis.clone()),
        ],
        Body::Correction(_) | Body::Submission(_) | Body::Account(_) | Body::ApiKey(_) => Vec::new(),
    }
}

fn institution(i: &Institution) -> Vec<Fact> {
    let sites = i.websites.iter().map(|s| format!("{}（{}）", s.url, s.evidence.label()));
    vec![
        ("全称", i.name.clone()),
        ("简称", i.short_names.join("、")),
        ("前身或曾用名", i.former_names.join("、")),
        ("类别", i.category.label().to_owned()),
        ("层级", i.level.label().to_owned()),
        ("区划", i.division.to_string()),
        ("上级", i.parent_name.clone().unwrap_or_default()),
        ("网站", sites.collect::<Vec<_>>().join("\n")),
        ("不再使用的网址", i.former_sites.iter().map(|s| s.host.as_str()).collect::<Vec<_>>().join("\n")),
        ("统一社会信用代码", i.credit_code.clone().unwrap_or_default()),
        ("名称依据", i.name_basis.label().to_owned()),
    ]
}

fn regulation(r: &Regulation) -> Vec<Fact> {
    let day = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    vec![
        ("标题", r.title.clone()),
        ("文号", r.document_number.clone().unwrap_or_default()),
        ("发文机关", r.issuers.join("、")),
        ("效力层级", r.level.label().to_owned()),
        ("文件种类", r.document_kind.label().to_owned()),
        ("区划", r.division.as_ref().map_or_else(|| "全国".to_owned(), ToString::to_string)),
        ("成文日期", day(r.version_date)),
        ("公布日期", day(r.published)),
        ("施行日期", day(r.effective)),
        (
            "正文",
            if r.articles.is_empty() {
                "没有文字".to_owned()
            } else {
                format!("{} 条（段）", r.articles.len())
            },
        ),
    ]
}

/// What differs between two states; either may be missing.
pub fn compare(before: Option<&Body>, after: Option<&Body>) -> Comparison {
    let (old, new) = (before.map(facts).unwrap_or_default(), after.map(facts).unwrap_or_default());
    let names = if new.is_empty() { &old } else { &new };
    let value =
        |all: &[Fact], name: &str| all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let pairs = names.iter().filter_map(|(name, _)| {
        let (b, a) = (value(&old, name), value(&new, name));
        if b.is_empty() && a.is_empty() {
            return None;
        }
        let (before, after) = if old.is_empty() || new.is_empty() { (whole(&b), whole(&a)) } else { sides(&b, &a) };
        Some(Pair { name, changed: b != a, before, after })
    });
    let mut comparison = Comparison { pairs: pairs.collect(), ..Comparison::default() };
    if let (Some(Body::Regulation(old)), Some(Body::Regulation(new))) = (before, after) {
        let changed: Vec<_> = rows(old, new).into_iter().filter(|row| row.change != Change::Same).collect();
        comparison.more = changed.len().saturating_sub(MOST_ARTICLES);
        comparison.articles = changed
            .iter()
            .take(MOST_ARTICLES)
            .map(|row| {
                let (b, a) = (row.old.map(|at| &old.articles[at]), row.new.map(|at| &new.articles[at]));
                let text =
                    |article: Option<&indexer::record::Article>| article.map_or("", |a| a.text.as_str()).to_owned();
                let (before, after) = sides(&text(b), &text(a));
                let label = a.or(b).map(|article| article.label.clone()).unwrap_or_default();
                Article { label, change: row.change, before, after }
            })
            .collect();
    }
    comparison
}

fn whole(text: &str) -> Vec<Run> {
    vec![Run { kind: RunKind::Both, text: text.to_owned() }]
}

/// The two texts, each cut where it differs from the other.
fn sides(before: &str, after: &str) -> (Vec<Run>, Vec<Run>) {
    if before.len().max(after.len()) > MOST_COMPARED {
        return (whole(before), whole(after));
    }
    let all = runs(before, after);
    let without = |kind| all.iter().filter(|run| run.kind != kind).cloned().collect();
    (without(RunKind::New), without(RunKind::Old))
}
