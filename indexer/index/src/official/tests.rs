use super::*;
use proptest::prelude::*;
use text::web_name::Host;
use text::{Normalizer, Pinyin, Segmenter};

fn name(text: &str, status: NameStatus) -> WebName {
    let host = Host::parse(text).unwrap();
    WebName {
        name: host.unicode,
        ascii: host.ascii,
        institution_name: format!("{text} 的机构"),
        institution_id: Some(format!("id-{text}")),
        shared_with: Vec::new(),
        form: Default::default(),
        status,
        evidence: Evidence::Corroborated,
        basis: String::new(),
        sources: Vec::new(),
        seen: None,
        life: None,
    }
}

fn pipeline() -> &'static Pipeline {
    static PIPELINE: std::sync::LazyLock<Pipeline> = std::sync::LazyLock::new(|| Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    });
    &PIPELINE
}

fn open(names: &[WebName]) -> OfficialNames {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), names);
    OfficialNames::open(dir.path()).unwrap()
}

fn write(dir: &Path, names: &[WebName]) {
    for (file, bytes) in encode(pipeline(), names.iter().map(Row::from).collect()).unwrap() {
        std::fs::write(dir.join(file), bytes).unwrap();
    }
}

/// Everything that can be asked of a list.
fn told(names: &OfficialNames, filter: Vec<u8>) -> Vec<String> {
    let filter = Set::new(names.filter(filter).unwrap()).unwrap();
    let mut told = vec![
        String::from_utf8(names.listing()).unwrap(),
        format!("{:?}", filter.stream().into_strs().unwrap()),
        format!("{} {:?}", names.len(), names.iter().collect::<Vec<_>>()),
    ];
    for text in POOL {
        let host = Host::parse(text).unwrap();
        let folded = fold(&host.unicode);
        let label = pipeline().key(host.unicode.split('.').next().unwrap());
        told.push(format!(
            "{text}: {:?} {:?} {:?} {:?} {:?}",
            names.exact(&host.ascii, &folded),
            names.alike(&folded).collect::<Vec<_>>(),
            names.labelled(&label),
            names.owned(&pipeline().key(&format!("{text} 的机构"))),
            names.near(&host.ascii).is_some(),
        ));
    }
    told
}

const POOL: [&str; 9] = [
    "xl.gov.cn",
    "x1.gov.cn",
    "zunyi.gov.cn",
    "国务院.政务",
    "国务院.政务.cn",
    "国务院.公益",
    "qstheory.cn",
    "qsthe0ry.cn",
    "qstheorx.cn",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn changes_over_a_base_are_the_list_written_anew(
        // For each name: absent, or one of two states; before and after.
        states in prop::collection::vec((0usize..3, 0usize..3), POOL.len())
    ) {
        let of = |state: usize, text: &str| match state {
            0 => None,
            1 => Some(name(text, NameStatus::InUse)),
            _ => Some(name(text, NameStatus::Disputed)),
        };
        let world = |side: fn(&(usize, usize)) -> usize| -> Vec<WebName> {
            POOL.iter().zip(&states).filter_map(|(text, state)| of(side(state), text)).collect()
        };
        let (before, after) = (world(|s| s.0), world(|s| s.1));
        let [base, changed, anew] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        write(base.path(), &before);
        write(anew.path(), &after);
        let differs = |text: &&&str| {
            let of = |names: &[WebName]| {
                names.iter().find(|n| n.ascii == Host::parse(text).unwrap().ascii).cloned()
            };
            of(&before) != of(&after)
        };
        let hidden: BTreeSet<Hidden> =
            POOL.iter().filter(differs).map(|t| Hidden::from(&Row::from(&name(t, NameStatus::InUse)))).collect();
        let rows: Vec<WebName> = after.iter().filter(|n| !before.contains(n)).cloned().collect();
        write(changed.path(), &rows);
        std::fs::write(changed.path().join(HIDDEN_FILE), serde_json::to_vec(&hidden).unwrap()).unwrap();
        let filter = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(FILTER_FILE)).unwrap();
        let over = OfficialNames::open(base.path()).unwrap().changed(changed.path()).unwrap();
        let full = OfficialNames::open(anew.path()).unwrap();
        prop_assert_eq!(told(&over, filter(&base)), told(&full, filter(&anew)));
    }
}

#[test]
fn names_are_found_by_themselves_by_likeness_and_by_label() {
    let names = open(&[
        name("xl.gov.cn", NameStatus::InUse),
        name("x1.gov.cn", NameStatus::Disputed),
        name("国务院.政务", NameStatus::InUse),
        name("国务院.政务.cn", NameStatus::InUse),
        name("qstheory.cn", NameStatus::Pending),
    ]);
    assert_eq!(names.len(), 5);
    let found = names.exact("x1.gov.cn", "xl.gov.cn").unwrap();
    assert_eq!((found.status, found.host), (NameStatus::Disputed, "x1.gov.cn"));
    assert_eq!(found.owners().collect::<Vec<_>>(), [(Some("id-x1.gov.cn"), "x1.gov.cn 的机构")]);
    assert_eq!(names.alike("xl.gov.cn").count(), 2);
    assert_eq!(names.exact("none.gov.cn", "none.gov.cn"), None);
    assert_eq!(names.labelled("国务院").len(), 2);
    assert_eq!(names.labelled("国务").len(), 0);
    assert_eq!(names.owned(&pipeline().key("qstheory.cn 的机构")).len(), 1);
    assert_eq!(names.owned("国务院").len(), 0, "a label is no owner");
    assert_eq!(names.near("qstheery.cn").map(|n| n.host), Some("qstheory.cn"));
    assert_eq!(names.near("qstheory.cn"), None, "the name itself is no neighbour");
    assert!(open(&[]).is_empty());
}

#[test]
fn damage_is_told() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(OfficialNames::open(dir.path()), Err(IndexError::Io { .. })));
    std::fs::write(dir.path().join(ROWS_FILE), format!("{HEADER}\na.gov.cn\tb\n")).unwrap();
    assert!(matches!(OfficialNames::open(dir.path()), Err(IndexError::Damaged { .. })));
}

#[test]
fn one_edit_is_one() {
    for (a, b, wanted) in [
        ("abc", "abc", false),
        ("abc", "abd", true),
        ("abc", "acb", true),
        ("abc", "ab", true),
        ("ab", "abb", true),
        ("abcd", "badc", false),
        ("abc", "a", false),
        ("", "", false),
    ] {
        assert_eq!(one_edit(a, b), wanted, "{a} {b}");
        assert_eq!(one_edit(b, a), wanted, "{b} {a}");
    }
}

proptest! {
    #[test]
    fn every_name_is_found(hosts in prop::collection::btree_set("[a-l01]{1,8}", 1..30)) {
        let all: Vec<WebName> = hosts.iter().map(|h| name(&format!("{h}.gov.cn"), NameStatus::InUse)).collect();
        let names = open(&all);
        for n in &all {
            prop_assert_eq!(names.exact(&n.ascii, &fold(&n.name)).map(|found| found.host.to_owned()), Some(n.ascii.clone()));
        }
    }
}
