//! The text of one part: paragraphs with their numbers and heading levels, and tables, without what is hidden.

use super::{
    super::{
        Document, DocumentError, Format, Lines,
        tables::Tables,
        unseen,
        xml::{Element, Xml},
    },
    numbering::Numbering,
    styles::{Look, Styles, is_on, is_shading, outline_level},
};

#[derive(Default)]
struct Paragraph {
    text: String,
    heading: Option<u8>,
    style: Option<String>,
    list: Option<String>,
    level: Option<usize>,
    /// Whether something of it was left out.
    cut: bool,
    shaded: bool,
}

/// A run: what it says itself of how it looks, and what its style says.
#[derive(Default)]
struct Run {
    own: Look,
    by_style: Look,
}

pub struct Reader<'s> {
    styles: &'s Styles,
    numbering: &'s mut Numbering,
    pub document: Document,
    pub lines: Lines,
    pub tables: Tables,
    pub chunks: Chunks,
    /// Open paragraphs: a text box stands within one and holds others.
    paragraphs: Vec<Paragraph>,
    runs: Vec<Run>,
    /// Open tables, each with whether anything of it is shaded.
    tables_shaded: Vec<bool>,
    /// Open text boxes and the page's own colour: white text is seen there.
    grounds: usize,
    /// Open rows of tables, each with whether it is hidden.
    rows: Vec<bool>,
    /// Open properties of paragraphs: what they say of runs is said of the paragraph's mark.
    properties: usize,
    /// Open elements whose text does not count.
    left_out: usize,
    in_text: bool,
    hidden: String,
    hidden_count: usize,
}

/// Parts in other formats that stand in the text: before which line, and the id of their relationship.
pub type Chunks = Vec<(usize, String)>;

impl<'s> Reader<'s> {
    pub fn new(styles: &'s Styles, numbering: &'s mut Numbering) -> Self {
        Self {
            styles,
            numbering,
            document: Document::new(Format::Docx),
            lines: Lines::default(),
            tables: Tables::default(),
            chunks: Vec::new(),
            paragraphs: Vec::new(),
            runs: Vec::new(),
            tables_shaded: Vec::new(),
            grounds: 0,
            rows: Vec::new(),
            properties: 0,
            left_out: 0,
            in_text: false,
            hidden: String::new(),
            hidden_count: 0,
        }
    }

    /// Ends what is still open, and tells what was left out.
    pub fn finish(mut self) -> Result<(Document, Lines, Chunks), DocumentError> {
        self.tables.end_all(&mut self.document, &mut self.lines)?;
        if self.hidden_count > 0 {
            self.document.warn(unseen::hidden_text(&self.hidden, self.hidden_count));
        }
        Ok((self.document, self.lines, self.chunks))
    }

