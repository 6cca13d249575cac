//! The title.

use super::{Field, ending::ending, layout::Layout, number, rows::joined};

pub fn title(layout: &Layout<'_>) -> Field<String> {
    let lines = &layout.lines[layout.title.clone()];
    if lines.is_empty() {
        return Field::none("正文之前没有找到以“通知”“办法”“条例”等结尾的标题");
    }
    let name = without_number(joined(lines));
    let reason = if lines[0].margin {
        format!("页眉页脚中以“{}”结尾的一行；正文之前没有标题", ending(&name))
    } else if lines[0].heading.is_some_and(|level| level <= 1) {
        "文件中标为标题的段落".to_owned()
    } else {
        format!("位于正文之前，以“{}”结尾", ending(&name))
    };
    Field::found(name, lines.iter().map(|l| l.span().into()).collect(), reason)
}

/// A document number in brackets behind a title is none of it.
fn without_number(name: String) -> String {
    let at = name.rfind(['（', '(']).filter(|at| *at > 0 && name.ends_with(['）', ')']));
    match at.filter(|at| number::is_number_line(&name[*at..])) {
        Some(at) => name[..at].to_owned(),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Document;

    fn found(text: &str) -> Option<String> {
        let document = Document::from(text);
        let text = document.text();
        title(&Layout::of(&document, &text)).value
    }

    #[test]
    fn lines_above_a_title_are_none_of_it() {
        let title = "甲市共享单车管理办法";
        for above in [
            "甲市人民政府公报",
            "甲市人民政府公报 2024年第4期",
            "2024年第4期（总第88期）",
            "·市政府规章·",
            "【政府文件】",
            "政策文件库",
            "规章库",
            "政府信息公开",
            "通知公告",
            "甲市人民政府门户网站",
            "首页 > 政务公开 > 政策",
            "附件",
            "附件2：",
            "甲市人民政府",
            "甲府办发〔2024〕7号",
            "甲府办发〔二〇二四〕七号",
            "甲政办〔2024〕-7号",
            "2024-04-02",
            "字号：[大 中 小]",
            "甲市人民政府令",
            "★",
            "ZJAC28—2024—0003",
            "甲府办发〔2024〕7号　　　办理结果：A",
            "甲市人民政府常务会议纪要\n甲府纪〔2024〕7号\n甲市人民政府办公室　2024年4月2日",
        ] {
            assert_eq!(found(&format!("{above}\n{title}\n第一条　甲。")).as_deref(), Some(title), "{above}");
        }
    }

    #[test]
    fn rows_of_a_title_are_joined() {
        for (rows, want) in [
            ("甲市\n共享单车管理办法", "甲市共享单车管理办法"),
            ("甲市城市规划\n管理条例", "甲市城市规划管理条例"),
            (
                "甲市人民政府办公室\n关于印发甲市共享单车管理办法\n的通知",
                "甲市人民政府办公室关于印发甲市共享单车管理办法的通知",
            ),
            ("甲市教育局等五部门\n关于做好示例工作的通知", "甲市教育局等五部门关于做好示例工作的通知"),
            ("甲市人民政府关于废止部分规范性文件\n的决定", "甲市人民政府关于废止部分规范性文件的决定"),
            ("甲市公园条例\n（草案）", "甲市公园条例（草案）"),
            ("甲市公园管理办法（征求意见稿）", "甲市公园管理办法（征求意见稿）"),
            ("甲市示例发展规划\n（2021—2025年）", "甲市示例发展规划（2021—2025年）"),
            ("甲市民政局关于做好示例工作的通知（甲民发〔2024〕7号）", "甲市民政局关于做好示例工作的通知"),
            ("2023年甲市统计公报", "2023年甲市统计公报"),
            ("甲市第二次普查公报\n（第一号）", "甲市第二次普查公报（第一号）"),
            ("关于甲企业名单的公示", "关于甲企业名单的公示"),
            ("甲市废止的规章目录\n1．甲市户口管理办法\n2．甲市拆迁管理办法", "甲市废止的规章目录"),
            ("甲市应急管理局\n2023年度工作报告", "甲市应急管理局2023年度工作报告"),
            ("甲市财政局\n关于更正甲财规〔2023〕4号文件的通知", "甲市财政局关于更正甲财规〔2023〕4号文件的通知"),
            ("甲市自然资源局\n行政处罚决定书", "甲市自然资源局行政处罚决定书"),
            (
                "甲市委办公室 甲市人民政府办公室印发\n《关于加强示例建设的意见》",
                "甲市委办公室甲市人民政府办公室印发《关于加强示例建设的意见》",
            ),
            ("关于做好示例工作的通知\n甲市示例工作方案", "关于做好示例工作的通知"),
        ] {
            assert_eq!(found(&format!("{rows}\n第一条　甲。")).as_deref(), Some(want), "{rows}");
        }
    }

    #[test]
    fn an_announcement_is_a_title_where_nothing_below_it_is_published() {
        let law = "《甲市公园条例》已经通过，现予公布。\n甲市人民代表大会常务委员会\n2024年4月2日\n甲市公园条例\n第一条　甲。";
        let head = "甲市人民代表大会常务委员会公告\n第7号";
        assert_eq!(found(&format!("{head}\n{law}")).as_deref(), Some("甲市公园条例"));
        let decision = "《甲市人大常委会关于修改〈甲市公园条例〉的决定》已经通过，现予公布。\n2024年4月2日\n甲市人大常委会\n关于修改《甲市公园条例》的决定\n一、甲。";
        let want = Some("甲市人大常委会关于修改《甲市公园条例》的决定");
        assert_eq!(found(&format!("{head}\n{decision}")).as_deref(), want);
        let own =
            format!("{head}\n现将有关事项公告如下。\n甲市人民代表大会常务委员会\n2024年4月2日\n附件\n甲市示例名单");
        assert_eq!(found(&own).as_deref(), Some("甲市人民代表大会常务委员会公告"));
    }
}
