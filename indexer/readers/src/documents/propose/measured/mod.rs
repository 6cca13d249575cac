//! How often a proposal is right: documents in the styles of offices, made here from templates or written as whole
//! ([`offices`]), each with what a person would write into the form. The shares are printed (`cargo test -p indexer
//! measured -- --nocapture`) and held.

use std::fmt::Write as _;

mod documents;
mod offices;
mod pages;
mod regulations;

use super::*;
use crate::documents::{fixtures, read};
use text::numerals;

/// Fully right values of each field, as a share of all documents.
const LEAST_RIGHT: f64 = 0.99;
/// Documents of the set.
const LEAST_DOCUMENTS: usize = 600;

/// What a person would fill in.
#[derive(Debug, Clone, Default)]
struct Want {
    title: String,
    number: Option<&'static str>,
    issuers: Vec<&'static str>,
    version: Option<Date>,
    published: Option<Date>,
    effective: Option<Date>,
    level: Option<RegulationLevel>,
    articles: usize,
}

struct Sample {
    name: String,
    file: Vec<u8>,
    file_name: &'static str,
    want: Want,
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

/// Chapters and articles of a regulation, the last with what it says of its effect.
fn articles(kind: &str, topic: &str, count: u32, closing: &str, space: &str) -> String {
    let mut out = String::new();
    for n in 1..=count {
        if count > 6 && n == 1 {
            out.push_str("第一章　总则\n");
        }
        if count > 6 && n == count {
            out.push_str("第二章　附则\n");
        }
        let label = numerals::format(n);
        let text = match n {
            1 => format!("为了规范{topic}工作，保障公众权益，根据有关法律、行政法规，结合本地实际，制定本{kind}。"),
            n if n == count => closing.replace('K', kind),
            2 => format!("本{kind}适用于本行政区域内的{topic}及其监督管理活动。"),
            3 => format!(
                "{topic}应当遵循下列原则：\n（一）统一规划、分级负责；\n（二）便民高效。\n依照本{kind}第二条规定办理的除外。"
            ),
            n => format!("有关部门按照第{}条的规定，建立{topic}工作制度。", numerals::format(n - 1)),
        };
        writeln!(out, "第{label}条{space}{text}").unwrap();
    }
    out.trim_end().to_owned()
}

/// A file of lines in each of the formats that people upload.
#[derive(Clone, Copy)]
enum As {
    Text,
    Gbk,
    Radicals,
    Word,
    Page,
    Site,
    Web,
}

impl As {
    fn file(self, text: &str) -> (Vec<u8>, &'static str) {
        match self {
            Self::Text => (text.as_bytes().to_vec(), "文.txt"),
            Self::Gbk => (encoding_rs::GBK.encode(text).0.into_owned(), "文.txt"),
            // Fonts that show radicals: 人 力 方 车 日 月 行 用 自.
            Self::Radicals => {
                let radical = |c: char| match c {
                    '人' => '⼈',
                    '力' => '⼒',
                    '方' => '⽅',
                    '车' => '⻋',
                    '日' => '⽇',
                    '月' => '⽉',
                    '行' => '⾏',
                    '用' => '⽤',
                    '自' => '⾃',
                    '民' => '⺠',
                    c => c,
                };
                (text.chars().map(radical).collect::<String>().into_bytes(), "文.txt")
            }
            Self::Word => (fixtures::docx(text), "文.docx"),
            Self::Page => {
                let rows: Vec<&str> = text.lines().collect();
                let pages: Vec<String> = rows.chunks(20).map(|rows| rows.join("\n")).collect();
                let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
                (fixtures::ofd(&pages), "文.ofd")
            }
            Self::Site => {
                let lines: String =
                    text.lines().map(|l| format!("<p>&emsp;&emsp;{}</p>\n", fixtures::escaped(l))).collect();
                let page = format!(
                    "<!DOCTYPE html><html><head><meta charset=utf-8><title>政策文件_甲市人民政府</title></head><body>\
                     <div class=nav>首页 &gt; 政务公开 &gt; 政策文件</div><div>政策文件库</div><div class=main>{lines}</div>\
                     <div style='display:none'>乙府发〔1999〕1号</div><div class=share>【打印】【关闭】</div>\
                     <div>责任编辑：王五</div><footer>主办：甲市人民政府办公室</footer></body></html>"
                );
                (page.into_bytes(), "文.html")
            }
            Self::Web => {
                let text = format!(
                    "甲市人民政府门户网站\n当前位置：首页 > 政府信息公开 > 文件\n{text}\n扫一扫在手机打开当前页\n打印本页 关闭窗口\n上一篇：关于乙的通知"
                );
                (text.into_bytes(), "文.txt")
            }
        }
    }
}

#[derive(Default)]
struct Set(Vec<Sample>);

impl Set {
    fn add(&mut self, form: As, text: impl AsRef<str>, want: Want) {
        let (file, file_name) = form.file(text.as_ref());
        let name = format!("{:02} {}", self.0.len() + 1, want.title);
        self.0.push(Sample { name, file, file_name, want });
    }
}

#[test]
fn measured_shares_of_right_proposals() {
    let mut set = Set::default();
    for fill in [documents::add, regulations::add, pages::add, offices::add] {
        fill(&mut set);
    }
    let total = set.0.len();
    assert!(total >= LEAST_DOCUMENTS, "{total}");
    let mut right =
        [("标题", 0), ("文号", 0), ("机关", 0), ("成文", 0), ("公布", 0), ("施行", 0), ("层级", 0), ("条数", 0)];
    let mut wrong = String::new();
    for Sample { name, file, file_name, want } in &set.0 {
        let document = read(file, file_name).unwrap();
        let p = propose(&document, &Context { divisions: &|_| None });
        let issuers: Vec<&str> = p.issuers.value.iter().flatten().map(String::as_str).collect();
        let pairs = [
            (format!("{:?}", p.title.value), format!("{:?}", Some(&want.title))),
            (format!("{:?}", p.document_number.value), format!("{:?}", want.number)),
            (format!("{issuers:?}"), format!("{:?}", want.issuers)),
            (format!("{:?}", p.version_date.value), format!("{:?}", want.version)),
            (format!("{:?}", p.published.value), format!("{:?}", want.published)),
            (format!("{:?}", p.effective.value), format!("{:?}", want.effective)),
            (format!("{:?}", p.level.value), format!("{:?}", want.level)),
            (format!("{}", p.text.articles.len()), format!("{}", want.articles)),
        ];
        for ((field, count), (got, wanted)) in right.iter_mut().zip(pairs) {
            if got == wanted {
                *count += 1;
            } else {
                writeln!(wrong, "{name}（{file_name}）{field}：{got}，应为 {wanted}").unwrap();
            }
        }
    }
    println!("{total} 份\n{wrong}");
    for (field, count) in right {
        println!("{field}\t{count}/{total}\t{:.3}", f64::from(count) / total as f64);
    }
    for (field, count) in right {
        assert!(f64::from(count) / total as f64 >= LEAST_RIGHT, "{field}: {count} of {total}\n{wrong}");
    }
}
