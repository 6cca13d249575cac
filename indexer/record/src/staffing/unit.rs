//! Inner units 内设机构: （一）办公室【正科级，加挂机要室牌子，主任1名】：负责….

use serde::{Deserialize, Serialize};

use super::{Headcount, Item, Part, headcount::counted, mark};

/// A unit within an institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// As written: （一）; empty where it has none.
    pub number: String,
    pub name: String,
    /// 正科级, where the document says it of this unit.
    #[serde(default)]
    pub rank: String,
    /// Further names that it goes by 加挂牌子.
    #[serde(default)]
    pub plates: Vec<String>,
    /// What it does.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub posts: Vec<Part>,
}

/// Whether a name is that of a unit which every institution may have and which stands behind the numbered ones without a
/// number, so that it counts among the stated ones or does not: 机关党委.
pub fn stands_behind(name: &str) -> bool {
    const BEGINS: [&str; 9] =
        ["机关党", "机关纪", "机关工会", "机关团", "党委", "离退休", "老干部", "纪检", "人民武装"];
    let name = name.strip_prefix("直属").unwrap_or(name);
    BEGINS.iter().any(|begins| name.starts_with(begins))
}

impl Unit {
    pub fn n(&self) -> Option<u32> {
        mark(&self.number).map(|mark| mark.n)
    }
}

impl Item for Unit {
    fn written(&self) -> String {
        let plates = self.plates.iter().map(|plate| format!("加挂{plate}牌子"));
        let posts = self.posts.iter().map(|part| Headcount::new(&part.name, part.n).written());
        let rank = Some(self.rank.clone()).filter(|rank| !rank.is_empty());
        let notes: Vec<String> = rank.into_iter().chain(plates).chain(posts).collect();
        let notes = if notes.is_empty() { String::new() } else { format!("【{}】", notes.join("，")) };
        let text = if self.text.is_empty() { String::new() } else { format!("：{}", self.text) };
        format!("{}{}{notes}{text}", self.number, self.name)
    }

    fn read(line: &str) -> Result<Self, String> {
        let len = mark(line).map_or(0, |mark| mark.len);
        let (number, rest) = line.split_at(len);
        let end = rest.find(['【', '：']).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let name = name.trim().trim_end_matches('。');
        if name.is_empty() {
            return Err("没有机构名称：应写作“（一）办公室【正科级】：负责……”".to_owned());
        }
        let mut unit = Self { number: number.trim().to_owned(), name: name.to_owned(), ..Self::default() };
        let (notes, rest) = rest.strip_prefix('【').and_then(|rest| rest.split_once('】')).unwrap_or(("", rest));
        for note in notes.split('，').map(str::trim).filter(|note| !note.is_empty()) {
            let plate = note.strip_prefix("加挂").and_then(|plate| plate.strip_suffix("牌子"));
            match (plate, counted(note)) {
                (Some(plate), _) => unit.plates.push(plate.to_owned()),
                (None, Some(part)) => unit.posts.push(part),
                (None, None) if unit.rank.is_empty() => unit.rank = note.to_owned(),
                (None, None) => return Err(format!("方括号中的“{note}”不是规格、牌子或职数")),
            }
        }
        unit.text = rest.trim_start().trim_start_matches('：').trim().to_owned();
        Ok(unit)
    }
}
