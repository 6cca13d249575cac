//! 版式文件 OFD (GB/T 33190-2016): pages of objects with places.
//!
//! `OFD.xml` names the document, the document its pages, templates and resources, a page its objects ([`objects`]). Rows
//! are made of characters at one height, paragraphs of rows.

mod objects;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::objects::{Budget, Objects, Set};
use super::{
    Document, DocumentError, Format, Lines, TooLarge,
    package::{Package, folder, resolve},
    page::{Piece, paragraphs},
    unseen::hidden_text,
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
    let main = package.need(&root)?;
    let outline = outline(&main, &root)?;
    if outline.pages.len() > MAX_PAGES {
        return Err(DocumentError::TooLarge(TooLarge::Pages(MAX_PAGES)));
    }
    let mut shared: Option<Objects> = None;
    let mut templates: HashMap<String, Set> = HashMap::new();
    let mut pages: Vec<Set> = Vec::with_capacity(outline.pages.len());
    let mut budget = Budget::default();
    for path in &outline.pages {
        let page = Objects::read(&package.need(path)?, path)?;
        let mut set = set(&mut package, (path, &page), (&root, &main), &mut shared, &mut budget)?;
        for id in &page.templates {
            if !templates.contains_key(id) {
                let template = match outline.templates.get(id) {
                    Some(path) => {
                        let template = Objects::read(&package.need(path)?, path)?;
                        self::set(&mut package, (path, &template), (&root, &main), &mut shared, &mut budget)?
                    }
                    None => Set::default(),
                };
                templates.insert(id.clone(), template);
            }
            // A template repeats on every page: what is kept is bounded, not only what is unpacked.
            let template = &templates[id];
            for piece in template.pieces() {
                budget.take(piece.text.len())?;
            }
            set.add(template);
        }
        set.settle();
        pages.push(set);
    }
    let mut lines = Lines::default();
    document.pages = u32::try_from(pages.len()).ok();
    paragraphs(seen(pages, &mut document), &mut lines)?;
    document.lines = lines.lines;
    Ok(document.finish())
}

/// What is to be seen on each page. Where nothing is, the text behind the picture of a scanned page is all there is.
fn seen(pages: Vec<Set>, document: &mut Document) -> Vec<Vec<Piece>> {
    let is_blank = |piece: &Piece| piece.text.trim().is_empty();
    let hidden: Vec<&Piece> = pages.iter().flat_map(|page| &page.hidden).filter(|piece| !is_blank(piece)).collect();
    if hidden.is_empty() {
        return pages.into_iter().map(|page| page.seen).collect();
    }
    if pages.iter().flat_map(|page| &page.seen).all(is_blank) {
        document.warn("文件里只有看不见的文字，像是扫描件的识别结果：已读取，请对照页面逐字核对");
        return pages.into_iter().map(|page| page.hidden).collect();
    }
    let count = hidden.iter().map(|piece| piece.text.chars().count()).sum();
    document.warn(hidden_text(&hidden[0].text, count));
    pages.into_iter().map(|page| page.seen).collect()
}

/// Sets a page's objects; resources are read when the first composite object asks for them.
fn set(
    package: &mut Package<'_>,
    (path, page): (&str, &Objects),
    (root, main): (&str, &[u8]),
    shared: &mut Option<Objects>,
    budget: &mut Budget,
) -> Result<Set, DocumentError> {
    if !page.has_units() {
        return page.set(&[], budget);
    }
    if shared.is_none() {
        let mut all = Objects::default();
        for name in ["PublicRes", "DocumentRes"] {
            for resource in texts(main, root, name)? {
                take_units(package, &resolve(folder(root), &resource), &mut all)?;
            }
        }
        *shared = Some(all);
    }
    let mut own = Objects::default();
    for resource in &page.resources {
        // Written from the page's folder or, by some programs, from the document's.
        let paths = [resolve(folder(path), resource), resolve(folder(root), resource)];
        if let Some(path) = paths.iter().find(|path| package.has(path)) {
            take_units(package, path, &mut own)?;
        }
    }
    let others: Vec<&Objects> = std::iter::once(&own).chain(shared.as_ref()).collect();
    page.set(&others, budget)
}

fn take_units(package: &mut Package<'_>, path: &str, into: &mut Objects) -> Result<(), DocumentError> {
    if let Some(bytes) = package.get(path)? {
        into.take_units(Objects::read(&bytes, path)?);
    }
    Ok(())
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
