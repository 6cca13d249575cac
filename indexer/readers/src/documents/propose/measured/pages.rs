//! Pages of sites and gazettes, drafts, reports.

use super::{As, Sample, Set, Want, articles, day};
use record::RegulationLevel;

/// Pages of sites and gazettes, drafts, and files with a table of facts in front.
pub fn add(set: &mut Set) {
    let title = "甲市人民政府关于印发甲市公园管理办法的通知";
    let body = articles("办法", "公园", 4, "本K自2024年8月1日起施行。", "&ensp;").replace('\n', "</p><p>&emsp;&emsp;");
    let want = |title: &str| Want {
        title: title.into(),
        number: Some("甲府发〔2024〕9号"),
        issuers: vec!["甲市人民政府"],
        version: day("2024-07-01"),
        published: day("2024-07-05"),
        effective: day("2024-08-01"),
        level: Some(RegulationLevel::NormativeDocument),
        articles: 4,
    };
    for (n, facts) in [
        "<table><tr><td>索 引 号：</td><td>00001/2024-1</td><td>主题分类：</td><td>城乡建设</td></tr><tr><td>发文机关：</td><td>甲市人民政府</td><td>成文日期：</td><td>2024年07月01日</td></tr><tr><td>标　　题：</td><td>甲市人民政府关于印发甲市公园管理办法的通知</td></tr><tr><td>发文字号：</td><td>甲府发〔2024〕9号</td><td>发布日期：</td><td>2024年07月05日</td></tr></table>",
        "<div>发布时间：2024-07-05 来源：甲市人民政府办公室 浏览次数：12 字号：[大 中 小]</div><div>发文字号：甲府发〔2024〕9号</div>",
        "<ul><li>索引号：00001/2024-1</li><li>发布机构：甲市人民政府</li><li>发布日期：2024-07-05</li><li>文　　号：甲府发〔2024〕9号</li></ul>",
    ]
    .into_iter()
    .enumerate()
    {
        let heading = if n == 1 { format!("<h1>{title}</h1>{facts}") } else { format!("{facts}<h2>{title}</h2>") };
        let page = format!(
            "<!DOCTYPE html><html><head><title>x</title></head><body><div>首页 &gt; 政府信息公开</div><div>规章文件库</div>{heading}\
             <p>各县（区）人民政府：</p><p>&emsp;&emsp;现将《甲市公园管理办法》印发给你们，请遵照执行。</p><p align=right>甲市人民政府</p><p align=right>2024年7月1日</p>\
             <p align=center><b>甲市公园管理办法</b></p><p>&emsp;&emsp;{body}</p><p>【打印】 【关闭】</p><p>相关链接：政策解读</p></body></html>"
        );
        set.0.push(Sample { name: format!("网页 {n}"), file: page.into_bytes(), file_name: "文.html", want: want(title) });
    }
    let draft =
        |title: &str, articles| Want { title: title.into(), effective: day("2025-01-01"), articles, ..Want::default() };
    set.add(
        As::Word,
        format!(
            "附件\n甲市公园管理办法（征求意见稿）\n{}",
            articles("办法", "公园", 5, "本K自2025年1月1日起施行。", "　")
        ),
        draft("甲市公园管理办法（征求意见稿）", 5),
    );
    set.add(
        As::Text,
        format!("附件2：\n甲市公园条例\n（草案）\n{}", articles("条例", "公园", 7, "本K自2025年1月1日起施行。", "　")),
        draft("甲市公园条例（草案）", 7),
    );
    set.add(
        As::Text,
        "甲市人民政府公报 2024年第8期\n·市政府文件·\n甲市人民政府关于加快发展银发经济的若干意见\n甲府发〔2024〕21号\n各县（区）人民政府：\n一、总体要求。\n二、主要任务。\n甲市人民政府\n2024年8月16日",
        Want {
            title: "甲市人民政府关于加快发展银发经济的若干意见".into(),
            number: Some("甲府发〔2024〕21号"),
            issuers: vec!["甲市人民政府"],
            version: day("2024-08-16"),
            level: Some(RegulationLevel::NormativeDocument),
            articles: 2,
            ..Want::default()
        },
    );
    set.add(
        As::Text,
        "2023年甲市国民经济和社会发展统计公报\n甲市统计局\n2024年3月28日\n一、综合\n二、农业\n三、工业",
        Want {
            title: "2023年甲市国民经济和社会发展统计公报".into(),
            issuers: vec!["甲市统计局"],
            version: day("2024-03-28"),
            articles: 3,
            ..Want::default()
        },
    );
}
