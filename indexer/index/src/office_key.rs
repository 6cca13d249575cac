//! What is left of an institution's name without its region, in one canonical form.
//!
//! 遵义市人民政府, 遵义市政府 and 遵义政府 share the division 520300 and the institution 政府; 中共苏州市委宣传部 is
//! 委宣传部 in
//! 320500. So a region and an institution typed together find the one record whatever forms were chosen for either.

use std::collections::HashMap;

/// Words before the region's name, and what they leave in the key.
const LEADS: &[(&str, &str)] = &[
    ("中国人民政治协商会议", "政协"),
    ("中国共产主义青年团", "共青团"),
    ("中华人民共和国", ""),
    ("国家税务总局", ""),
    ("中国共产党", ""),
    ("共青团", "共青团"),
    ("中共", ""),
    ("政协", "政协"),
];

/// Long forms and the short ones that both sides are brought to; applied in this order.
const SHORT_FORMS: &[(&str, &str)] = &[
    ("人民代表大会", "人大"),
    ("常务委员会", "常委会"),
    ("人民政府", "政府"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("和", ""),
    ("与", ""),
];

/// Institutions that every region has and no list of abbreviations needs.
const EVERYWHERE: [&str; 6] = ["政府", "人民政府", "法院", "人民法院", "检察院", "人民检察院"];

/// Maker of office keys.
#[derive(Debug, Clone, Default)]
pub struct OfficeKeys {
    /// Generic abbreviation → full, both as keys: 人社局 → 人力资源和社会保障局.
    abbreviations: HashMap<String, String>,
    /// What laws call an institution, by its key without the word for its kind of office, or by its key.
    in_law: HashMap<String, Vec<String>>,
}

impl OfficeKeys {
    pub fn new(abbreviations: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { abbreviations: abbreviations.into_iter().collect(), in_law: HashMap::new() }
    }

    /// Learns what laws call institutions, from their names without a division. Where one took another's place
    /// (农业农村局 that of 畜牧兽医局), laws speak of both, and of its own work first.
    pub fn with_law(mut self, in_law: &[(String, Vec<String>)]) -> Self {
        let (own, others): (Vec<_>, Vec<_>) =
            in_law.iter().partition(|(name, _)| !self.abbreviations.contains_key(name));
        for (name, terms) in own.into_iter().chain(others) {
            if let Some(key) = self.key("", name) {
                let key = self.root(&key).unwrap_or(&key).to_owned();
                let known = self.in_law.entry(key).or_default();
                let new: Vec<String> = terms.iter().filter(|term| !known.contains(term)).cloned().collect();
                known.extend(new);
            }
        }
        self
    }

    /// What laws call the institution of a key.
    pub fn in_law(&self, key: &str) -> &[String] {
        self.in_law.get(self.root(key).unwrap_or(key)).map_or(&[], Vec::as_slice)
    }

    /// The key of a text that is an institution's name and nothing else, without a region: 人社局, 医保,
    /// 人力资源和社会保障局.
    pub fn known(&self, text: &str) -> Option<String> {
        let named = EVERYWHERE.contains(&text)
            || self.abbreviations.contains_key(text)
            || self.abbreviations.values().any(|full| full == text);
        named.then(|| self.key("", text)).flatten()
    }

    /// Every name that [`Self::known`] knows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let listed = self.abbreviations.iter().flat_map(|(short, full)| [short.as_str(), full.as_str()]);
        listed.chain(EVERYWHERE)
    }

    /// Splits off a lead such as 中共: what it leaves, and the rest.
    pub fn split_lead<'a>(&self, name: &'a str) -> (&'static str, &'a str) {
        for (lead, leaves) in LEADS {
            if let Some(rest) = name.strip_prefix(lead)
                && !rest.is_empty()
            {
                return (leaves, rest);
            }
        }
        ("", name)
    }

    /// The key of what follows the region's name; `None` when nothing is left.
    pub fn key(&self, lead: &str, rest: &str) -> Option<String> {
        let full = self.abbreviations.get(rest).map_or(rest, String::as_str).replace(['…', '·'], "");
        let (inner_lead, full) = if lead.is_empty() { self.split_lead(&full) } else { (lead, full.as_str()) };
        let mut key = format!("{inner_lead}{full}");
        for (long, short) in SHORT_FORMS {
            let shorter = key.replace(long, short);
            // Never shorten a whole name away.
            if !shorter.is_empty() {
                key = shorter;
            }
        }
        (!key.is_empty()).then_some(key)
    }

    /// The key without the word for its kind of office (厅, 局, 委 …), which differs between levels of government:
    /// 省教育厅, 市教育局, 直辖市教委. `None` where nothing telling is left.
    pub fn root<'a>(&self, key: &'a str) -> Option<&'a str> {
        let root = key.strip_suffix(['厅', '局', '委', '办', '部', '处', '科'])?;
        // The nation's own institution says so: 国家医疗保障局, 中央机构编制委员会办公室.
        let root = ["国家", "中央"].iter().find_map(|lead| root.strip_prefix(lead)).unwrap_or(root);
        (root.chars().count() >= 2).then_some(root)
    }

    /// The key of a full name, given the names of its division and those above it, outermost first.
    pub fn key_of_name(&self, name: &str, path: &[(String, String)]) -> Option<String> {
        let (lead, mut rest) = self.split_lead(name);
        for (full, short) in path {
            rest = rest.strip_prefix(full.as_str()).or_else(|| rest.strip_prefix(short.as_str())).unwrap_or(rest);
        }
        self.key(lead, rest)
    }
}

