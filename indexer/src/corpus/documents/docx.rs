//! Word documents (ECMA-376 part 1, WordprocessingML): paragraphs with their heading levels, and tables.
//!
//! Only `word/document.xml` and `word/styles.xml` are unpacked. Macros are never read; that there are some is told.

use std::collections::HashMap;

use super::{
    Document, DocumentError, Format, Lines,
    package::{Package, folder, resolve},
    tables::Tables,
    xml::{Element, Part, Xml, walk},
};

const FORMAT: &str = "docx";
/// Styles based on styles: Word itself allows about ten.
const MAX_BASED_ON: usize = 16;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut package = Package::open(bytes, FORMAT)?;
    let main = main_part(&mut package)?;
    let styles = match package.get(&resolve(folder(&main), "styles.xml"))? {
        Some(styles) => styles_of(&styles)?,
        None => HashMap::new(),
    };
    let text = package.need(&main)?;
    let mut reader = Reader {
        styles,
        document: Document::new(Format::Docx),
        lines: Lines::default(),
        paragraphs: Vec::new(),
        tables: Tables::default(),
        left_out: 0,
        in_text: false,
    };
    walk(&text, Part::new(FORMAT, &main), |event| reader.event(event))?;
    let Reader { mut document, mut lines, mut tables, .. } = reader;
    tables.end_all(&mut document, &mut lines)?;
    if package.names().any(|name| name.ends_with("vbaproject.bin")) {
        document.warn("文件含有宏：宏没有读取，也不会运行");
    }
    document.lines = lines.lines;
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

/// Heading level by style id: 0 for the title, 1 for outermost headings.
fn styles_of(bytes: &[u8]) -> Result<HashMap<String, u8>, DocumentError> {
    #[derive(Default)]
    struct Style {
        level: Option<u8>,
        based_on: Option<String>,
    }
    let mut styles: HashMap<String, Style> = HashMap::new();
    let mut id = None;
    walk(bytes, Part::new(FORMAT, "word/styles.xml"), |event| {
        match event {
            Xml::Start(element) if element.name == "style" => {
                id = element.attribute("styleId");
                if let Some(id) = &id {
                    styles.insert(id.clone(), Style::default());
                }
            }
            Xml::End("style") => id = None,
            Xml::Start(element) => {
                if let Some(style) = id.as_ref().and_then(|id| styles.get_mut(id)) {
                    match element.name {
                        "name" => {
                            style.level = element.attribute("val").and_then(|n| level_of_name(&n)).or(style.level)
                        }
                        "basedOn" => style.based_on = element.attribute("val"),
                        "outlineLvl" => style.level = style.level.or_else(|| outline_level(&element)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    let level = |id: &String| {
        let mut id = id;
        for _ in 0..MAX_BASED_ON {
            let style = styles.get(id)?;
            match (style.level, &style.based_on) {
                (Some(level), _) => return Some(level),
                (None, Some(base)) => id = base,
                (None, None) => return None,
            }
        }
        None
    };
    Ok(styles.keys().filter_map(|id| Some((id.clone(), level(id)?))).collect())
}

/// Title → 0, heading 2 → 2; the names that Word keeps in English in every language, and those of WPS.
fn level_of_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    if name == "title" || name == "标题" {
        return Some(0);
    }
    let number = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    number.trim().parse().ok().filter(|n| (1..=9).contains(n))
}

/// `w:outlineLvl`: 0 to 8 are levels, 9 is running text (17.3.1.20).
fn outline_level(element: &Element<'_>) -> Option<u8> {
    element.attribute("val")?.parse::<u8>().ok().filter(|n| *n < 9).map(|n| n + 1)
}

#[derive(Default)]
struct Paragraph {
    text: String,
    heading: Option<u8>,
}

struct Reader {
    styles: HashMap<String, u8>,
    document: Document,
    lines: Lines,
    /// Open paragraphs: a text box stands within one and holds others.
    paragraphs: Vec<Paragraph>,
    tables: Tables,
    /// Open elements whose text does not count.
    left_out: usize,
    in_text: bool,
}

impl Reader {
    fn event(&mut self, event: Xml<'_>) -> Result<(), DocumentError> {
        match event {
            // What revisions took away, and the second form of what Choice already gave.
            Xml::Start(Element { name: name @ ("del" | "moveFrom" | "Fallback"), .. }) => {
                self.left_out += 1;
                if name != "Fallback" {
                    self.revised();
                }
            }
            Xml::End("del" | "moveFrom" | "Fallback") => self.left_out = self.left_out.saturating_sub(1),
            _ if self.left_out > 0 => {}
            Xml::Start(element) => self.start(&element)?,
            Xml::End(name) => self.end(name)?,
            Xml::Text(text) if self.in_text => self.add(&text),
            Xml::Text(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, element: &Element<'_>) -> Result<(), DocumentError> {
        match element.name {
            "p" => self.paragraphs.push(Paragraph::default()),
            "t" => self.in_text = true,
            "tab" | "ptab" if !self.paragraphs.is_empty() => self.add("\t"),
            "br" | "cr" => self.add("\n"),
            "noBreakHyphen" => self.add("-"),
            "pStyle" => {
                let level = element.attribute("val").and_then(|id| self.styles.get(&id).copied());
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading = paragraph.heading.or(level);
                }
            }
            "outlineLvl" => {
                let level = outline_level(element);
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading = level.or(paragraph.heading);
                }
            }
            "numId" if element.attribute("val").is_some_and(|v| v != "0") => {
                self.document.warn(
                    "文件使用了自动编号：编号不在文字中，没有读出；请核对条、款、项的序号，或改为手工编号后重新上传",
                );
            }
            "ins" => self.revised(),
            "footnoteReference" | "endnoteReference" => self.document.warn("脚注和尾注没有读取"),
            "tbl" => self.tables.start(),
            "tr" => self.tables.start_row()?,
            "tc" => self.tables.start_cell()?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), DocumentError> {
        match name {
            "t" => self.in_text = false,
            "p" => {
                let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
                if self.tables.in_cell() {
                    self.tables.text(&paragraph.text);
                } else {
                    self.lines.push(&paragraph.text, None, paragraph.heading)?;
                }
            }
            "tc" => self.tables.end_cell()?,
            "tr" => self.tables.end_row(),
            "tbl" => self.tables.end(&mut self.document, &mut self.lines)?,
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn revised(&mut self) {
        self.document.warn("文件带有修订痕迹：按接受全部修订读取");
    }
}
