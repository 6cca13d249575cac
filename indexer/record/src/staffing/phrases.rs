//! Numbers of staff in running text: whatever is published is looked through for them, of whatever kind it is.

use std::sync::LazyLock;

use regex::Regex;

/// A number of people: 20名, 二十人, 编制20个, 领导职数3个, 1正3副.
static PEOPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let n = r"[0-9０-９〇零一二两三四五六七八九十百千]+";
    Regex::new(&format!(
        r"{n}\s*[名人]|(?:编制|职数)[^。；，\n]{{0,6}}?{n}|{n}\s*个?\s*(?:编制|职数|领导职数)|{n}\s*正\s*{n}\s*副"
    ))
    .ok()
});

/// Where a text tells how many are employed.
pub fn employee_number_in(text: &str) -> Option<&str> {
    PEOPLE.as_ref()?.find(text).map(|found| found.as_str())
}

/// A number of staff or of posts, and not of any people: 编制20名, 20名行政编制, 编制由20名减为18名, 领导职数3个,
/// 副局长2名, 1正3副, 编制数为20.
static STAFFING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let n = r"[0-9０-９〇零一二两三四五六七八九十百千]+";
    let kinds = "(?:行政|事业|政法专项|工勤|人员)?";
    let counted = "(?:编制|职数|在编|实有|超编|空编)";
    // Behind a comma something else is reported: 编制改革方案，抽调10名. But for 行政编制，由20名减为18名;
    // 行政编制，核定20名.
    let within = r"(?:[^，,。；\n\t]|[，,](?:[由为至共含]|核定|现有|实有|其中)){0,16}?";
    let heads = "监狱|护士|董事|监事|船|舰|矿|厂|店|班|段|库|局|院|站|处|科|股|厅|司|部|省|市|县|区|州|盟|旗|乡|镇|村|校|所|馆|队|组|室|秘书|总|台|社|园|场|行|庭|会|理事|委员|检察|关|署|团";
    let total = "(?:控制|总)?(?:数|额|量)";
    let wordings = [
        // 编制20名, 编制由20名减为18名, 实有在编人员20人; 20名机关编制
        format!(r"{kinds}{counted}{within}{n}\s*[名人]"),
        format!(r"{n}\s*[名人]{within}{counted}"),
        // 编制总量20个; 20个行政编制
        format!(r"{kinds}(?:编制|职数){total}?[为共：:]{{0,2}}\s*{n}\s*个"),
        format!(r"{n}\s*个\s*{kinds}(?:编制|职数)"),
        // 行政编制：82－4＝78
        r"(?:编制|职数)：[?？0-9]+[＋－+-]".to_owned(),
        // 编制数为20
        format!(r"{kinds}(?:编制|职数)(?:{total}[为共是：:]{{0,2}}|[为共：:]{{1,2}}) *[0-9０-９]+\b"),
        // 副局长2名, 1正2副
        format!(r"(?:(?:{heads})长|主任|书记|主席)\s*{n}\s*名"),
        format!(r"{n}\s*正\s*{n}\s*副"),
    ];
    Regex::new(&wordings.join("|")).ok()
});

/// What is drawn up, and whoever does: 编制3个专项规划, 编制改革实施方案, 负责编制.
static DRAWN_UP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let n = r"[0-9０-９〇零一二两三四五六七八九十百千]+";
    Regex::new(&format!(
        r"^(?:了|完成)?(?:\s*{n}\s*[个项份部套])?\p{{Han}}{{0,10}}?(?:规划|方案|计划|办法|清单|目录|预算|决算|报告|标准|指南|规程|规范|手册|预案|细则|纲要|大纲|名录)"
    ))
    .ok()
});
/// What stands in front of 编制 where it is what is counted.
const OF_STAFF: [&str; 14] =
    ["行政", "事业", "专项", "工勤", "人员", "机构", "机关", "空余", "空缺", "后勤", "政法", "核定", "核增", "核减"];
/// Who stands in front of 编制 draws something up.
const BY_WHOM: [&str; 9] = ["负责", "组织", "参与", "牵头", "联合", "共同", "完成", "协助", "专家"];

/// What stands between what looks drawn up and a number of staff: 编制方案核定20名, 编制按规定标准配备20名.
const GIVEN: [&str; 8] = ["核定", "核增", "核减", "配备", "共", "为", "设", "内"];

/// Whether 编制 at a place is the verb: whoever draws up plans employs nobody by it. `end` is where the number ends.
fn draws_up(text: &str, at: usize, end: usize) -> bool {
    let (before, behind) = (&text[..at], &text[at + "编制".len()..]);
    let what = DRAWN_UP.as_ref().and_then(|what| what.find(behind));
    let drawn = what.is_some_and(|what| {
        let until = text.get(at + "编制".len() + what.end()..end).unwrap_or_default();
        !GIVEN.iter().any(|word| until.contains(word))
    });
    !OF_STAFF.iter().any(|word| before.ends_with(word)) && (drawn || BY_WHOM.iter().any(|word| before.ends_with(word)))
}

/// Where a text tells numbers of staff or of posts.
pub fn staff_phrase_in(text: &str) -> Option<&str> {
    let staffing = STAFFING.as_ref()?;
    let mut from = 0;
    while let Some(found) = staffing.find_at(text, from) {
        let others = ["职数", "在编", "实有", "超编", "空编"].iter().any(|word| found.as_str().contains(word));
        let mut words = found.as_str().match_indices("编制").map(|(at, _)| found.start() + at).peekable();
        if others || words.peek().is_none() || words.any(|at| !draws_up(text, at, found.end())) {
            return Some(found.as_str());
        }
        from = found.start() + text[found.start()..].chars().next().map_or(1, char::len_utf8);
    }
    None
}
