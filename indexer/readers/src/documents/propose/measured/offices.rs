//! Made-up documents in the styles of real offices, each in every format that offices upload.
//!
//! A document's first line is what a person would write into the form: 标题|文号|机关|成文|公布|施行|层级|条数, `-` for
//! what the document does not say. The lines below are the document with how they are set: `^` centred, `>` to the
//! right, `<` at the left edge, else an indented paragraph.

use super::{Sample, Set, Want, day};
use crate::documents::fixtures;
use record::RegulationLevel;

const DOCUMENTS: [&str; 4] = [
    include_str!("offices/norms.txt"),
    include_str!("offices/notices.txt"),
    include_str!("offices/announcements.txt"),
    include_str!("offices/letters.txt"),
];
/// What stands between two documents.
const BETWEEN: &str = "\n=====\n";

pub fn add(set: &mut Set) {
    for (n, document) in DOCUMENTS.iter().flat_map(|file| file.trim_end().split(BETWEEN)).enumerate() {
        let (want, text) = document.split_once('\n').unwrap();
        let plain: Vec<&str> = text.lines().map(|line| marked(line).1).collect();
        let plain = plain.join("\n");
        let files = [
            (plain.clone().into_bytes(), "文.txt"),
            (fixtures::docx(&plain), "文.docx"),
            (page(text).into_bytes(), "文.html"),
            (fixtures::ofd_set(text, n % 2 == 0), "版式.ofd"),
            // A paragraph a row, however long, none indented.
            (fixtures::ofd(&[&plain]), "文.ofd"),
        ];
        let want = wanted(want);
        for (file, file_name) in files {
            set.0.push(Sample { name: want.title.clone(), file, file_name, want: want.clone() });
        }
    }
}

/// A line's mark and its text.
fn marked(line: &str) -> (char, &str) {
    line.chars().next().filter(|c| "^><".contains(*c)).map_or((' ', line), |mark| (mark, &line[1..]))
}

/// The document on a site.
fn page(text: &str) -> String {
    let paragraph = |line: &str| {
        let (mark, text) = marked(line);
        let text = fixtures::escaped(text);
        match mark {
            '^' => format!("<p align=center><strong>{text}</strong></p>"),
            '>' => format!("<p style='text-align:right'>{text}</p>"),
            '<' => format!("<p>{text}</p>"),
            _ => format!("<p>&emsp;&emsp;{text}</p>"),
        }
    };
    let lines: String = text.lines().map(paragraph).collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head><body><div>首页 &gt; 政务公开 &gt; \
         政策文件</div><div class=main>{lines}</div><div>【打印】【关闭】</div><div>责任编辑：某某</div></body></html>"
    )
}

fn wanted(line: &'static str) -> Want {
    let fields: Vec<&'static str> = line.split('|').collect();
    let [title, number, issuers, version, published, effective, level, articles] = fields[..] else {
        panic!("{line}");
    };
    let said = |text: &'static str| Some(text).filter(|text| *text != "-");
    let level = said(level)
        .map(|name| *LEVELS.iter().find(|level| format!("{level:?}") == name).unwrap_or_else(|| panic!("{line}")));
    Want {
        title: title.to_owned(),
        number: said(number),
        issuers: said(issuers).map_or_else(Vec::new, |names| names.split('、').collect()),
        version: said(version).and_then(day),
        published: said(published).and_then(day),
        effective: said(effective).and_then(day),
        level,
        articles: articles.parse().unwrap(),
    }
}

const LEVELS: [RegulationLevel; 9] = [
    RegulationLevel::Law,
    RegulationLevel::AdministrativeRegulation,
    RegulationLevel::LocalRegulation,
    RegulationLevel::DepartmentRule,
    RegulationLevel::LocalGovernmentRule,
    RegulationLevel::JudicialInterpretation,
    RegulationLevel::PartyRegulation,
    RegulationLevel::NormativeDocument,
    RegulationLevel::Other,
];
