//! 版式文件 OFD (GB/T 33190-2016): pages of text objects with places.
//!
//! `OFD.xml` names the document, the document its pages and templates, a page its text objects; each text object has
//! codes with the place of every character. Rows are made of characters at one height, paragraphs of rows.

use std::collections::HashMap;

use super::{
    Document, DocumentError, Format, Lines, MAX_TEXT, TooLarge,
    package::{Package, folder, resolve},
    page::{Piece, paragraphs, width},
    xml::{Element, Part, Xml, walk},
};

const FORMAT: &str = "OFD";
/// Pages read: as many as a volume of a gazette has.
pub const MAX_PAGES: usize = 2_000;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut package = Package::open(bytes, FORMAT)?;
    let mut document = Document::new(Format::Ofd);
    let entry = package.need("OFD.xml")?;
    let roots = texts(&entry, "OFD.xml", "DocRoot")?;
    let Some(root) = roots.first() else {
        let encrypted = package.has("Encryptions.xml");
        return Err(if encrypted {
            DocumentError::Encrypted { format: FORMAT }
        } else {
            Part::new(FORMAT, "OFD.xml").broken("没有指明文档（DocRoot）")
        });
    };
    if roots.len() > 1 {
        document.warn(format!("文件含有 {} 个文档：只读取了第一个", roots.len()));
    }
    let root = resolve("", root);
    let outline = outline(&package.need(&root)?, &root)?;
    if outline.pages.len() > MAX_PAGES {
        return Err(DocumentError::TooLarge(TooLarge::Pages(MAX_PAGES)));
    }
    let mut templates: HashMap<String, Vec<Piece>> = HashMap::new();
    let mut pages = Vec::with_capacity(outline.pages.len());
    let mut characters = 0;
    for path in &outline.pages {
        let mut page = page(&package.need(path)?, path)?;
        for id in std::mem::take(&mut page.templates) {
            if !templates.contains_key(&id) {
                let pieces = match outline.templates.get(&id) {
                    Some(path) => self::page(&package.need(path)?, path)?.pieces,
                    None => Vec::new(),
                };
                templates.insert(id.clone(), pieces);
            }
            page.pieces.extend(templates[&id].iter().cloned());
            // A template repeats on every page: what is kept is bounded, not only what is unpacked.
            characters += templates[&id].iter().map(|p| p.text.len()).sum::<usize>();
        }
        characters += page.pieces.iter().map(|p| p.text.len()).sum::<usize>();
        if characters > MAX_TEXT {
            return Err(DocumentError::TooLarge(TooLarge::Text));
        }
        pages.push(page.pieces);
    }
    let mut lines = Lines::default();
    document.pages = u32::try_from(pages.len()).ok();
    paragraphs(pages, &mut lines)?;
    document.lines = lines.lines;
    Ok(document.finish())
}

