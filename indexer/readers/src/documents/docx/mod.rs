//! Word documents (ECMA-376 part 1, WordprocessingML): paragraphs with their numbers and heading levels, and tables.
//!
//! Unpacked are the main part, its styles, its lists, its page headers and footers, and parts in HTML or plain text
//! that it takes in (altChunk). Macros are never read; that there are some is reported.

mod numbering;
mod styles;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;

use self::{numbering::Numbering, styles::Styles, text::Reader};
use super::{
    Document, DocumentError, Line, Lines, html,
    package::{Package, folder, resolve},
    plain,
    xml::{Part, Xml, walk},
};

const FORMAT: &str = "docx";
/// Page headers and footers that are read: each of three kinds for some ten sections.
const MAX_MARGINS: usize = 64;
/// Characters of a line of a page's margin that says anything: fewer are a page number or a mark.
const LEAST_OF_MARGIN: usize = 6;
/// Lines of margins that are kept.
const MARGIN_LINES: usize = 8;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut package = Package::open(bytes, FORMAT)?;
    let main = main_part(&mut package)?;
    let styles = match package.get(&resolve(folder(&main), "styles.xml"))? {
        Some(styles) => Styles::read(&styles)?,
        None => Styles::default(),
    };
    let mut numbering = match package.get(&resolve(folder(&main), "numbering.xml"))? {
        Some(numbering) => Numbering::read(&numbering)?,
        None => Numbering::default(),
    };
    let text = package.need(&main)?;
    let mut reader = Reader::new(&styles, &mut numbering);
    walk(&text, Part::new(FORMAT, &main), |event| reader.event(event))?;
    let (mut document, lines, chunks) = reader.finish()?;
    let relations = relations(&mut package, &main)?;
    let mut lines = with_chunks(&mut package, &mut document, lines, &chunks, &relations)?;
    if numbering.unknown {
        document.warn("文件的自动编号用了不认识的样式：按阿拉伯数字读取，请核对条、款、项的序号");
    }
    let margins = margins(&mut package, &mut document, &lines, &styles, &relations)?;
    lines.splice(0..0, margins);
    if package.names().any(|name| name.ends_with("vbaproject.bin")) {
        document.warn("文件含有宏：宏没有读取，也不会运行");
    }
    document.lines = lines;
    Ok(document.finish())
}

/// The main part, as the package's relationships name it (ECMA-376 part 2, 9.3).
fn main_part(package: &mut Package<'_>) -> Result<String, DocumentError> {
    let usual = "word/document.xml".to_owned();
    let Some(relations) = package.get("_rels/.rels")? else { return Ok(usual) };
    let mut target = None;
    walk(&relations, Part::new(FORMAT, "_rels/.rels"), |event| {
        if let Xml::Start(element) = event
            && element.name == "Relationship"
            && element.attribute("Type").is_some_and(|t| t.ends_with("/officeDocument"))
            && element.attribute("TargetMode").as_deref() != Some("External")
        {
            target = target.take().or_else(|| element.attribute("Target"));
        }
        Ok(())
    })?;
    Ok(target.map(|target| resolve("", &target)).filter(|target| package.has(target)).unwrap_or(usual))
}

/// What the main part refers to within the package: by id, the last word of its kind and its path.
fn relations(package: &mut Package<'_>, main: &str) -> Result<HashMap<String, (String, String)>, DocumentError> {
    let name = main.rsplit('/').next().unwrap_or(main);
    let path = resolve(folder(main), &format!("_rels/{name}.rels"));
    let mut found = HashMap::new();
    let Some(bytes) = package.get(&path)? else { return Ok(found) };
    walk(&bytes, Part::new(FORMAT, &path), |event| {
        if let Xml::Start(element) = event
            && element.name == "Relationship"
            && element.attribute("TargetMode").as_deref() != Some("External")
            && let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.insert(id, (kind, resolve(folder(main), &target)));
        }
        Ok(())
    })?;
    Ok(found)
}

