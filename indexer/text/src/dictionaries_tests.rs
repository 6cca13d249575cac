use std::collections::HashSet;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// The smallest folder that loads.
const SMALL: [(&str, &str); 21] = [
    ("words.txt", "# h\n三定方案\t100\tnz\n行政复议\t100\tn\n"),
    ("variants.tsv", "# h\n峯\t峰\n"),
    ("pinyin.tsv", "# h\n长\tchang\n长子\tzhang zi\n"),
    ("short_titles.tsv", "# h\n民诉法\t民事诉讼法\n"),
    ("colloquial.tsv", "# h\n欠薪\t拖欠劳动报酬;工资\n"),
    ("former_names.tsv", "# h\n环保局\tlocal\t生态环境局\t2018\t机构改革\n"),
    ("former_short_names.tsv", "# h\n工商局\t工商行政管理局\n"),
    ("question_chatter.txt", "# h\n请问\n"),
    ("unnumbered_fields.txt", "# h\n供水\n"),
    ("dangers.tsv", "# h\n溺水\t120;110\t否\n"),
    ("look_alikes.tsv", "# h\n未 末\n"),
    ("services.tsv", "# h\n医保\t医疗保障局\n"),
    ("former_laws.tsv", "# h\n合同法\t民法典\t2021\n"),
    ("amending_decisions.tsv", "# h\n甲法\t2023-09-01\t2024-01-01\t关于修改甲法的决定\n"),
    ("offices_in_law.tsv", "# h\n教育局\t教育行政部门\n"),
    ("questions.tsv", "# h\n刑法\t在道路上驾驶机动车\t喝了酒开车会怎么判\n"),
    ("item_words.tsv", "# h\n开饭店\t食品经营许可;个体工商户设立登记\n"),
    ("errands.tsv", "# h\n今年\t之前\n查\t入口\n查询\t入口\n查询\t机构\n"),
    ("school_parts.tsv", "# h\n图书馆\t单位\n校区\t校区\n"),
    ("same_words.txt", "# h\n驾照;驾驶证\n"),
    ("matters.tsv", "# h\n醉驾;酒驾 判\t刑法\t在道路上驾驶机动车\n"),
];

fn folder(changes: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("temporary folder");
    for (name, text) in SMALL.iter().chain(changes) {
        fs::write(dir.path().join(name), text).expect("write table");
    }
    dir
}

fn load(changes: &[(&str, &str)]) -> Result<Dictionaries, DictionaryError> {
    Dictionaries::load(folder(changes).path())
}

fn message(file: &str, text: &str) -> String {
    load(&[(file, text)]).expect_err("a table that is wrong").to_string()
}