/// What stands around the field of work in a name for those who answer for it.
const SYSTEM_LEADS: [&str; 6] = ["中华人民共和国", "国家", "中国", "中央", "各级", "全国"];
const SYSTEM_ENDS: [&str; 11] =
    ["行政部门", "部门", "机关", "管理机构", "机构", "总局", "总署", "委员会", "局", "部", "署"];

impl OfficeKeys {
    /// The keys of the fields of work that a name for those in charge tells: 税务 of 国家税务总局, 住房城乡建设 and
    /// 城市管理 of 住房城乡建设／城市管理部门, 政府 of 各级人民政府.
    pub fn systems(&self, name: &str) -> Vec<String> {
        let plain = name.split('（').next().unwrap_or_default();
        let field = |part: &str| {
            let part = SYSTEM_LEADS.iter().find_map(|lead| part.strip_prefix(lead)).unwrap_or(part);
            let part = SYSTEM_ENDS.iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
            (part.chars().count() >= 2).then(|| self.key("", part)).flatten()
        };
        plain.split(['／', '/', '、']).filter_map(field).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offices() -> OfficeKeys {
        OfficeKeys::new([
            ("人社局".to_owned(), "人力资源和社会保障局".to_owned()),
            ("政协".to_owned(), "中国人民政治协商会议…委员会".to_owned()),
        ])
    }

    fn path() -> Vec<(String, String)> {
        vec![("贵州省".into(), "贵州".into()), ("遵义市".into(), "遵义".into())]
    }

    #[test]
    fn forms_of_one_body_meet() {
        let b = offices();
        for (full, typed) in [
            ("遵义市人民政府", "政府"),
            ("遵义市人民政府", "人民政府"),
            ("贵州省遵义市人力资源和社会保障局", "人社局"),
            ("遵义市人力资源和社会保障局", "人力资源社会保障局"),
            ("遵义市市场监督管理局", "市场监督管理局"),
        ] {
            let (lead, rest) = b.split_lead(typed);
            let typed_key = b.key(lead, rest);
            assert_eq!(b.key_of_name(full, &path()), typed_key, "{full} / {typed}");
        }
        assert_eq!(b.key_of_name("中国人民政治协商会议遵义市委员会", &path()).as_deref(), Some("政协委"));
        assert_eq!(b.key("", "政协").as_deref(), Some("政协委"));
        assert_eq!(b.key_of_name("中共遵义市委宣传部", &path()).as_deref(), Some("委宣传部"));
        assert_eq!(b.key_of_name("国家税务总局遵义市税务局", &path()).as_deref(), Some("税务局"));
    }

    #[test]
    fn institutions_are_known_without_a_region() {
        let b = offices();
        assert_eq!(b.known("人社局"), b.known("人力资源和社会保障局"));
        assert_eq!(b.known("遵义"), None);
    }

    #[test]
    fn the_law_calls_offices_of_one_field_the_same() {
        let b = offices().with_law(&[
            ("教育局".to_owned(), vec!["教育行政部门".to_owned()]),
            ("人民法院".to_owned(), vec!["人民法院".to_owned()]),
        ]);
        for key in ["教育局", "教育厅", "教育委", "教育部"] {
            assert_eq!(b.in_law(key), ["教育行政部门"], "{key}");
        }
        assert_eq!(b.in_law("法院"), ["人民法院"]);
        assert!(b.in_law("气象局").is_empty());
        let merged = OfficeKeys::new([("牧业局".to_owned(), "农业局".to_owned())]);
        let merged = merged.with_law(&[
            ("牧业局".to_owned(), vec!["牧业主管部门".to_owned(), "农业部门".to_owned()]),
            ("农业局".to_owned(), vec!["农业部门".to_owned()]),
        ]);
        assert_eq!(merged.in_law("农业局"), ["农业部门", "牧业主管部门"]);
    }

    #[test]
    fn those_in_charge_tell_their_field() {
        let b = offices();
        for (name, want) in [
            ("国家税务总局", vec!["税务"]),
            ("医疗保障部门", vec!["医疗保障"]),
            ("公安机关", vec!["公安"]),
            ("各级人民政府", vec!["政府"]),
            ("海关总署", vec!["海关"]),
            ("住房城乡建设／城市管理部门", vec!["住房城乡建设", "城市管理"]),
            ("卫生健康部门（急救中心）", vec!["卫生健康"]),
            ("中华人民共和国公安部", vec!["公安"]),
            ("", vec![]),
        ] {
            assert_eq!(b.systems(name), want, "{name}");
        }
    }

    #[test]
    fn roots_drop_the_kind_of_office() {
        let b = offices();
        assert_eq!(b.root("教育厅"), Some("教育"));
        assert_eq!(b.root("国家医疗保障局"), Some("医疗保障"));
        assert_eq!(b.root("政府"), None);
        assert_eq!(b.root("委"), None);
    }
}