/// The lines with the parts in other formats in their places (17.17.2). An archive inside the archive is never opened.
fn with_chunks(
    package: &mut Package<'_>,
    document: &mut Document,
    lines: Lines,
    chunks: &[(usize, String)],
    relations: &HashMap<String, (String, String)>,
) -> Result<Vec<Line>, DocumentError> {
    if chunks.is_empty() {
        return Ok(lines.lines);
    }
    let mut all = Lines::default();
    let mut chunks = chunks.iter().peekable();
    let mut own = lines.lines.into_iter().enumerate().peekable();
    loop {
        let at = own.peek().map_or(usize::MAX, |(at, _)| *at);
        while let Some((_, id)) = chunks.next_if(|(before, _)| *before <= at) {
            let part = relations.get(id).map(|(_, path)| path.as_str());
            let Some(chunk) = part.map(|path| chunk(package, path)).transpose()?.flatten() else {
                let extension = part.and_then(|path| path.rsplit_once('.')).map(|(_, extension)| extension);
                let shown = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).take(8).collect::<String>();
                let kind = extension.map_or_else(|| "在文件之外".to_owned(), shown);
                document.warn(format!("文件中嵌有另一份文件（{kind}），没有读取：请在 Word 中另存为新文件后上传"));
                continue;
            };
            chunk.warnings.into_iter().for_each(|warning| document.warn(warning));
            let tables = document.tables.len();
            for line in chunk.lines {
                all.line(&line.text, None, line.heading, line.table.map(|at| at + tables))?;
            }
            document.tables.extend(chunk.tables);
        }
        let Some((_, line)) = own.next() else { return Ok(all.lines) };
        all.line(&line.text, None, line.heading, line.table)?;
    }
}

/// A part in another format; `None` for formats that are not read here.
fn chunk(package: &mut Package<'_>, path: &str) -> Result<Option<Document>, DocumentError> {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let read = match extension.as_deref() {
        Some("html" | "htm" | "xhtml") => html::read,
        Some("txt") => |bytes: &[u8]| plain::read(bytes, super::Format::Text),
        _ => return Ok(None),
    };
    package.get(path)?.map(|bytes| read(&bytes)).transpose()
}

/// Lines of page headers and footers that the text itself does not have: a title may stand there alone.
fn margins(
    package: &mut Package<'_>,
    document: &mut Document,
    lines: &[Line],
    styles: &Styles,
    relations: &HashMap<String, (String, String)>,
) -> Result<Vec<Line>, DocumentError> {
    let mut parts: Vec<&(String, String)> =
        relations.values().filter(|(kind, _)| matches!(kind.as_str(), "header" | "footer")).collect();
    // Headers before footers, in the order of their names.
    parts.sort_by(|a, b| (a.0 != "header", &a.1).cmp(&(b.0 != "header", &b.1)));
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let mut found: Vec<Line> = Vec::new();
    let mut whole: Option<String> = None;
    for (_, path) in parts.into_iter().take(MAX_MARGINS) {
        let Some(bytes) = package.get(path)? else { continue };
        let mut numbering = Numbering::default();
        let mut reader = Reader::new(styles, &mut numbering);
        walk(&bytes, Part::new(FORMAT, path), |event| reader.event(event))?;
        let (margin, lines_of_it, _) = reader.finish()?;
        margin.warnings.into_iter().for_each(|warning| document.warn(warning));
        for line in lines_of_it.lines {
            let text = bare(&line.text);
            let said = text.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_OF_MARGIN;
            let whole = whole.get_or_insert_with(|| lines.iter().map(|l| bare(&l.text)).collect());
            let new = !whole.contains(&text) && found.iter().all(|l| bare(&l.text) != text);
            if said && new && found.len() < MARGIN_LINES {
                found.push(Line { heading: None, table: None, margin: true, ..line });
            }
        }
    }
    if let Some(first) = found.first() {
        let text: String = first.text.chars().take(40).collect();
        document.warn(format!("页眉页脚中的“{text}”不在正文里：放在文首读取，请核对标题和文号"));
    }
    Ok(found)
}