fn real() -> Dictionaries {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    Dictionaries::load(&dir).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_dictionaries_of_the_repository_load() {
    let d = real();
    assert!(d.words.len() >= 300, "{}", d.words.len());
    assert!(d.short_titles.len() >= 150, "{}", d.short_titles.len());
    assert!(d.colloquial.len() >= 450, "{}", d.colloquial.len());
    for (count, what) in [
        (d.variants.len(), "variants"),
        (d.pinyin.len(), "pinyin"),
        (d.former_names.len(), "former names"),
        (d.question_chatter.len(), "chatter"),
        (d.look_alikes.len(), "look-alikes"),
        (d.services.len(), "services"),
        (d.matters.len(), "matters"),
        (d.item_words.len(), "item words"),
        (d.questions.len(), "questions"),
    ] {
        assert!(count >= 100, "{what}: {count}");
    }
    assert!(d.words.iter().any(|w| w.text == "统一社会信用代码"));
    assert_eq!(d.variants.get(&'徧'), Some(&'遍'));
    assert_eq!(d.short_titles["民诉法"], "民事诉讼法");
    assert_eq!(d.short_titles["刑诉法解释"], "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释");
    assert!(d.colloquial["欠薪"].contains(&"拖欠劳动报酬".to_owned()));
    let ministry = d.former_names.iter().find(|f| f.name == "环保部").expect("环保部");
    assert_eq!((ministry.scope, ministry.year), (Scope::Central, 2018));
    assert_eq!(ministry.successor, "中华人民共和国生态环境部");
    for (full, short) in [
        ("环境保护部", "环保部"),
        ("遵义市工商行政管理局", "遵义市工商局"),
        ("国家卫生和计划生育委员会", "国家卫计委"),
        ("国家卫生和计划生育委员会", "卫计委"),
        ("习水县国家税务局", "习水县国税局"),
    ] {
        assert!(d.former_short_names.of(full).iter().any(|form| form == short), "{full} {short}");
    }
    assert!(d.former_short_names.of("遵义市教育局").is_empty());
    assert!(d.question_chatter.iter().any(|c| c == "怎么办"));
    assert!(d.look_alikes.contains(&vec!['戊', '戌', '戍']));
}

#[test]
fn longer_words_by_which_people_ask_go_before_shorter_ones() {
    let small = load(&[]).expect("small tables").asked_words;
    assert_eq!(small.at_entrances, ["查询", "查"]);
    assert_eq!((small.at_offices, small.before_errands), (vec!["查询".to_owned()], vec!["今年".to_owned()]));
    assert_eq!((small.campuses, small.school_parts), (vec!["校区".to_owned()], vec!["图书馆".to_owned()]));
    assert_eq!(small.same, [["驾照", "驾驶证"]]);
    let real = real().asked_words;
    assert!(real.at_offices.len() >= 20 && real.at_entrances.len() >= 20 && real.same.len() >= 8);
    assert_eq!(real.at_entrances.last().map(String::as_str), Some("查"));
}

#[test]
fn one_name_can_be_central_and_local() {
    let scopes: HashSet<Scope> = real().former_names.iter().filter(|f| f.name == "卫计委").map(|f| f.scope).collect();
    assert_eq!(scopes.len(), 2);
}

#[test]
fn central_successors_are_institutions_of_the_directory() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/institutions.csv");
    let mut rows = csv::ReaderBuilder::new().flexible(true).comment(Some(b'#')).from_path(table).unwrap();
    let names: HashSet<String> = rows.records().flatten().filter_map(|r| r.get(1).map(str::to_owned)).collect();
    for former in real().former_names.iter().filter(|f| f.scope == Scope::Central) {
        assert!(names.contains(&former.successor), "{} → {}", former.name, former.successor);
    }
}

#[test]
fn the_longest_phrase_gives_the_reading() {
    let readings = real().pinyin;
    for (text, phrase, syllables) in [
        ("重庆市", "重庆", "chong qing"),
        ("长春市", "长", "chang"),
        ("长子县", "长子", "zhang zi"),
        ("省长沙市", "省长沙", "sheng chang sha"),
        ("乐清市", "乐清", "yue qing"),
        ("调解法", "调解", "tiao jie"),
    ] {
        let (found, read) = readings.longest_prefix(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found, read.join(" ").as_str()), (phrase, syllables));
    }
    assert_eq!(readings.longest_prefix("北京"), None);
    assert_eq!(readings.longest_prefix(""), None);
}

#[test]
fn the_fingerprint_follows_the_contents() {
    let small = load(&[]).expect("small tables").fingerprint();
    assert_eq!(small, load(&[]).expect("small tables").fingerprint());
    assert_eq!(small.len(), 64);
    let changed = load(&[("question_chatter.txt", "# h\n请问\n请教\n")]);
    assert!(matches!(changed, Err(DictionaryError::Unsorted { .. })), "请教 sorts before 请问");
    let changed = load(&[("question_chatter.txt", "# h\n请教\n请问\n")]).expect("sorted");
    assert_ne!(small, changed.fingerprint());
}

#[test]
fn a_missing_file_is_named() {
    let dir = folder(&[]);
    fs::remove_file(dir.path().join("pinyin.tsv")).expect("remove");
    let error = Dictionaries::load(dir.path()).expect_err("one file short");
    assert!(matches!(error, DictionaryError::Read { .. }));
    assert!(error.to_string().contains("pinyin.tsv"), "{error}");
    assert!(matches!(Dictionaries::load(&dir.path().join("none")), Err(DictionaryError::Read { .. })));
}

