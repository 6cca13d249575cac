//! The graphic objects of a page (GB/T 33190-2016, 8.5, 11 and 13): text with the place of every character, and units of
//! objects that are defined once and set wherever a composite object names them.

use std::collections::HashMap;

use super::{
    super::{
        DocumentError, MAX_TEXT, TooLarge,
        page::{Piece, width},
        unseen,
        xml::{Element, Part, Xml, walk},
    },
    FORMAT,
};

/// Units within units; programs that write OFD set one within another at most.
const MAX_NESTED: usize = 8;
/// Objects set on all pages together: units within units could otherwise be set without end. A page has some hundreds.
pub const MAX_OBJECTS: usize = 2_000_000;

/// Pictures and coloured shapes of a page that are kept; on pages with more, all white text counts as seen.
const MAX_GROUNDS: usize = 256;
/// Millimetres of a point.
const POINT: f64 = 25.4 / 72.0;

/// Where something lies: from its own measures to those of what it lies in, as `a b c d e f` (8.5, CTM, with the
/// boundary's corner added).
type Matrix = [f64; 6];
const IN_PLACE: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

#[derive(Debug, Clone)]
struct Code {
    x: f64,
    y: f64,
    dx: Vec<f64>,
    dy: Vec<f64>,
    text: String,
}

#[derive(Debug, Clone)]
enum Content {
    Text {
        size: f64,
        codes: Vec<Code>,
    },
    /// A unit by its id.
    Unit(String),
    /// A picture or a filled shape of this width and height, which white text may stand on.
    Ground(f64, f64),
}

#[derive(Debug, Clone)]
struct Object {
    matrix: Matrix,
    hidden: bool,
    white: bool,
    content: Content,
}

/// What a file of a page, a template or resources holds.
#[derive(Debug, Default)]
pub struct Objects {
    own: Vec<Object>,
    units: HashMap<String, Vec<Object>>,
    /// Ids of the templates that a page lies on.
    pub templates: Vec<String>,
    /// Files of resources that a page names.
    pub resources: Vec<String>,
}

/// What is set on a page, what can be seen and what cannot.
#[derive(Debug, Default, Clone)]
pub struct Set {
    pub seen: Vec<Piece>,
    pub hidden: Vec<Piece>,
    /// White text, seen where something lies behind it.
    white: Vec<Piece>,
    grounds: Vec<Ground>,
}

/// Left, right, upper and lower edge of what text may stand on.
#[derive(Debug, Clone, Copy)]
struct Ground([f64; 4]);

impl Ground {
    fn holds(&self, piece: &Piece) -> bool {
        let Self([left, right, top, bottom]) = *self;
        let (x, y) = (f64::midpoint(piece.left, piece.right), piece.base - 0.3 * piece.size);
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    }
}

impl Set {
    /// All pieces, whether seen or not.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.seen.iter().chain(&self.hidden).chain(&self.white)
    }

    /// Adds what lies on the same page.
    pub fn add(&mut self, other: &Self) {
        self.seen.extend_from_slice(&other.seen);
        self.hidden.extend_from_slice(&other.hidden);
        self.white.extend_from_slice(&other.white);
        self.grounds.extend_from_slice(&other.grounds);
    }

    /// White text is seen on what lies behind it and hidden on paper.
    pub fn settle(&mut self) {
        let many = self.grounds.len() > MAX_GROUNDS;
        for piece in self.white.drain(..) {
            let seen = many || self.grounds.iter().any(|ground| ground.holds(&piece));
            if seen { &mut self.seen } else { &mut self.hidden }.push(piece);
        }
    }
}

/// How much may still be set.
pub struct Budget {
    pub objects: usize,
    pub characters: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { objects: MAX_OBJECTS, characters: MAX_TEXT }
    }
}

impl Budget {
    /// Takes room for an object and its characters.
    pub fn take(&mut self, characters: usize) -> Result<(), DocumentError> {
        let objects = self.objects.checked_sub(1);
        let characters = self.characters.checked_sub(characters);
        let (Some(objects), Some(characters)) = (objects, characters) else {
            return Err(DocumentError::TooLarge(TooLarge::Text));
        };
        (self.objects, self.characters) = (objects, characters);
        Ok(())
    }
}

impl Objects {
    pub fn has_units(&self) -> bool {
        self.own.iter().chain(self.units.values().flatten()).any(|o| matches!(o.content, Content::Unit(_)))
    }

    /// Adds the units of a file of resources; of two with one id the first counts.
    pub fn take_units(&mut self, resources: Self) {
        for (id, unit) in resources.units {
            self.units.entry(id).or_insert(unit);
        }
    }

    pub fn read(bytes: &[u8], path: &str) -> Result<Self, DocumentError> {
        let mut reader = Reader::default();
        walk(bytes, Part::new(FORMAT, path), |event| {
            reader.event(event);
            Ok(())
        })?;
        Ok(reader.objects)
    }

