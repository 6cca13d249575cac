//! Replies and notices that list what an institution is for, 关于设立甲中心的批复 with 主要职责 below: a scheme of the
//! institution as much as an event of it.

use std::sync::LazyLock;

use regex::{NoExpand, Regex};

use super::{
    Read, Scheme, body, heads,
    notice::{self, InstitutionChange},
    text::Lines,
};
use crate::{documents::Document, law_markdown::regex};
use record::staffing::DutySort;

/// Rows below the title in which it is told to whom it is sent, and characters of the longest.
const WITHIN: usize = 4;
const LONGEST: usize = 40;
/// Events that leave an institution, which the duties are of.
const LEAVE: [&str; 3] = ["设立", "更名", "合并"];

/// Whom it is sent to, in the text: 你局所属.
static YOU: LazyLock<Regex> =
    LazyLock::new(|| regex(r"你(?:单位|机关|局|委|厅|办|部|院|校|会|社|中心|镇|乡|县|市|区|街道)"));
/// 由40名调整为46名: what was before is no number of the institution.
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"由(?:原来|原有|原|现有|现)?(?:的)?[0-9一二三四五六七八九十百千两]{1,7}(?:名|个|人)(?:调整|变更|核增|核减|增加|减少|增|减|调)(?:为|至|到)",
    )
});

/// The scheme that a notice gives an institution by listing its duties; `None` where it lists none.
pub fn read(document: &Document) -> Option<Scheme> {
    let told = notice::read(document)?;
    let mut lines = Lines::of(document);
    let head = notice::title(&lines)?;
    let sent_to = lines.0.iter().skip(head.below).take(WITHIN).find_map(|line| line.text.strip_suffix('：'));
    let sent_to = sent_to.filter(|name| name.chars().nth(LONGEST).is_none() && !name.contains(['，', '。', '职']));
    let sent_to = sent_to.and_then(|names| names.split(['、', '；']).next()).map(str::to_owned);
    let leaves = |one: &&InstitutionChange| LEAVE.contains(&one.change) && !one.to.is_empty();
    let institution = match told.changes.iter().find(leaves) {
        Some(one) => Read::of(one.to[0].clone(), one.span),
        None => told.institution,
    };
    let mut scheme = Scheme {
        title: told.title,
        institution,
        document_number: told.document_number,
        signed: told.signed,
        effective: heads::effective(&lines, &head),
        issuers: heads::issuers(&lines, &head),
        ..Scheme::default()
    };
    // Who signs it stands below the duties, and is none.
    let signs = scheme.issuers.evidence.clone();
    lines.0.retain(|line| {
        !signs.contains(&line.span) && !["此复", "特此批复", "特此通知"].contains(&line.text.trim_end_matches('。'))
    });
    for line in &mut lines.0 {
        if let Some(name) = &sent_to {
            line.text = naming(&line.text, name);
        }
        line.text = FROM.replace_all(&line.text, "为").into_owned();
    }
    body::read(&lines, &head, &mut scheme);
    scheme.duties.iter().any(|duty| duty.value.sort == DutySort::Main).then_some(scheme)
}

/// A text with whom it is sent to by name: 甲局所属 for 你局所属.
fn naming(text: &str, name: &str) -> String {
    YOU.replace_all(text, NoExpand(name)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_put_in_as_it_is_written() {
        assert_eq!(naming("你局所属，你单位的", "甲局"), "甲局所属，甲局的");
        assert_eq!(naming("你局所属", "甲$0局${1}"), "甲$0局${1}所属");
    }
}
