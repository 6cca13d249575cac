//! A handful of laws, made here: the sentences have the words, the length and the citations of real ones, and say nothing.

use indexer::record::{
    Article, ArticleNumber, Body, Date, Heading, Provenance, Record, Regulation, RegulationLevel, regulation_id,
};

const TITLES: [&str; 6] = [
    "中华人民共和国行政许可法",
    "中华人民共和国劳动合同法",
    "中华人民共和国食品安全法",
    "中华人民共和国道路交通安全法",
    "中华人民共和国政府信息公开条例",
    "中华人民共和国市场主体登记管理条例",
];
const ARTICLES: usize = 90;
const SUBJECTS: [&str; 9] = [
    "县级以上地方人民政府",
    "用人单位",
    "食品生产经营者",
    "机动车驾驶人",
    "公民、法人或者其他组织",
    "国务院有关部门",
    "登记机关",
    "劳动者",
    "行政机关",
];
const DUTIES: [&str; 8] = [
    "应当依法公开办理的条件、程序、期限和所需材料",
    "应当按照约定及时足额支付劳动报酬，不得拖欠或者克扣",
    "应当建立健全管理制度，并对其真实性负责",
    "有权提出申请，也可以委托代理人提出申请",
    "应当自收到申请之日起二十日内作出决定，并书面告知理由",
    "不得收取任何费用，法律、行政法规另有规定的除外",
    "应当出示身份证明，说明检查的目的和依据",
    "可以向上一级机关申请复议，或者向人民法院提起诉讼",
];
const ENDS: [&str; 7] = [
    "违反本法规定的，由有关部门责令改正，处五千元以上五万元以下的罚款。",
    "具体办法由国务院制定。",
    "情节严重的，吊销许可证；构成犯罪的，依法追究刑事责任。",
    "法律、行政法规另有规定的，依照其规定。",
    "逾期不改正的，加处罚款。",
    "有下列情形之一的除外：\n（一）涉及国家秘密的；\n（二）涉及商业秘密、个人隐私的。",
    "未经批准，任何单位和个人不得变更。",
];

/// The laws as records, the same at every call.
pub fn records() -> Vec<Record> {
    let date = Date::constant(2019, 4, 23);
    let record = |(of, title): (usize, &&str)| {
        let id = regulation_id(title, Some(date), None);
        let provenance = vec![Provenance { source: "curated".into(), place: None, date: None, licence: None }];
        Record::published(id, None, provenance, Body::Regulation(law(of, title, date)))
    };
    TITLES.iter().enumerate().map(record).collect()
}

fn law(of: usize, title: &str, date: Date) -> Regulation {
    // Steps that share no divisor with the lists walk through all combinations.
    let article = |n: usize| {
        let at = of * ARTICLES + n;
        let cited = TITLES[(at * 5 + 1) % TITLES.len()];
        let text = format!(
            "{}{}。依照《{cited}》第{}条的规定，{}{}。{}",
            SUBJECTS[at % SUBJECTS.len()],
            DUTIES[at * 3 % DUTIES.len()],
            indexer::text::numerals::format((at % ARTICLES) as u32 + 1),
            SUBJECTS[(at * 4 + 2) % SUBJECTS.len()],
            DUTIES[(at * 5 + 1) % DUTIES.len()],
            ENDS[at % ENDS.len()],
        );
        let number = ArticleNumber { number: n as u32 + 1, inserted: 0 };
        Article { label: number.to_string(), number: Some(number), text }
    };
    Regulation {
        issuers: vec!["全国人民代表大会常务委员会".into()],
        version_date: Some(date),
        headings: vec![Heading { depth: 3, title: "第一章 总则".into(), first_article: 0 }],
        articles: (0..ARTICLES).map(article).collect(),
        ..Regulation::blank(title, RegulationLevel::Law)
    }
}
