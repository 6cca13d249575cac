//! A folder or `.tar.gz` of laws in Markdown: the folder tells level and region, the header the history, the headings
//! the structure.

pub(super) mod body;
pub(super) mod header;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::Path,
};

use self::body::Body as Text;
pub(super) use self::header::regex;
use super::{ReadError, Report, Sink};
use record::{
    Body, Date, DivisionCode, DocumentKind, EventKind, Heading, Provenance, Publication, Record, Regulation,
    RegulationLevel, Source, effect, regulation_id,
};
use text::numerals;

/// Largest file read, in bytes: the longest law has 0.3 MB.
const MAX_FILE: u64 = 8 << 20;
/// Files read of one archive or folder.
const MAX_FILES: usize = 200_000;
/// A text shorter than this, in characters, is an empty file with a title.
const MIN_TEXT: usize = 10;
/// The line that ends a header.
const HEADER_END: &str = "<!-- INFO END -->";
const CODE_FOLDER: &str = "民法典";
/// The part after the last book.
const SUPPLEMENTARY: &str = "附则";

/// Finds a division by its full or short name.
pub type FindDivision<'a> = dyn Fn(&str) -> Option<DivisionCode> + 'a;

/// Reads all laws of `path`. `progress` is reported files done and in all.
pub fn read(
    path: &Path,
    divisions: &FindDivision<'_>,
    sink: &mut Sink<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ReadError> {
    let mut report = Report::default();
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let files = if path.is_dir() { folder(path)? } else { archive(path)? };
    let total = files.len() as u64;
    let reader = Reader { source: Source::Laws(&name).to_string(), divisions };
    let mut code_parts = Vec::new();
    for (done, (file, bytes)) in files.into_iter().enumerate() {
        progress(done as u64 + 1, total);
        if let Some(reason) = left_out(&file) {
            report.skip(reason);
            continue;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            report.reject(&file, None, "不是 UTF-8 文本，请转换编码后再导入");
            continue;
        };
        let folders: Vec<&str> = file.split('/').rev().skip(1).collect();
        if folders.first() == Some(&CODE_FOLDER) {
            code_parts.push((file, text));
            continue;
        }
        match reader.law(&file, &text) {
            Ok(record) => {
                report.accepted += 1;
                sink(record)?;
            }
            Err(reason) => report.reject(&file, None, reason),
        }
    }
    if !code_parts.is_empty() {
        match reader.code(&code_parts) {
            Ok(record) => {
                report.accepted += 1;
                sink(record)?;
            }
            Err(reason) => report.reject(CODE_FOLDER, None, reason),
        }
    }
    Ok(report)
}

/// Why a file is no regulation; `None` for one that should be.
fn left_out(file: &str) -> Option<&'static str> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if !name.ends_with(".md") {
        Some("不是 Markdown 文件")
    } else if file.split('/').any(|part| part == "案例") {
        Some("案例，不是法规")
    } else if name == "_index.md" || name == "README.md" || name.contains("模版") || name.contains("模板") {
        Some("目录、说明或模板")
    } else if name.contains("攻略") {
        Some("攻略，不是法规")
    } else {
        None
    }
}

fn folder(root: &Path) -> Result<BTreeMap<String, Vec<u8>>, ReadError> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        let io = |source| ReadError::Io { path: dir.display().to_string(), source };
        for entry in fs::read_dir(&dir).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() {
                open.push(path);
            } else if files.len() < MAX_FILES && fs::metadata(&path).map_err(io)?.len() <= MAX_FILE {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).map_err(io)?);
            }
        }
    }
    Ok(files)
}

fn archive(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, ReadError> {
    let io = |source| ReadError::Io { path: path.display().to_string(), source };
    let damaged = |error: std::io::Error| ReadError::Format {
        file: path.display().to_string(),
        reason: format!("不是完整的 .tar.gz（{error}）"),
    };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(path).map_err(io)?));
    let mut files = BTreeMap::new();
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() || entry.size() > MAX_FILE || files.len() >= MAX_FILES {
            continue;
        }
        let name = entry.path().map_err(damaged)?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(damaged)?;
        files.insert(name, bytes);
    }
    Ok(files)
}

