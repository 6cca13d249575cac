//! XML of an upload, as a flat stream of events within limits.
//!
//! A document type declaration is refused: none of the formats has one, and all attacks by entities need one. Of
//! entities only XML's own five and numbers are known.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{DocumentError, TooLarge, charset, package::short};

/// Elements within elements. Word's deepest tables in tables in text boxes stay below 60.
pub const MAX_DEPTH: usize = 256;

/// What happens in an XML text. Names are local: `w:p` is `p`.
pub enum Xml<'x> {
    Start(Element<'x>),
    End(&'x str),
    Text(Cow<'x, str>),
}

/// An opening tag.
pub struct Element<'x> {
    pub name: &'x str,
    tag: &'x BytesStart<'x>,
}

impl Element<'_> {
    /// An attribute by its local name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.tag.attributes();
        // Attributes named twice are looked for in time that grows with their square; the first one counts here.
        let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
        let raw = &*found.value;
        Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), Cow::into_owned))
    }
}

/// Where an XML text stands in a file, for messages.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub format: &'static str,
    pub name: &'a str,
    /// Whether a document type declaration is let pass: only for what our own helper programs print.
    pub declared: bool,
}

impl<'a> Part<'a> {
    pub fn new(format: &'static str, name: &'a str) -> Self {
        Self { format, name, declared: false }
    }

    pub fn broken(&self, what: impl std::fmt::Display) -> DocumentError {
        DocumentError::Broken { format: self.format, what: format!("“{}”{what}", short(self.name)) }
    }
}

/// Walks through an XML text. A self-closing element is opened and closed.
pub fn walk(
    bytes: &[u8],
    part: Part<'_>,
    mut each: impl FnMut(Xml<'_>) -> Result<(), DocumentError>,
) -> Result<(), DocumentError> {
    let decoded = charset::decode(bytes).map_err(|_| part.broken("不是 UTF-8 或 UTF-16 编码的 XML"))?;
    let mut reader = Reader::from_str(&decoded.text);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    let mut elements = 0usize;
    loop {
        let event = reader.read_event().map_err(|error| {
            part.broken(format_args!("第 {} 字节处不是合格的 XML（{error}）", reader.error_position()))
        })?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                elements += 1;
                if depth > MAX_DEPTH {
                    return Err(DocumentError::TooLarge(TooLarge::Depth(short(part.name))));
                }
                each(Xml::Start(Element { name: tag.local_name().as_ref(), tag: &tag }))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                each(Xml::End(tag.local_name().as_ref()))?;
            }
            Event::Text(text) => each(Xml::Text(Cow::Borrowed(&text)))?,
            Event::CData(text) => each(Xml::Text(Cow::Borrowed(&text)))?,
            Event::GeneralRef(reference) => {
                let number = reference.resolve_char_ref().ok().flatten();
                let c = number.or_else(|| match &*reference {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "apos" => Some('\''),
                    "quot" => Some('"'),
                    _ => None,
                });
                match c {
                    Some(c) => each(Xml::Text(Cow::Owned(c.to_string())))?,
                    None if part.declared => {}
                    None => {
                        let name = short(&reference);
                        let what = format!("“{}”里有未定义的实体 &{name};", short(part.name));
                        return Err(DocumentError::Forbidden { format: part.format, what });
                    }
                }
            }
            Event::DocType(_) if !part.declared => {
                let what = format!("“{}”里有文档类型声明（DOCTYPE）", short(part.name));
                return Err(DocumentError::Forbidden { format: part.format, what });
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if elements == 0 {
        return Err(part.broken("里没有任何 XML 元素"));
    }
    if depth > 0 {
        return Err(part.broken("不完整，有元素没有结束"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, DocumentError> {
        let mut out = String::new();
        walk(xml.as_bytes(), Part::new("docx", "a.xml"), |event| {
            if let Xml::Text(text) = event {
                out.push_str(&text);
            }
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn entities_of_xml_itself_are_known() {
        assert_eq!(text("<a>甲&lt;&#x4E59;&amp;<![CDATA[<丙>]]></a>").unwrap(), "甲<乙&<丙>");
    }

    #[test]
    fn declarations_unknown_entities_and_broken_xml_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>";
        assert!(matches!(text(bomb), Err(DocumentError::Forbidden { .. })));
        assert!(matches!(text("<a>&b;</a>"), Err(DocumentError::Forbidden { .. })));
        for broken in ["", "甲", "<a>", "<a><b></a>", "<a", "<a></a"] {
            assert!(matches!(text(broken), Err(DocumentError::Broken { .. })), "{broken}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "<a>".repeat(MAX_DEPTH + 1) + &"</a>".repeat(MAX_DEPTH + 1);
        assert!(matches!(text(&deep), Err(DocumentError::TooLarge(TooLarge::Depth(_)))));
    }
}
