//! Validity 时效性 derived from the versions of a regulation and from the texts that repeal it.

use std::collections::HashMap;

use super::{Date, Regulation, RegulationLevel, Status, effect::Effect, repeals, work_key};
use text::dictionaries::FormerLaw;

/// A status and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusBasis {
    pub status: Status,
    /// For a reader of the page.
    pub reason: String,
    /// The regulation that repealed or replaced it.
    pub by: Option<String>,
}

type Work = (String, Option<String>);

fn work_of(r: &Regulation) -> Work {
    (work_key(&r.title), r.division.as_ref().map(ToString::to_string))
}

/// The day from which a version counts.
fn starts(r: &Regulation, effect: Option<&Effect>) -> Option<Date> {
    let effective = effect.map_or(r.effective, |effect| effect.date);
    effective.into_iter().chain(r.version_date).max().or(r.published)
}

/// The status of every regulation on a day. Within one work the newest version that has taken effect is in force; a
/// closing sentence “…同时废止” repeals the works that it ends with, as far as they are older than the text that says
/// so, and so does what a decision says anywhere, where it doesn't rank below them or has their issuer; see
/// [`super::repeals`]. `former` names laws that another has replaced: they, and what interprets them, are no longer in
/// force. `effects` has the days of effect by id, see [`super::effect`].
pub fn derive(
    regulations: &[(&str, &Regulation)],
    effects: &HashMap<String, Effect>,
    former: &[FormerLaw],
    today: Date,
) -> HashMap<String, StatusBasis> {
    let started = |id: &str, r: &Regulation| starts(r, effects.get(id));
    let mut works: HashMap<Work, Vec<(&str, &Regulation)>> = HashMap::new();
    for (id, r) in regulations {
        works.entry(work_of(r)).or_default().push((id, r));
    }
    for versions in works.values_mut() {
        versions.sort_by(|a, b| b.1.version_date.cmp(&a.1.version_date).then(a.0.cmp(b.0)));
    }
    let repeals = repeals_of(regulations, &started, today);
    let replaced = Replaced::new(&works, former, &started, today);
    let mut all = HashMap::new();
    for (work, versions) in &works {
        let (mut newer, mut coming): (Option<&str>, Option<Date>) = (None, None);
        for (id, r) in versions {
            let from = started(id, r);
            let basis = basis_of((*r, from), work, newer, coming, (&repeals, &replaced), today);
            if basis.status == Status::NotYetInForce {
                coming = from;
            } else {
                newer.get_or_insert(id);
            }
            all.insert((*id).to_owned(), basis);
        }
    }
    all
}

/// Tells the day from which a regulation's version counts, by its id.
type Started<'f> = dyn Fn(&str, &Regulation) -> Option<Date> + 'f;