    /// The pieces of text, each at its place. `others` have the units that the page's own file does not.
    pub fn set(&self, others: &[&Self], budget: &mut Budget) -> Result<Set, DocumentError> {
        let mut set = Set::default();
        self.place(&self.own, others, (IN_PLACE, false), 0, &mut set, budget)?;
        Ok(set)
    }

    fn place(
        &self,
        objects: &[Object],
        others: &[&Self],
        (outer, hidden): (Matrix, bool),
        depth: usize,
        set: &mut Set,
        budget: &mut Budget,
    ) -> Result<(), DocumentError> {
        for object in objects {
            let matrix = within(outer, object.matrix);
            let hidden = hidden || object.hidden;
            match &object.content {
                Content::Text { size, codes } => {
                    budget.take(codes.iter().map(|code| code.text.len()).sum())?;
                    let tiny = size * scale(matrix) <= unseen::TINY * POINT;
                    let out = match () {
                        () if hidden || tiny => &mut set.hidden,
                        () if object.white => &mut set.white,
                        () => &mut set.seen,
                    };
                    codes.iter().for_each(|code| pieces(code, matrix, *size, out));
                }
                Content::Ground(width, height) => {
                    budget.take(0)?;
                    if !hidden && set.grounds.len() <= MAX_GROUNDS {
                        set.grounds.push(ground(matrix, *width, *height));
                    }
                }
                Content::Unit(id) => {
                    budget.take(0)?;
                    let unit = self.units.get(id).or_else(|| others.iter().find_map(|other| other.units.get(id)));
                    if let Some(unit) = unit.filter(|_| depth < MAX_NESTED) {
                        self.place(unit, others, (matrix, hidden), depth + 1, set, budget)?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Reader {
    objects: Objects,
    /// The unit that is being defined.
    unit: Option<String>,
    object: Option<Object>,
    code: Option<Code>,
    in_resource: bool,
    /// A code without a place goes on where the last one stood (11.3).
    last: (f64, f64),
    /// Open layers and blocks, each with whether it is hidden.
    blocks: Vec<bool>,
    stroked: bool,
}

impl Reader {
    fn event(&mut self, event: Xml<'_>) {
        match event {
            Xml::Start(element) => self.start(&element),
            Xml::Text(text) => {
                if let Some(code) = &mut self.code {
                    code.text.push_str(&text);
                } else if let (true, Some(path)) = (self.in_resource, self.objects.resources.last_mut()) {
                    path.push_str(text.trim());
                }
            }
            Xml::End("TextCode") => {
                if let (Some(code), Some(Object { content: Content::Text { codes, .. }, .. })) =
                    (self.code.take(), &mut self.object)
                {
                    codes.push(code);
                }
            }
            Xml::End("TextObject" | "CompositeObject" | "PathObject" | "ImageObject") => {
                // A shape without colour or as white as paper is no ground.
                let is_ground = |object: &Object| !(object.white && matches!(object.content, Content::Ground(..)));
                if let Some(object) = self.object.take().filter(is_ground) {
                    match &self.unit {
                        Some(unit) => self.objects.units.entry(unit.clone()).or_default().push(object),
                        None => self.objects.own.push(object),
                    }
                }
            }
            Xml::End("Layer" | "PageBlock") => drop(self.blocks.pop()),
            Xml::End("CompositeGraphicUnit") => self.unit = None,
            Xml::End("PageRes") => self.in_resource = false,
            Xml::End(_) => {}
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name {
            "Template" => self.objects.templates.extend(element.attribute("TemplateID")),
            "PageRes" => {
                self.in_resource = true;
                self.objects.resources.push(String::new());
            }
            "CompositeGraphicUnit" => self.unit = element.attribute("ID"),
            "Layer" | "PageBlock" => self.blocks.push(is_hidden(element)),
            "TextObject" => {
                let size = element.attribute("Size").and_then(|s| finite(&s)).filter(|s| *s > 0.0).unwrap_or(1.0);
                let says = |name: &str, word: &str| element.attribute(name).is_some_and(|v| v.trim() == word);
                self.stroked = says("Stroke", "true");
                // Neither filled nor drawn around (11.2): the text behind a scanned page.
                let unpainted = says("Fill", "false") && !self.stroked;
                self.open(element, Content::Text { size, codes: Vec::new() }, unpainted);
                self.last = (0.0, 0.0);
            }
            "CompositeObject" => {
                if let Some(id) = element.attribute("ResourceID") {
                    self.open(element, Content::Unit(id), false);
                }
            }
            "FillColor" if !self.stroked => {
                if let Some(object) = &mut self.object {
                    object.hidden |= is_transparent(element);
                    object.white = element.attribute("Value").is_some_and(|value| is_white(&value));
                }
            }
            "PathObject" => {
                self.stroked = false;
                if element.attribute("Fill").is_some_and(|v| v.trim() == "true") {
                    self.open_ground(element);
                }
            }
            "ImageObject" => {
                self.stroked = false;
                self.open_ground(element);
            }
            "TextCode" => {
                let number = |name| element.attribute(name).and_then(|n| finite(&n));
                let count = |name| element.attribute(name).map(|d| deltas(&d)).unwrap_or_default();
                self.last = (number("X").unwrap_or(self.last.0), number("Y").unwrap_or(self.last.1));
                let (dx, dy) = (count("DeltaX"), count("DeltaY"));
                self.code = Some(Code { x: self.last.0, y: self.last.1, dx, dy, text: String::new() });
            }
            _ => {}
        }
    }

    fn open(&mut self, element: &Element<'_>, content: Content, unpainted: bool) {
        let hidden = unpainted || is_hidden(element) || self.blocks.contains(&true);
        self.object = Some(Object { matrix: matrix(element), hidden, white: false, content });
    }

    /// A picture or a shape: its boundary is where it lies, whatever its own measures.
    fn open_ground(&mut self, element: &Element<'_>) {
        let boundary = numbers(element, "Boundary");
        let at = |i: usize| boundary.get(i).copied().unwrap_or_default();
        self.open(element, Content::Ground(at(2), at(3)), false);
        if let Some(object) = &mut self.object {
            object.matrix = [1.0, 0.0, 0.0, 1.0, at(0), at(1)];
        }
    }
}

/// Whether a colour is as white as paper: of one value grey, of three red, green and blue, of four inks (8.3.1).
fn is_white(value: &str) -> bool {
    let parts: Vec<f64> = value.split_whitespace().take(5).filter_map(finite).collect();
    let part = |n: f64| n.clamp(0.0, 255.0) as u8;
    match parts[..] {
        [grey] => unseen::is_white(part(grey), part(grey), part(grey)),
        [red, green, blue] => unseen::is_white(part(red), part(green), part(blue)),
        [_, _, _, _] => parts.iter().all(|ink| *ink <= 7.0),
        _ => false,
    }
}

/// Where a ground lies on the page.
fn ground([a, b, c, d, e, f]: Matrix, width: f64, height: f64) -> Ground {
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
    let mut edges = [f64::MAX, f64::MIN, f64::MAX, f64::MIN];
    for (x, y) in corners {
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        edges = [edges[0].min(x), edges[1].max(x), edges[2].min(y), edges[3].max(y)];
    }
    Ground(edges)
}

/// How many times larger what lies there is than its own measures say.
fn scale([a, b, ..]: Matrix) -> f64 {
    (b * b + a * a).sqrt().max(1e-6)
}

/// Not to be seen, by its own attributes (8.5: Visible and Alpha).
fn is_hidden(element: &Element<'_>) -> bool {
    let visible = element.attribute("Visible");
    visible.is_some_and(|v| matches!(v.trim(), "false" | "0")) || is_transparent(element)
}

fn is_transparent(element: &Element<'_>) -> bool {
    element.attribute("Alpha").is_some_and(|alpha| alpha.trim() == "0")
}

fn matrix(element: &Element<'_>) -> Matrix {
    let boundary = numbers(element, "Boundary");
    let [a, b, c, d, e, f] = <[f64; 6]>::try_from(numbers(element, "CTM")).unwrap_or(IN_PLACE);
    let at = |i: usize| boundary.get(i).copied().unwrap_or_default();
    [a, b, c, d, e + at(0), f + at(1)]
}

fn numbers(element: &Element<'_>, name: &str) -> Vec<f64> {
    let text = element.attribute(name).unwrap_or_default();
    text.split_whitespace().take(6).filter_map(finite).collect()
}

/// What lies in something that itself lies somewhere.
fn within([a, b, c, d, e, f]: Matrix, inner: Matrix) -> Matrix {
    let [ia, ib, ic, id, ie, jf] = inner;
    [a * ia + c * ib, b * ia + d * ib, a * ic + c * id, b * ic + d * id, a * ie + c * jf + e, b * ie + d * jf + f]
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
fn pieces(code: &Code, matrix: Matrix, own_size: f64, out: &mut Vec<Piece>) {
    let [a, b, c, d, e, f] = matrix;
    let size = own_size * scale(matrix);
    let (mut x, mut y) = (code.x, code.y);
    let mut piece: Option<Piece> = None;
    for (at, character) in code.text.trim_matches(['\n', '\r']).chars().enumerate() {
        if at > 0 {
            let step = |deltas: &[f64]| deltas.get(at - 1).or(deltas.last()).copied();
            let dx = step(&code.dx);
            let dy = step(&code.dy);
            x += dx.unwrap_or_else(|| if dy.is_some() { 0.0 } else { own_size });
            y += dy.unwrap_or(0.0);
        }
        let left = a * x + c * y + e;
        let base = b * x + d * y + f;
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