struct Reader<'a> {
    source: String,
    divisions: &'a FindDivision<'a>,
}

/// A file cut into its three parts.
struct Parts<'a> {
    titles: Vec<String>,
    header: Vec<&'a str>,
    text: &'a str,
}

fn parts(file: &str) -> Result<Parts<'_>, String> {
    let file = file.trim_start_matches('\u{FEFF}');
    let (head, text) = file.split_once(HEADER_END).ok_or_else(|| format!("缺少结束题注的行 {HEADER_END}"))?;
    let mut lines = head.lines().map(str::trim).filter(|l| !l.is_empty());
    let mut titles = Vec::new();
    let mut header = Vec::new();
    for line in lines.by_ref() {
        match line.strip_prefix("# ") {
            Some(title) if header.is_empty() => titles.push(title.split_whitespace().collect::<Vec<_>>().join("")),
            _ => header.push(line),
        }
    }
    if titles.first().is_none_or(|t| t.is_empty()) {
        return Err("第一行应为“# 标题”".into());
    }
    // Some headers repeat the title over one or two lines before the first date.
    let title = titles[0].clone();
    while header.first().is_some_and(|line| !line.starts_with(|c: char| c.is_ascii_digit()) && title.contains(*line)) {
        header.remove(0);
    }
    Ok(Parts { titles, header, text })
}