fn basis_of(
    (r, from): (&Regulation, Option<Date>),
    work: &Work,
    newer: Option<&str>,
    coming: Option<Date>,
    (repeals, replaced): (&HashMap<Work, Vec<Repeal>>, &Replaced<'_>),
    today: Date,
) -> StatusBasis {
    let basis = |status, reason: String, by: Option<&str>| StatusBasis { status, reason, by: by.map(str::to_owned) };
    let repeals = repeals.get(work).into_iter().flatten();
    if let Some(repeal) = repeals.into_iter().find(|repeal| r.version_date < Some(repeal.version) && repeal.reaches(r))
    {
        return basis(Status::Repealed, format!("由{}宣布废止", repeal.by), Some(&repeal.id));
    }
    if let Some((reason, by)) = replaced.by(r, work) {
        return basis(Status::Repealed, reason, Some(by));
    }
    if r.stated_status == Some(Status::Repealed) {
        let reason = "仅来源所载“已废止”，库中没有废止它的文本，请再核对";
        return basis(Status::Repealed, reason.into(), None);
    }
    if let Some(last) = r.publication.valid_until.filter(|last| *last < today) {
        return basis(Status::Repealed, format!("文件写明的有效期至 {last}，已满"), None);
    }
    if let Some(newer) = newer {
        return basis(Status::Superseded, "已有更新的文本".into(), Some(newer));
    }
    if let Some(day) = from.filter(|day| *day > today) {
        return basis(Status::NotYetInForce, format!("自 {day} 起施行"), None);
    }
    match (r.stated_status, coming) {
        // A source calls the last version historical as soon as the next is published; it counts until that takes
        // effect.
        (Some(Status::Superseded), Some(day)) => {
            basis(Status::InForce, format!("修改后的文本自 {day} 起施行，在此之前仍用本版"), None)
        }
        (Some(Status::Superseded), None) => {
            basis(Status::Superseded, "来源所载：历史版本；库中没有更新的文本".into(), None)
        }
        (Some(_), _) => basis(Status::InForce, "来源所载：现行有效".into(), None),
        (None, _) => basis(Status::InForce, "库中该标题的最新文本，且未见废止".into(), None),
    }
}

/// Works that others have taken the place of without saying so in a text of the library.
struct Replaced<'a> {
    /// Former title → what is read in its place and its newest text.
    former: HashMap<&'a str, (&'a FormerLaw, &'a str)>,
    /// National works with their newest text in effect.
    newest: HashMap<String, (&'a str, Option<Date>)>,
}

impl<'a> Replaced<'a> {
    fn new(
        works: &HashMap<Work, Vec<(&'a str, &'a Regulation)>>,
        former: &'a [FormerLaw],
        started: &Started<'_>,
        today: Date,
    ) -> Self {
        let national = works.iter().filter(|((_, division), _)| division.is_none());
        let newest: HashMap<String, (&str, Option<Date>)> = national
            .filter_map(|((work, _), versions)| {
                let (id, r) = versions.iter().find(|(id, r)| started(id, r).is_none_or(|day| day <= today))?;
                Some((work.clone(), (*id, r.version_date)))
            })
            .collect();
        let successor = |law: &'a FormerLaw| Some((law.title.as_str(), (law, newest.get(&law.successor)?.0)));
        Self { former: former.iter().filter_map(successor).collect(), newest }
    }

    /// What has taken a regulation's place, and why.
    fn by(&self, r: &Regulation, work: &Work) -> Option<(String, &'a str)> {
        let (title, None) = work else { return None };
        let older = |year: u16| r.version_date.is_some_and(|date| i32::from(date.year()) < i32::from(year));
        if let Some((law, id)) = self.former.get(title.as_str()).filter(|(law, _)| older(law.year)) {
            return Some((format!("自 {} 年起适用《{}》", law.year, law.successor), id));
        }
        // 关于适用《婚姻法》若干问题的解释 falls with the law that it interprets.
        let interpreted = title.split_once("适用《").and_then(|(_, rest)| rest.split_once('》'));
        let interpreted = interpreted.and_then(|(law, _)| self.former.get(work_key(law).as_str()));
        if let Some((law, id)) = interpreted.filter(|(law, _)| older(law.year)) {
            return Some((format!("它所解释的《{}》自 {} 年起不再施行", law.title, law.year), id));
        }
        let lasting = title.strip_suffix("（试行）")?;
        let (id, date) = *self.newest.get(lasting)?;
        (date > r.version_date).then(|| ("试行文本，已有正式文本".to_owned(), id))
    }
}

struct Repeal {
    id: String,
    /// For a reader: 《甲法》第九条.
    by: String,
    /// Older texts than this are repealed.
    version: Date,
    from: Date,
    /// Of a decision, which repeals nothing that ranks above it; a closing article names what came before its
    /// regulation.
    decision: Option<Rank>,
}

/// Who decided, for what a decision may repeal.
struct Rank {
    level: u8,
    issuers: Vec<String>,
}

impl Repeal {
    /// Whether it may repeal a text: one of no higher rank, or one of the same issuer.
    fn reaches(&self, r: &Regulation) -> bool {
        let Some(rank) = &self.decision else { return true };
        rank.level <= level(r.level) || r.issuers.iter().any(|issuer| rank.issuers.contains(issuer))
    }
}

/// The order of regulations, the highest first.
fn level(level: RegulationLevel) -> u8 {
    match level {
        RegulationLevel::Constitution => 0,
        RegulationLevel::Law => 1,
        RegulationLevel::SupervisionRegulation | RegulationLevel::AdministrativeRegulation => 2,
        RegulationLevel::JudicialInterpretation
        | RegulationLevel::DepartmentRule
        | RegulationLevel::LocalRegulation => 3,
        RegulationLevel::LocalGovernmentRule => 4,
        RegulationLevel::NormativeDocument => 5,
        RegulationLevel::PartyRegulation | RegulationLevel::Other => 6,
    }
}

/// Work → the texts that repeal it and have taken effect.
fn repeals_of(regulations: &[(&str, &Regulation)], started: &Started<'_>, today: Date) -> HashMap<Work, Vec<Repeal>> {
    let mut all: HashMap<Work, Vec<Repeal>> = HashMap::new();
    for (id, r) in regulations {
        let Some(start) = started(id, r).filter(|day| *day <= today) else { continue };
        let decides = repeals::decides(r);
        let Some(version) = r.version_date.or(Some(start).filter(|_| decides)) else { continue };
        let division = r.division.as_ref().map(ToString::to_string);
        for repealed in repeals::repealed(r) {
            let from = repealed.from.unwrap_or(start);
            if from > today {
                continue;
            }
            all.entry((work_key(repealed.title), division.clone())).or_default().push(Repeal {
                id: (*id).to_owned(),
                by: format!("《{}》{}", r.title, repealed.article.unwrap_or_default()),
                version,
                from,
                decision: decides.then(|| Rank { level: level(r.level), issuers: r.issuers.clone() }),
            });
        }
    }
    // The first that repealed it, whatever the order of the records.
    all.values_mut().for_each(|repeals| repeals.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id))));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, DocumentKind};

    fn regulation(title: &str, year: i16, closing: &str) -> Regulation {
        Regulation {
            version_date: Some(Date::constant(year, 1, 1)),
            articles: vec![Article { label: "第九条".into(), number: None, text: closing.into() }],
            ..Regulation::blank(title, RegulationLevel::Law)
        }
    }

    fn statuses(all: &[(&str, Regulation)]) -> HashMap<String, StatusBasis> {
        let borrowed: Vec<(&str, &Regulation)> = all.iter().map(|(id, r)| (*id, r)).collect();
        let former = FormerLaw { title: "丙法".into(), successor: "丁典".into(), year: 2021 };
        derive(&borrowed, &HashMap::new(), &[former], Date::constant(2026, 1, 1))
    }

    #[test]
    fn the_newest_version_in_effect_is_in_force() {
        let mut future = regulation("甲法", 2025, "");
        future.effective = Some(Date::constant(2027, 1, 1));
        let all = statuses(&[
            ("old", regulation("甲法", 2001, "")),
            ("now", regulation("中华人民共和国甲法", 2015, "")),
            ("next", future),
        ]);
        assert_eq!(all["old"].status, Status::Superseded);
        assert_eq!(all["old"].by.as_deref(), Some("now"));
        assert_eq!(all["now"].status, Status::InForce);
        assert_eq!(all["next"].status, Status::NotYetInForce);
    }

    #[test]
    fn what_another_has_replaced_and_what_interprets_it_are_no_longer_in_force() {
        let mut all = vec![
            ("c", regulation("中华人民共和国丙法", 1999, "")),
            ("i", regulation("最高人民法院关于适用《中华人民共和国丙法》若干问题的解释（一）", 2009, "")),
            ("t", regulation("戊规则（试行）", 2012, "")),
            ("f", regulation("戊规则", 2019, "")),
            ("later", regulation("关于适用《丙法》的解释", 2022, "")),
        ];
        assert_eq!(statuses(&all)["c"].status, Status::InForce, "without the successor's text nothing is claimed");
        all.push(("d", regulation("中华人民共和国丁典", 2020, "")));
        let found = statuses(&all);
        for (id, by) in
            [("c", Some("d")), ("i", Some("d")), ("t", Some("f")), ("later", None), ("d", None), ("f", None)]
        {
            assert_eq!(found[id].by.as_deref(), by, "{id}");
            let status = if by.is_some() { Status::Repealed } else { Status::InForce };
            assert_eq!(found[id].status, status, "{id}");
        }
        assert!(found["i"].reason.contains("2021"));
    }

    #[test]
    fn a_version_called_historical_counts_until_the_next_takes_effect() {
        let mut next = regulation("甲法", 2025, "");
        next.effective = Some(Date::constant(2027, 1, 1));
        let (mut now, mut lone) = (regulation("甲法", 2015, ""), regulation("乙法", 2015, ""));
        now.stated_status = Some(Status::Superseded);
        lone.stated_status = Some(Status::Superseded);
        let all = statuses(&[("next", next), ("now", now), ("lone", lone)]);
        assert_eq!((all["next"].status, all["now"].status), (Status::NotYetInForce, Status::InForce));
        assert!(all["now"].reason.contains("2027-01-01"));
        assert_eq!(all["lone"].status, Status::Superseded);
    }

    #[test]
    fn the_judged_day_of_effect_counts_and_not_the_stated_one() {
        let mut r = regulation("甲法", 2025, "");
        r.effective = Some(Date::constant(2025, 1, 1));
        let judged = Effect { date: Some(Date::constant(2026, 7, 1)), ..Effect::default() };
        let effects = HashMap::from([("a".to_owned(), judged)]);
        let found = derive(&[("a", &r)], &effects, &[], Date::constant(2026, 1, 1));
        assert_eq!(found["a"].status, Status::NotYetInForce);
        assert!(found["a"].reason.contains("2026-07-01"));
    }

    #[test]
    fn a_closing_article_repeals_what_it_names() {
        let code = regulation(
            "民法典",
            2020,
            "本法自2021年1月1日起施行。《中华人民共和国婚姻法》、《中华人民共和国收养法》同时废止。",
        );
        let all = statuses(&[
            ("code", code),
            ("a", regulation("婚姻法", 2001, "")),
            ("b", regulation("收养法", 1998, "")),
            ("c", regulation("继承法", 1985, "")),
        ]);
        assert_eq!(
            (all["a"].status, all["b"].status, all["c"].status),
            (Status::Repealed, Status::Repealed, Status::InForce)
        );
        assert_eq!(all["a"].reason, "由《民法典》第九条宣布废止");
        assert_eq!(all["code"].status, Status::InForce);
    }

    fn decision(title: &str, year: i16, text: &str) -> Regulation {
        Regulation { document_kind: DocumentKind::Abolition, ..regulation(title, year, text) }
    }

    #[test]
    fn a_decision_repeals_what_it_names_from_its_day() {
        let mut all = vec![
            ("d", decision("关于废止《甲条例》的决定", 2025, "决定废止《甲条例》。")),
            (
                "e",
                decision(
                    "关于处理问题的决定",
                    2025,
                    "《乙条例》自2025年10月26日起废止。《丙条例》自2027年1月1日起废止。",
                ),
            ),
            ("a", regulation("甲条例", 2010, "")),
            ("b", regulation("中华人民共和国乙条例", 2016, "")),
            ("c", regulation("丙条例", 2016, "")),
            ("again", regulation("丁条例", 2025, "")),
            ("f", decision("关于废止《丁条例》的决定", 2020, "")),
        ];
        let found = statuses(&all);
        for (id, status, by) in [
            ("a", Status::Repealed, Some("d")),
            ("b", Status::Repealed, Some("e")),
            ("c", Status::InForce, None),
            ("again", Status::InForce, None),
            ("d", Status::InForce, None),
        ] {
            assert_eq!((found[id].status, found[id].by.as_deref()), (status, by), "{id}");
        }
        assert!(found["a"].reason.contains("《关于废止《甲条例》的决定》"), "{}", found["a"].reason);
        // What is only announced for a later day repeals nothing yet.
        all[0].1.effective = Some(Date::constant(2026, 7, 1));
        assert_eq!(statuses(&all)["a"].status, Status::InForce);
    }

    #[test]
    fn a_decision_repeals_nothing_that_ranks_above_it() {
        let with = |level, division: Option<&str>, issuer: &str| {
            let mut by = decision("关于废止《甲法》的决定", 2025, "废止《甲法》。");
            by.level = level;
            by.division = division.and_then(|code| code.parse().ok());
            by.issuers = vec![issuer.to_owned()];
            let mut law = regulation("甲法", 2010, "");
            law.issuers = vec!["全国人民代表大会".into()];
            statuses(&[("by", by), ("a", law)])["a"].status
        };
        assert_eq!(with(RegulationLevel::Law, None, "全国人民代表大会常务委员会"), Status::Repealed);
        assert_eq!(with(RegulationLevel::Other, None, "全国人民代表大会"), Status::Repealed, "its own issuer");
        assert_eq!(with(RegulationLevel::DepartmentRule, None, "甲部"), Status::InForce);
        assert_eq!(with(RegulationLevel::Law, Some("520302"), "甲县"), Status::InForce, "of a county");
        let mut amends = decision("关于修改《甲法》的决定", 2025, "《乙法》同时废止。");
        amends.document_kind = DocumentKind::Amendment;
        assert_eq!(statuses(&[("by", amends), ("b", regulation("乙法", 2001, ""))])["b"].status, Status::InForce);
    }

    #[test]
    fn a_part_a_later_text_and_another_region_are_not_repealed() {
        let by = regulation("丙条例", 2010, "《甲条例》第三条同时废止。《乙条例》同时废止。");
        let mut local = regulation("乙条例", 2001, "");
        local.division = "330000".parse().ok();
        let all = statuses(&[
            ("by", by),
            ("a", regulation("甲条例", 2000, "")),
            ("later", regulation("乙条例", 2015, "")),
            ("local", local),
        ]);
        assert!(["a", "later", "local"].iter().all(|id| all[*id].status == Status::InForce));
    }

    #[test]
    fn a_text_that_names_its_own_title_repeals_only_older_versions() {
        let all = statuses(&[
            ("new", regulation("甲条例", 2010, "1987年发布的《甲条例》同时废止。")),
            ("old", regulation("甲条例", 1987, "")),
        ]);
        assert_eq!((all["new"].status, all["old"].status), (Status::InForce, Status::Repealed));
    }
}
