//! Several names of one site: one Chinese and one English, or one of them is the main one.

use text::web_name::Host;

use crate::registration::{Finding, MAIN_NAME, Severity};

/// What speaks against the names that one site has at once, with the one that is called the main one.
pub fn parallel(names: &[Host], main: Option<&str>) -> Option<Finding> {
    let chinese = names.iter().filter(|name| name.is_international()).count();
    let latin = names.len() - chinese;
    let main = main.map(str::trim).filter(|main| !main.is_empty());
    match main {
        Some(main) if names.iter().any(|name| name.unicode == main || name.ascii == main) => None,
        Some(main) => {
            let shown: String = main.chars().take(60).collect();
            Some(Finding::new(MAIN_NAME, Severity::Blocks, format!("主域名“{shown}”不在所列的名称之中")))
        }
        None if chinese <= 1 && latin <= 1 => None,
        None => Some(Finding::new(
            MAIN_NAME,
            Severity::Blocks,
            format!("有 {chinese} 个中文名称、{latin} 个英文名称，还没有指定主域名"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n4_more_than_one_of_a_sort_has_a_main_name() {
        let hosts = |names: &[&str]| names.iter().map(|name| Host::parse(name).unwrap()).collect::<Vec<_>>();
        let two = hosts(&["甲市教育局.政务", "甲市教育.政务"]);
        assert_eq!(parallel(&two, Some("甲市教育局.政务")), None);
        let three = hosts(&["甲市教育局.政务", "甲市教育.政务", "jyj.jia.gov.cn"]);
        assert_eq!(parallel(&three, None).unwrap().rule, MAIN_NAME);
        assert_eq!(parallel(&hosts(&["甲市教育局.政务", "jyj.jia.gov.cn"]), None), None, "one of each");
        assert!(parallel(&two, Some("乙市.政务")).unwrap().detail.contains("乙市.政务"));
        assert!(parallel(&two, Some(" ")).is_some());
    }
}