    pub fn event(&mut self, event: Xml<'_>) -> Result<(), DocumentError> {
        match event {
            // What revisions took away or changed, the second form of what Choice already gave, readings of characters.
            Xml::Start(Element { name, .. }) if is_left_out(name) => {
                self.left_out += 1;
                if !matches!(name, "Fallback" | "rt") {
                    self.cut();
                    self.revised();
                }
            }
            Xml::End(name) if is_left_out(name) => self.left_out = self.left_out.saturating_sub(1),
            _ if self.left_out > 0 => {}
            Xml::Start(element) => self.start(&element)?,
            Xml::End(name) => self.end(name)?,
            Xml::Text(text) if self.in_text => self.add(&text),
            Xml::Text(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, element: &Element<'_>) -> Result<(), DocumentError> {
        let value = || element.attribute("val");
        match element.name {
            "p" => self.paragraphs.push(Paragraph::default()),
            "r" => self.runs.push(Run::default()),
            "pPr" => self.properties += 1,
            "t" => self.in_text = true,
            "tab" | "ptab" if self.properties == 0 && !self.paragraphs.is_empty() => self.add("\t"),
            "br" | "cr" => self.add("\n"),
            "noBreakHyphen" => self.add("-"),
            "pStyle" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.style = value();
                }
            }
            "outlineLvl" => {
                let level = outline_level(element);
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading = level.or(paragraph.heading);
                }
            }
            "numId" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list = value();
                }
            }
            "ilvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.level = value().and_then(|v| v.parse().ok());
                }
            }
            "vanish" | "color" | "sz" | "highlight" if self.properties == 0 => self.look(element),
            "shd" => self.shading(element),
            "rStyle" if self.properties == 0 => {
                let look = value().and_then(|id| Some(self.styles.get(&id)?.look)).unwrap_or_default();
                if let Some(run) = self.runs.last_mut() {
                    run.by_style = look;
                }
            }
            "background" => {
                let coloured = element.attribute("color").is_some_and(|c| !unseen::is_white_in_hex(&c));
                self.grounds += usize::from(coloured);
            }
            "txbxContent" => self.grounds += 1,
            "tblStyle" => {
                let shaded = value().and_then(|id| self.styles.get(&id)).is_some_and(|style| style.shaded);
                if let Some(table) = self.tables_shaded.last_mut() {
                    *table |= shaded;
                }
            }
            "hidden" => {
                if let Some(row) = self.rows.last_mut() {
                    *row = is_on(value().as_deref());
                }
            }
            "altChunk" => {
                if let Some(id) = element.attribute("id") {
                    self.chunks.push((self.lines.lines.len(), id));
                }
            }
            "ins" => self.revised(),
            "footnoteReference" | "endnoteReference" => self.document.warn("脚注和尾注没有读取"),
            "tbl" => {
                self.tables_shaded.push(false);
                self.tables.start();
            }
            "tr" => {
                self.rows.push(false);
                self.tables.start_row()?;
            }
            "tc" => self.tables.start_cell()?,
            // A cell that is as wide as several: those behind it keep their columns.
            "gridSpan" => {
                let columns = element.attribute("val").and_then(|n| n.parse().ok());
                columns.into_iter().for_each(|columns| self.tables.wide(columns));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), DocumentError> {
        match name {
            "t" => self.in_text = false,
            "r" => drop(self.runs.pop()),
            "pPr" => self.properties = self.properties.saturating_sub(1),
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.paragraph(paragraph)?;
                }
            }
            "tc" => self.tables.end_cell()?,
            "tr" => {
                self.rows.pop();
                self.tables.end_row();
            }
            "tbl" => {
                self.tables_shaded.pop();
                self.tables.end(&mut self.document, &mut self.lines)?;
            }
            "txbxContent" => self.grounds = self.grounds.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self, paragraph: Paragraph) -> Result<(), DocumentError> {
        // What is hidden or deleted as a whole has no number either.
        if paragraph.cut && paragraph.text.trim().is_empty() {
            return Ok(());
        }
        let named = paragraph.style.as_deref().or(self.styles.default_paragraph());
        let style = named.and_then(|id| self.styles.get(id));
        let list = paragraph.list.as_deref().or(style.and_then(|s| s.list.as_deref())).filter(|list| *list != "0");
        let number = list.map(|list| {
            let level = paragraph.level.or(style.and_then(|s| s.level));
            let level = level.unwrap_or_else(|| named.map_or(0, |id| self.numbering.level_of_style(list, id)));
            self.numbering.next(list, level)
        });
        let text = number.unwrap_or_default() + paragraph.text.trim_start();
        if self.tables.in_cell() {
            self.tables.text(&text);
            Ok(())
        } else {
            self.lines.push(&text, None, paragraph.heading.or(style.and_then(|s| s.heading)))
        }
    }

    fn add(&mut self, text: &str) {
        if self.is_hidden() {
            self.hidden_count += text.chars().filter(|c| !c.is_whitespace()).count();
            let room = unseen::SHOWN.saturating_sub(self.hidden.chars().count());
            self.hidden.extend(text.chars().take(room));
            self.cut();
        } else if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn is_hidden(&self) -> bool {
        let style = self.paragraphs.last().and_then(|p| p.style.as_deref()).or(self.styles.default_paragraph());
        let by_paragraph = style.and_then(|id| Some(self.styles.get(id)?.look)).unwrap_or_default();
        let own = self.runs.last().map(|run| run.own.or(run.by_style)).unwrap_or_default();
        let look = own.or(by_paragraph).or(self.styles.look());
        let shaded = self.tables_shaded.contains(&true) || self.paragraphs.iter().any(|p| p.shaded);
        look.is_unseen(self.grounds > 0 || shaded) || self.rows.contains(&true)
    }

    fn look(&mut self, element: &Element<'_>) {
        if let Some(run) = self.runs.last_mut() {
            run.own.take(element);
        }
    }

    /// A shading of a run, of a paragraph (or its mark), or of a table or a cell.
    fn shading(&mut self, element: &Element<'_>) {
        let shaded = is_shading(element);
        match (self.properties > 0, self.runs.last_mut(), self.paragraphs.last_mut(), self.tables_shaded.last_mut()) {
            (true, _, Some(paragraph), _) => paragraph.shaded |= shaded,
            (false, Some(run), ..) => run.own.take(element),
            (false, None, _, Some(table)) => *table |= shaded,
            _ => {}
        }
    }

    fn cut(&mut self) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.cut = true;
        }
    }

    fn revised(&mut self) {
        self.document.warn("文件带有修订痕迹：按接受全部修订读取");
    }
}

fn is_left_out(name: &str) -> bool {
    // pPrChange, rPrChange and the like hold what properties were before a revision.
    matches!(name, "del" | "moveFrom" | "Fallback" | "rt") || name.ends_with("Change")
}