#[test]
fn more_questions_than_are_compared_are_refused() {
    let mut text = "# h\n".to_owned();
    for at in 0..=question::MAX_QUESTIONS {
        text.push_str(&format!("刑法\t在道路上驾驶\t醉驾怎么判{at:06}\n"));
    }
    assert!(message("questions.tsv", &text).contains("20001 行，超过上限 20000 行"));
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    let dir = folder(&[]);
    fs::write(dir.path().join("words.txt"), b"# h\n\xff\t1\tn\n").expect("write");
    assert!(matches!(Dictionaries::load(dir.path()), Err(DictionaryError::Read { .. })));
}

#[test]
fn a_file_that_is_no_table_is_refused_but_the_readme_is_not() {
    assert!(load(&[("README.md", "words")]).is_ok());
    let error = load(&[("variant.tsv", "# misspelt\n")]).expect_err("unknown file");
    assert!(matches!(&error, DictionaryError::UnknownFile { file } if file == "variant.tsv"), "{error}");
}

#[test]
fn every_shape_error_names_file_line_and_mend() {
    for (file, text, wanted) in [
        ("words.txt", "行政复议\t100\tn\n", "words.txt:1: 缺少文件头"),
        ("words.txt", "# h\n\n", "words.txt:2: 空行"),
        ("words.txt", "# h\n行政复议\t100\tn\n# late\n", "words.txt:3: 空行或 # 行"),
        ("words.txt", "# h\n行政复议\t100\n", "words.txt:2: 应有 3 列（词、词频、词性），实有 2 列"),
        ("words.txt", "# h\n行政复议\t100\tn\n三定方案\t100\tn\n", "words.txt:3: “三定方案”应排在“行政复议”之前"),
        ("words.txt", "# h\n三定方案\t100\tn\n三定方案\t9\tn\n", "words.txt:3: “三定方案”与上一行重复"),
        ("words.txt", "# h\n三定方案\t100\tn\r\n", "words.txt:2: 词性"),
        ("words.txt", "# h\n三\t100\tn\n", "words.txt:2: 词“三”"),
        ("words.txt", "# h\n三定方案\t0\tn\n", "words.txt:2: 词频“0”"),
        ("words.txt", "# h\n三定方案\t1\tx\n", "应为 n、nt、nz 之一"),
        ("variants.tsv", "# h\n峯\t山峰\n", "variants.tsv:2: 规范字“山峰”不合要求，应为一个字"),
        ("variants.tsv", "# h\n峯\t峰\n峰\t锋\n", "variants.tsv:2: 规范字“峰”"),
        ("variants.tsv", "# h\n峯\t峯\n", "variants.tsv:2: 规范字“峯”"),
        ("pinyin.tsv", "# h\n重庆\tchong\n", "pinyin.tsv:2: 读音“chong”"),
        ("pinyin.tsv", "# h\n绿\tlü\n", "ü 写作 v"),
        ("short_titles.tsv", "# h\n民法\t中华人民共和国民法典\n", "short_titles.tsv:2: 全称"),
        ("colloquial.tsv", "# h\n欠薪\t工资;;报酬\n", "colloquial.tsv:2: 法律用语"),
        ("colloquial.tsv", "# h\n工资\t工资\n", "colloquial.tsv:2: 法律用语“工资”"),
        ("former_short_names.tsv", "# h\n工商局\t工商局\n", "比简称长的全称"),
        ("former_names.tsv", "# h\n环保局\tcity\t生态环境局\t2018\t注\n", "应为 central 或 local"),
        ("former_names.tsv", "# h\n环保局\tlocal\t生态环境局\t18\t注\n", "former_names.tsv:2: 年份“18”"),
        ("former_names.tsv", "# h\n环保局\tlocal\t环保局\t2018\t注\n", "现机构“环保局”"),
        ("question_chatter.txt", "# h\n请问\t你好\n", "应有 1 列（词语），实有 2 列"),
        ("look_alikes.tsv", "# h\n未\n", "look_alikes.tsv:2: 形近字组“未”"),
        ("look_alikes.tsv", "# h\n未 未\n", "look_alikes.tsv:2: 形近字组"),
        ("dangers.tsv", "# h\n溺水\t一二〇\t否\n", "dangers.tsv:2: 号码“一二〇”"),
        ("dangers.tsv", "# h\n溺水\t120\t是的\n", "dangers.tsv:2: 专号“是的”不合要求，应为 是 或 否"),
        ("errands.tsv", "# h\n查询\t办事\n", "errands.tsv:2: 用法“办事”不合要求，应为 入口、机构 或 之前"),
        ("school_parts.tsv", "# h\n图书馆\t馆\n", "school_parts.tsv:2: 用法“馆”不合要求，应为 单位 或 校区"),
        ("same_words.txt", "# h\n驾照\n", "same_words.txt:2: 同义词组“驾照”"),
        ("same_words.txt", "# h\n驾照;驾照\n", "same_words.txt:2: 同义词组"),
        ("services.tsv", "# h\n医保\t医保\n", "services.tsv:2: 机构“医保”"),
        (
            "amending_decisions.tsv",
            "# h\n甲法\t2023-9-1\t2024-01-01\t决定\n",
            "amending_decisions.tsv:2: 修改日期“2023-9-1”",
        ),
        (
            "amending_decisions.tsv",
            "# h\n甲法\t2023-09-01\t2023-01-01\t决定\n",
            "amending_decisions.tsv:2: 施行日期“2023-01-01”",
        ),
        ("former_laws.tsv", "# h\n合同法\t合同法\t2021\n", "former_laws.tsv:2: 现行“合同法”"),
        ("former_laws.tsv", "# h\n合同法\t民法典\t21\n", "former_laws.tsv:2: 年份“21”"),
        ("offices_in_law.tsv", "# h\n教育局\t教育;教育\n", "offices_in_law.tsv:2: 法律用语"),
        ("matters.tsv", "# h\n醉驾;醉驾\t刑法\t在道路上驾驶\n", "matters.tsv:2: 日常说法"),
        ("matters.tsv", "# h\n醉驾\t中华人民共和国刑法\t在道路上驾驶\n", "matters.tsv:2: 法规"),
        ("matters.tsv", "# h\n醉驾\t刑法\t在\n", "matters.tsv:2: 条文原文“在”"),
        ("questions.tsv", "# h\n中华人民共和国刑法\t在道路上驾驶\t醉驾怎么判\n", "questions.tsv:2: 法规"),
        ("questions.tsv", "# h\n刑法\t在\t醉驾怎么判\n", "questions.tsv:2: 条文原文“在”"),
        ("questions.tsv", "# h\n刑法\t在道路上驾驶\t醉驾\n", "questions.tsv:2: 问题“醉驾”不合要求，应为4 至 256 个字"),
        ("questions.tsv", "# h\n刑法\t在道路上驾驶\t醉驾怎么判\n刑法\t在道路上驾驶\t醉驾怎么判\n", "questions.tsv:3: "),
    ] {
        let message = message(file, text);
        assert!(message.contains(wanted), "{message:?} should contain {wanted:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in "(# h\n)?([三定方案\t\n\r# 0-9a-z;]|\\PC){0,60}", at in 0..SMALL.len()) {
        let _ = load(&[(SMALL[at].0, &text)]);
    }

    #[test]
    fn a_reading_covers_a_prefix_with_a_syllable_a_character(text in "[长子沙省重庆春大]{0,8}") {
        let readings = real().pinyin;
        if let Some((phrase, syllables)) = readings.longest_prefix(&text) {
            prop_assert!(text.starts_with(phrase));
            prop_assert_eq!(phrase.chars().count(), syllables.len());
        }
    }
}