impl Reader<'_> {
    fn law(&self, file: &str, text: &str) -> Result<Record, String> {
        let parts = parts(text)?;
        let body = body::parse(parts.text);
        let length: usize = body.articles.iter().map(|a| a.text.chars().count()).sum();
        if length < MIN_TEXT {
            return Err("只有标题，没有正文".into());
        }
        self.record(file, parts.titles[0].clone(), &parts.header, parts.text, body)
    }

    /// The parts of 民法典 as one regulation: its articles are numbered through.
    fn code(&self, files: &[(String, String)]) -> Result<Record, String> {
        let mut books = Vec::new();
        let mut title = String::new();
        let mut header: Vec<String> = Vec::new();
        for (file, text) in files {
            let parts = parts(text).map_err(|reason| format!("{file}：{reason}"))?;
            title.clone_from(&parts.titles[0]);
            if header.is_empty() {
                header = parts.header.iter().map(|l| (*l).to_owned()).collect();
            }
            let name = parts.titles.get(1).cloned().unwrap_or_default();
            books.push((name, body::parse(parts.text)));
        }
        books.retain(|(_, body)| !body.articles.is_empty());
        books.sort_by_key(|(_, body)| body.articles.first().and_then(|a| a.number));
        let mut whole = Text::default();
        for ((name, mut book), number) in books.into_iter().zip(1..) {
            let from = whole.articles.len();
            let named = book.headings.first().is_some_and(|h| h.depth == 1);
            if !named && !name.is_empty() {
                whole.headings.push(Heading { depth: 1, title: book_title(&name, number), first_article: from });
            }
            whole
                .headings
                .extend(book.headings.drain(..).map(|h| Heading { first_article: h.first_article + from, ..h }));
            whole.articles.append(&mut book.articles);
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        self.record(CODE_FOLDER, title, &header, "", whole)
    }

    fn record(&self, file: &str, title: String, header: &[&str], text: &str, body: Text) -> Result<Record, String> {
        let history = header::events(header);
        let latest =
            |kinds: &[EventKind]| history.iter().filter(|e| kinds.contains(&e.kind)).filter_map(|e| e.date).max();
        let changed = latest(&[EventKind::Adopted, EventKind::Approved, EventKind::Published, EventKind::Amended]);
        let closing: Vec<&str> = body.articles.iter().rev().take(3).map(|a| a.text.as_str()).collect();
        let closing = closing.into_iter().rev().collect::<Vec<_>>().join("\n");
        let (level, division) = self.place(file, &title)?;
        let version_date = date_in_name(file).or(changed);
        let opening: String = text.lines().filter(|l| !l.trim().is_empty()).take(5).collect::<Vec<_>>().join("\n");
        let regulation = Regulation {
            level,
            document_kind: document_kind(&title, level),
            issuers: issuers(&title, level, header, file),
            document_number: header.iter().find_map(|l| header::document_number(l)).or_else(|| {
                Some(opening)
                    .filter(|_| level == RegulationLevel::JudicialInterpretation)
                    .and_then(|t| header::document_number(&t))
            }),
            division,
            version_date,
            published: latest(&[EventKind::Published]),
            effective: latest(&[EventKind::Effective])
                .or_else(|| effect::stated_day(&closing))
                .filter(|day| effect::may_be_of(*day, version_date, &history)),
            stated_status: None,
            history,
            preamble: body.preamble,
            headings: body.headings,
            articles: body.articles,
            attachment: body.attachment,
            publication: Publication::default(),
            title,
        };
        let id = regulation_id(&regulation.title, regulation.version_date, regulation.division.as_ref());
        let provenance =
            Provenance { source: self.source.clone(), place: Some(file.to_owned()), date: None, licence: None };
        Ok(Record::published(id, regulation.division.clone(), vec![provenance], Body::Regulation(regulation)))
    }

    /// Level and region, from the folders.
    fn place(&self, file: &str, title: &str) -> Result<(RegulationLevel, Option<DivisionCode>), String> {
        const LAWS: [&str; 8] =
            ["宪法相关法", "民法商法", "行政法", "经济法", "社会法", "刑法", "诉讼与非诉讼程序法", CODE_FOLDER];
        let folders: Vec<&str> = file.split('/').collect();
        let within = |name: &str| folders.contains(&name);
        if within("宪法") {
            return Ok((RegulationLevel::Constitution, None));
        }
        if LAWS.iter().any(|folder| within(folder)) {
            return Ok((RegulationLevel::Law, None));
        }
        let national = [
            ("行政法规", RegulationLevel::AdministrativeRegulation),
            ("司法解释", RegulationLevel::JudicialInterpretation),
            ("部门规章", RegulationLevel::DepartmentRule),
        ];
        if let Some((_, level)) = national.iter().find(|(folder, _)| within(folder)) {
            return Ok((*level, None));
        }
        if let Some(at) = folders.iter().position(|f| *f == "地方性法规") {
            let province = folders.get(at + 1).and_then(|name| (self.divisions)(name));
            let province = province.ok_or("地方性法规的文件夹下应是省级行政区划的名称")?;
            let city = (2..=12).rev().find_map(|n| {
                let name: String = title.chars().take(n).collect();
                let named = name.ends_with(['市', '州', '盟', '县', '旗']) || name.ends_with("地区");
                (self.divisions)(&name).filter(|code| named && province.covers(code))
            });
            return Ok((RegulationLevel::LocalRegulation, Some(city.unwrap_or(province))));
        }
        Ok((RegulationLevel::Other, None))
    }
}

/// The files name the books of the code 物权编; the code itself numbers them in order, 第二编 物权, and ends with 附则.
fn book_title(name: &str, number: u32) -> String {
    if name == SUPPLEMENTARY {
        return name.to_owned();
    }
    let name = name.strip_suffix('编').filter(|rest| !rest.is_empty()).unwrap_or(name);
    format!("第{}编 {name}", numerals::format(number))
}

/// …(2017-03-01).md
fn date_in_name(file: &str) -> Option<Date> {
    let stem = file.strip_suffix(".md")?.strip_suffix(')')?;
    stem.rsplit_once('(')?.1.parse().ok()
}