/// The texts of all elements of a name.
fn texts(bytes: &[u8], part: &str, name: &str) -> Result<Vec<String>, DocumentError> {
    let mut found = Vec::new();
    let mut open = false;
    walk(bytes, Part::new(FORMAT, part), |event| {
        match event {
            Xml::Start(element) if element.name == name => {
                open = true;
                found.push(String::new());
            }
            Xml::End(ended) if ended == name => open = false,
            Xml::Text(text) if open => {
                if let Some(last) = found.last_mut() {
                    last.push_str(text.trim());
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    found.retain(|text| !text.is_empty());
    Ok(found)
}

#[derive(Default)]
struct Outline {
    /// Paths of the pages in order.
    pages: Vec<String>,
    /// Paths of the templates by id.
    templates: HashMap<String, String>,
}

fn outline(bytes: &[u8], root: &str) -> Result<Outline, DocumentError> {
    let mut outline = Outline::default();
    let place = |element: &Element<'_>| element.attribute("BaseLoc").map(|path| resolve(folder(root), &path));
    walk(bytes, Part::new(FORMAT, root), |event| {
        if let Xml::Start(element) = event {
            match element.name {
                "Page" => outline.pages.extend(place(&element)),
                "TemplatePage" => {
                    if let (Some(id), Some(path)) = (element.attribute("ID"), place(&element)) {
                        outline.templates.insert(id, path);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(outline)
}

#[derive(Default)]
struct Page {
    pieces: Vec<Piece>,
    templates: Vec<String>,
}

/// Where the text of an object lies.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    matrix: [f64; 6],
    size: f64,
}

#[derive(Default)]
struct Code {
    x: f64,
    y: f64,
    dx: Vec<f64>,
    dy: Vec<f64>,
    text: String,
}

fn page(bytes: &[u8], path: &str) -> Result<Page, DocumentError> {
    let mut page = Page::default();
    let mut object: Option<Place> = None;
    let mut code: Option<Code> = None;
    // A code without a place goes on where the last one stood (11.3).
    let mut last = (0.0, 0.0);
    walk(bytes, Part::new(FORMAT, path), |event| {
        match event {
            Xml::Start(element) => match element.name {
                "Template" => page.templates.extend(element.attribute("TemplateID")),
                "TextObject" => {
                    object = Some(place(&element));
                    last = (0.0, 0.0);
                }
                "TextCode" => {
                    let number = |name| element.attribute(name).and_then(|n| finite(&n));
                    let count = |name| element.attribute(name).map(|d| deltas(&d)).unwrap_or_default();
                    last = (number("X").unwrap_or(last.0), number("Y").unwrap_or(last.1));
                    code = Some(Code {
                        x: last.0,
                        y: last.1,
                        dx: count("DeltaX"),
                        dy: count("DeltaY"),
                        text: String::new(),
                    });
                }
                _ => {}
            },
            Xml::Text(text) => {
                if let Some(code) = &mut code {
                    code.text.push_str(&text);
                }
            }
            Xml::End("TextCode") => {
                if let (Some(code), Some(object)) = (code.take(), object) {
                    pieces(&code, object, &mut page.pieces);
                }
            }
            Xml::End("TextObject") => object = None,
            Xml::End(_) => {}
        }
        Ok(())
    })?;
    Ok(page)
}

fn place(element: &Element<'_>) -> Place {
    let numbers = |name: &str| -> Vec<f64> {
        let text = element.attribute(name).unwrap_or_default();
        text.split_whitespace().take(6).filter_map(finite).collect()
    };
    let boundary = numbers("Boundary");
    let matrix = <[f64; 6]>::try_from(numbers("CTM")).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let size = element.attribute("Size").and_then(|s| finite(&s)).filter(|s| *s > 0.0).unwrap_or(1.0);
    let at = |i: usize| boundary.get(i).copied().unwrap_or_default();
    Place { x: at(0), y: at(1), matrix, size }
}

fn finite(text: &str) -> Option<f64> {
    // Beyond this no paper reaches; sums stay finite.
    text.trim().parse::<f64>().ok().filter(|n| n.abs() < 1e7)
}

/// Distances from character to character: `5.6 g 10 5.6` repeats 5.6 ten times (table 46).
fn deltas(text: &str) -> Vec<f64> {
    /// As many as a row can have characters; the last one is repeated for further ones.
    const MAX: usize = 10_000;
    let mut found = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if found.len() >= MAX {
            break;
        }
        if word == "g" {
            let count = words.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
            let value = words.next().and_then(finite).unwrap_or(0.0);
            found.extend(std::iter::repeat_n(value, count.min(MAX - found.len())));
        } else {
            found.extend(finite(word));
        }
    }
    found
}

/// The characters of a code, one piece for each height.
fn pieces(code: &Code, object: Place, out: &mut Vec<Piece>) {
    let [a, b, c, d, e, f] = object.matrix;
    let scale = (b * b + a * a).sqrt().max(1e-6);
    let size = object.size * scale;
    let (mut x, mut y) = (code.x, code.y);
    let mut piece: Option<Piece> = None;
    for (at, character) in code.text.trim_matches(['\n', '\r']).chars().enumerate() {
        if at > 0 {
            let step = |deltas: &[f64]| deltas.get(at - 1).or(deltas.last()).copied();
            let dx = step(&code.dx);
            let dy = step(&code.dy);
            x += dx.unwrap_or_else(|| if dy.is_some() { 0.0 } else { object.size });
            y += dy.unwrap_or(0.0);
        }
        let left = object.x + a * x + c * y + e;
        let base = object.y + b * x + d * y + f;
        let right = left + size * width(character.encode_utf8(&mut [0; 4]));
        match &mut piece {
            Some(piece) if (piece.base - base).abs() < 0.3 * size && left >= piece.right - 0.9 * size => {
                let gap = left - piece.right;
                if gap > 0.6 * size && !character.is_whitespace() && !piece.text.ends_with(char::is_whitespace) {
                    piece.text.push(' ');
                }
                piece.text.push(character);
                piece.right = right.max(piece.right);
            }
            _ => out.extend(piece.replace(Piece { left, right, base, size, text: character.to_string() })),
        }
    }
    out.extend(piece);
}
