//! Styles (ECMA-376 part 1, 17.7): what a paragraph or a run has without saying it itself.

use std::collections::HashMap;

use super::{
    super::{
        DocumentError, unseen,
        xml::{Element, Part, Xml, walk},
    },
    FORMAT,
};

/// Styles based on styles: Word itself allows about ten.
const MAX_BASED_ON: usize = 16;

/// How text looks, as far as a run, a paragraph or a style says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// 17.3.2.41.
    pub hidden: Option<bool>,
    /// As white as paper (17.3.2.6).
    white: Option<bool>,
    /// Too small to be read (17.3.2.38).
    tiny: Option<bool>,
    /// On a shading or a highlight that is not white (17.3.2.15, 17.3.2.32).
    ground: Option<bool>,
}

impl Look {
    /// Takes a property of a run.
    pub fn take(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val");
        match element.name {
            "vanish" => self.hidden = Some(is_on(value().as_deref())),
            "color" => self.white = Some(value().is_some_and(|colour| unseen::is_white_in_hex(&colour))),
            // In half points.
            "sz" => {
                self.tiny = value().and_then(|size| size.parse::<f64>().ok()).map(|size| size <= 2.0 * unseen::TINY)
            }
            "shd" => self.ground = Some(self.ground == Some(true) || is_shading(element)),
            "highlight" => self.ground = Some(!matches!(value().as_deref(), None | Some("none" | "white"))),
            _ => {}
        }
    }

    /// What is not said here, as it is said there.
    pub fn or(self, base: Self) -> Self {
        Self {
            hidden: self.hidden.or(base.hidden),
            white: self.white.or(base.white),
            tiny: self.tiny.or(base.tiny),
            ground: self.ground.or(base.ground),
        }
    }

    /// Whether nobody sees it, on paper or on something else.
    pub fn is_unseen(self, on_ground: bool) -> bool {
        let is = |said: Option<bool>| said == Some(true);
        is(self.hidden) || is(self.tiny) || (is(self.white) && !on_ground && !is(self.ground))
    }
}

/// Whether a shading has a colour other than white.
pub fn is_shading(element: &Element<'_>) -> bool {
    let colour = |name: &str| element.attribute(name).filter(|c| c != "auto" && !unseen::is_white_in_hex(c));
    let pattern = element.attribute("val").is_some_and(|v| !matches!(v.as_str(), "clear" | "nil"));
    colour("fill").is_some() || element.attribute("themeFill").is_some() || pattern
}

/// What a style gives, with what it is based on.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// 0 for the title, 1 for outermost headings.
    pub heading: Option<u8>,
    pub look: Look,
    /// Whether any part of it is shaded; a table's rows and cells may be.
    pub shaded: bool,
    /// Instance of a list; `0` takes numbers away.
    pub list: Option<String>,
    /// Level in the list, from 0.
    pub level: Option<usize>,
    based_on: Option<String>,
}

#[derive(Debug, Default)]
pub struct Styles {
    by_id: HashMap<String, Style>,
    /// Id of the style of paragraphs that name none.
    paragraph: Option<String>,
    /// What holds where no style says anything (17.7.5).
    look: Look,
}

impl Styles {
    /// Reads `word/styles.xml`.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        let mut styles = Self::default();
        let mut own: HashMap<String, Style> = HashMap::new();
        let mut id: Option<String> = None;
        // Formats of parts of tables lie within the style and are not the style's own.
        let mut parts = 0usize;
        walk(bytes, Part::new(FORMAT, "word/styles.xml"), |event| {
            match event {
                Xml::Start(element) if element.name == "style" => {
                    id = element.attribute("styleId");
                    if let Some(id) = &id {
                        own.insert(id.clone(), Style::default());
                        let default = element.attribute("default").is_some_and(|v| is_on(Some(&v)));
                        if default && element.attribute("type").is_some_and(|t| t == "paragraph") {
                            styles.paragraph = Some(id.clone());
                        }
                    }
                }
                Xml::End("style") => id = None,
                Xml::Start(Element { name: "tblStylePr", .. }) => parts += 1,
                Xml::End("tblStylePr") => parts = parts.saturating_sub(1),
                Xml::Start(element) => match id.as_ref().and_then(|id| own.get_mut(id)) {
                    Some(style) => {
                        style.shaded |= element.name == "shd" && is_shading(&element);
                        if parts == 0 {
                            style.take(&element);
                        }
                    }
                    None => styles.look.take(&element),
                },
                _ => {}
            }
            Ok(())
        })?;
        styles.by_id = own.keys().map(|id| (id.clone(), resolved(&own, id))).collect();
        Ok(styles)
    }

    pub fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }

    /// Id of the style of paragraphs that name none.
    pub fn default_paragraph(&self) -> Option<&str> {
        self.paragraph.as_deref()
    }

    /// How text looks where neither run nor style says so.
    pub fn look(&self) -> Look {
        self.look
    }
}

/// A style with what those that it is based on give and it does not.
fn resolved(own: &HashMap<String, Style>, id: &str) -> Style {
    let mut style = own.get(id).cloned().unwrap_or_default();
    for _ in 0..MAX_BASED_ON {
        let Some(base) = style.based_on.take().and_then(|id| own.get(&id)) else { break };
        style.heading = style.heading.or(base.heading);
        style.look = style.look.or(base.look);
        style.shaded |= base.shaded;
        if style.list.is_none() {
            (style.list, style.level) = (base.list.clone(), style.level.or(base.level));
        }
        style.based_on.clone_from(&base.based_on);
    }
    style
}

impl Style {
    fn take(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val");
        match element.name {
            "name" => self.heading = value().and_then(|n| level_of_name(&n)).or(self.heading),
            "basedOn" => self.based_on = value(),
            "outlineLvl" => self.heading = self.heading.or_else(|| outline_level(element)),
            "numId" => self.list = value(),
            "ilvl" => self.level = value().and_then(|v| v.parse().ok()),
            _ => self.look.take(element),
        }
    }
}

/// The value of a property that is there or not (17.17.4).
pub fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
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
pub fn outline_level(element: &Element<'_>) -> Option<u8> {
    element.attribute("val")?.parse::<u8>().ok().filter(|n| *n < 9).map(|n| n + 1)
}