/// What a document does, by its title.
pub(super) fn document_kind(title: &str, level: RegulationLevel) -> DocumentKind {
    if title.contains("修正案") || (title.contains("修改") && title.ends_with("决定")) {
        DocumentKind::Amendment
    } else if title.contains("废止") && title.ends_with("决定") {
        DocumentKind::Abolition
    } else if level == RegulationLevel::Law && title.contains("关于") && title.ends_with("解释") {
        DocumentKind::Interpretation
    } else if title.ends_with("决定") || title.ends_with("决议") {
        DocumentKind::Decision
    } else {
        DocumentKind::Regulation
    }
}

/// Who issued it, as far as title, header and folder say.
fn issuers(title: &str, level: RegulationLevel, header: &[&str], file: &str) -> Vec<String> {
    let one = |name: &str| vec![name.to_owned()];
    match level {
        RegulationLevel::Constitution => one("全国人民代表大会"),
        RegulationLevel::Law => {
            let adopted = header.iter().find(|l| l.contains("通过"));
            match adopted {
                Some(line) if line.contains("全国人民代表大会常务委员会") => {
                    one("全国人民代表大会常务委员会")
                }
                Some(line) if line.contains("全国人民代表大会") => one("全国人民代表大会"),
                _ => Vec::new(),
            }
        }
        RegulationLevel::AdministrativeRegulation => one("国务院"),
        RegulationLevel::JudicialInterpretation => ["最高人民法院", "最高人民检察院"]
            .into_iter()
            .filter(|court| title.contains(court) || header.iter().any(|l| l.contains(court)))
            .map(str::to_owned)
            .collect(),
        RegulationLevel::DepartmentRule => {
            let folder = file.split('/').rev().nth(1).filter(|f| *f != "部门规章");
            folder.map(one).unwrap_or_default()
        }
        RegulationLevel::LocalRegulation => {
            let adopted = header.iter().find(|l| l.contains("通过") && l.contains("人民代表大会"));
            let words = adopted.and_then(|l| l.split_once('日')).map(|(_, rest)| rest.trim());
            let place = words.and_then(|w| w.split_once('第')).map(|(place, _)| place.trim());
            match (place, adopted) {
                (Some(place), Some(line)) if !place.is_empty() && place.chars().count() < 16 => {
                    let organ = if line.contains("常务委员会") {
                        "人民代表大会常务委员会"
                    } else {
                        "人民代表大会"
                    };
                    vec![format!("{place}{organ}")]
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(name: &str) -> Option<DivisionCode> {
        let code = match name {
            "浙江" | "浙江省" => "330000",
            "宁波市" => "330200",
            _ => return None,
        };
        code.parse().ok()
    }

    fn write(dir: &Path, file: &str, text: &str) {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read_all(path: &Path) -> (Vec<Record>, Report) {
        let mut records = Vec::new();
        let mut take = |r: Record| {
            records.push(r);
            Ok(())
        };
        let report = read(path, &division, &mut take, &mut |_, _| {}).unwrap();
        (records, report)
    }

    fn regulation<'a>(records: &'a [Record], title: &str) -> &'a Regulation {
        let all = records.iter().filter_map(|r| if let Body::Regulation(r) = &r.body { Some(r) } else { None });
        all.into_iter().find(|r| r.title == title).unwrap_or_else(|| panic!("{title} is missing"))
    }

    fn sample() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let law = "# 中华人民共和国甲法\n\n2001年1月1日 第九届全国人民代表大会常务委员会第一次会议通过\n\n<!-- INFO END -->\n\n第一条 为了测试，制定本法。\n\n第二条 本法自2001年3月1日起施行。\n";
        write(dir.path(), "行政法/甲法(2001-01-01).md", law);
        write(
            dir.path(),
            "DLC/浙江地方法规/地方性法规/浙江/宁波市乙条例(2015-04-13).md",
            "# 宁波市乙条例\n\n2015年3月1日 宁波市第十四届人民代表大会常务委员会第一次会议通过\n\n<!-- INFO END -->\n\n第一条 为了测试乙，制定本条例。\n",
        );
        write(
            dir.path(),
            "行政法规/丙条例.md",
            "# 丙条例\n\n2003年11月23日 中华人民共和国国务院令第392号公布\n\n<!-- INFO END -->\n\n第一条 为了测试丙，制定本条例。\n",
        );
        write(
            dir.path(),
            "民法典/乙编.md",
            "# 中华人民共和国民法典\n\n# 物权编\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO END -->\n\n第三条 物权的条文内容。\n",
        );
        write(
            dir.path(),
            "民法典/甲编.md",
            "# 中华人民共和国民法典\n\n# 总则\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO END -->\n\n第一条 总则的条文。\n第二条 总则的又一条。\n",
        );
        write(dir.path(), "案例/某案.md", "# 某案\n");
        write(dir.path(), "行政法/空.md", "# 空\n<!-- INFO END -->\n\n");
        write(dir.path(), "行政法/无题注.md", "# 无题注\n第一条 甲\n");
        fs::write(dir.path().join("行政法/坏编码.md"), [0xFF, 0xFE, 0x41]).unwrap();
        dir
    }

    #[test]
    fn folders_titles_and_headers_become_facts() {
        let dir = sample();
        let (records, report) = read_all(dir.path());
        assert_eq!(report.accepted, 4);
        assert_eq!(report.skipped.values().sum::<u64>(), 1);
        let mut bad: Vec<&str> = report.rejected.iter().map(|r| r.file.as_str()).collect();
        bad.sort_unstable();
        assert_eq!(bad, ["行政法/坏编码.md", "行政法/无题注.md", "行政法/空.md"]);
        let law = regulation(&records, "中华人民共和国甲法");
        assert_eq!((law.level, law.effective), (RegulationLevel::Law, Some(Date::constant(2001, 3, 1))));
        assert_eq!(law.issuers, ["全国人民代表大会常务委员会"]);
        let local = regulation(&records, "宁波市乙条例");
        assert_eq!(local.division.as_ref().map(DivisionCode::as_str), Some("330200"));
        assert_eq!(local.issuers, ["宁波市人民代表大会常务委员会"]);
        assert_eq!(local.version_date, Some(Date::constant(2015, 4, 13)));
        let order = regulation(&records, "丙条例");
        assert_eq!(order.document_number.as_deref(), Some("国务院令第392号"));
        let code = regulation(&records, "中华人民共和国民法典");
        assert_eq!(code.articles.len(), 3);
        assert_eq!(code.headings.iter().map(|h| h.first_article).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(code.headings.iter().map(|h| h.title.as_str()).collect::<Vec<_>>(), ["第一编 总则", "第二编 物权"]);
        assert_eq!([book_title("侵权责任编", 7), book_title("附则", 8)], ["第七编 侵权责任", "附则"]);
    }

    #[test]
    fn a_damaged_archive_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("laws.tar.gz");
        fs::write(&path, b"not an archive").unwrap();
        let error = read(&path, &division, &mut |_| Ok(()), &mut |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("不是完整的 .tar.gz"), "{error}");
    }

    #[test]
    #[ignore = "needs ../shared/corpus/laws.tar.gz, real laws"]
    fn the_real_laws_read_almost_whole() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/laws.tar.gz");
        let all = |name: &str| match name {
            "北京" | "上海" | "重庆" | "浙江" | "广东" | "河南" | "山东" => "330000".parse().ok(),
            _ => None,
        };
        let mut articles = 0;
        let mut count = |r: Record| {
            if let Body::Regulation(r) = r.body {
                articles += r.articles.len();
            }
            Ok(())
        };
        let report = read(&path, &all, &mut count, &mut |_, _| {}).unwrap();
        println!(
            "{} laws, {articles} articles, {} rejected: {:#?}",
            report.accepted,
            report.rejected.len(),
            report.rejected
        );
        assert!(report.accepted > 3_300 && articles > 90_000);
        assert!(report.rejected.len() < 100);
    }
}
