//! What the issuing institution says of a document's publication, beside its text: the elements of the catalogue of
//! government information (《政府信息公开目录》) that the text itself does not have.

use serde::{Deserialize, Serialize};

use super::{Regulation, day, written};
use crate::{AttachedFile, Column, Date, Shape, attached_file, kind::Field};
use text::web_name::{Registry, site};

/// All of it may be missing: documents of before have none of it, and stay what they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// 主题分类 as the issuer writes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// 索引号 in the issuer's catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_number: Option<String>,
    /// The last day on which it holds, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openness: Option<Openness>,
    /// The address of the issuer's own explanation 解读.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

impl Publication {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// To whom the issuer discloses it 公开方式. What is not disclosed at all has no record here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Openness {
    #[serde(rename = "主动公开")]
    Proactive,
    #[serde(rename = "依申请公开")]
    OnRequest,
}

impl Openness {
    pub const ALL: [Openness; 2] = [Self::Proactive, Self::OnRequest];

    /// The word used in forms, tables and the API.
    pub fn label(self) -> &'static str {
        match self {
            Self::Proactive => "主动公开",
            Self::OnRequest => "依申请公开",
        }
    }
}

/// The columns, which came after the first dumps.
pub(super) const TOPICS: Field<Regulation> = Field::given(
    Column::given("topics", "主题", Shape::Lines { most: 10, longest: 40 })
        .later()
        .hint("制定机关写的主题分类，多个用分号隔开")
        .example("城乡建设；环境保护"),
    |r| r.publication.topics.clone(),
    |r, values| {
        r.publication.topics = values;
        Ok(())
    },
);

pub(super) const INDEX_NUMBER: Field<Regulation> = Field::given(
    Column::given("index_number", "索引号", Shape::Line(60))
        .later()
        .hint("制定机关的政府信息公开目录里的索引号")
        .example("000014349/2024-00001"),
    |r| r.publication.index_number.iter().cloned().collect(),
    |r, values| {
        r.publication.index_number = values.into_iter().next();
        Ok(())
    },
);

pub(super) const VALID_UNTIL: Field<Regulation> = Field::given(
    Column::given("valid_until", "有效期至", Shape::Day)
        .later()
        .hint("文件写明有效期的，写它有效的最后一天；过了这一天显示为失效")
        .example("2030-12-31"),
    |r| written(r.publication.valid_until),
    |r, values| {
        r.publication.valid_until = day(&values);
        Ok(())
    },
);

pub(super) const OPENNESS: Field<Regulation> = Field::given(
    Column::given("openness", "公开范围", Shape::Choice(|| Openness::ALL.map(Openness::label).to_vec()))
        .later()
        .hint("主动公开、依申请公开；没有写明的不填")
        .example("主动公开"),
    |r| r.publication.openness.iter().map(|openness| openness.label().to_owned()).collect(),
    |r, values| {
        r.publication.openness =
            Openness::ALL.into_iter().find(|openness| values.iter().any(|v| v == openness.label()));
        Ok(())
    },
);

pub(super) const EXPLANATION: Field<Regulation> = Field::given(
    Column::given("explanation", "解读", Shape::Line(300))
        .later()
        .hint("制定机关官方网站上解读这份文件的网页，须在 gov.cn 或政务、公益域名之下")
        .example("https://www.zunyi.gov.cn/jd/1.html"),
    |r| r.publication.explanation.iter().cloned().collect(),
    |r, values| {
        r.publication.explanation = values.into_iter().next().map(official).transpose()?;
        Ok(())
    },
);

pub(super) const ATTACHMENTS: Field<Regulation> =
    Field::shown(attached_file::COLUMN, |r| attached_file::lines(&r.publication.attachments));

/// An address where only public institutions can have one: an explanation is linked beside the law, and nobody vouches
/// for it else.
fn official(url: String) -> Result<String, String> {
    let host = site(&url).map_err(|fault| format!("网址“{url}”不能用：{fault}"))?.host.ascii;
    if host == "gov.cn" || Registry::of(&host).is_some() {
        Ok(url)
    } else {
        Err(format!("{host} 不在 gov.cn 或政务、公益域名之下：请填写官方网站上的解读"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, RegulationLevel, Status};

    fn read(cells: &[(&str, &str)]) -> Result<Body, String> {
        let mut body = Body::Regulation(Regulation::blank("甲办法", RegulationLevel::NormativeDocument));
        let filled = body.fill(|column| cells.iter().find(|(name, _)| *name == column.name).map(|cell| cell.1));
        filled.map(|()| body).map_err(|faults| faults.into_iter().map(|(_, fault)| fault).collect())
    }

    #[test]
    fn what_is_given_comes_back_and_nothing_makes_no_mark() {
        let cells = [
            ("topics", "城乡建设\n环境保护"),
            ("index_number", "000014349/2024-00001"),
            ("valid_until", "2030年12月31日"),
            ("openness", "依申请公开"),
            ("explanation", "https://www.zunyi.gov.cn/jd/1.html"),
        ];
        let Body::Regulation(r) = read(&cells).unwrap() else { unreachable!() };
        assert_eq!(r.publication.topics, ["城乡建设", "环境保护"]);
        assert_eq!(r.publication.valid_until, Some(Date::constant(2030, 12, 31)));
        let json = serde_json::to_string(&r).unwrap();
        assert_eq!(serde_json::from_str::<Regulation>(&json).unwrap(), r);
        let Body::Regulation(cleared) = read(&cells.map(|(name, _)| (name, ""))).unwrap() else { unreachable!() };
        assert!(cleared.publication.is_empty());
        // A record of before is written as it was, byte by byte.
        assert!(!serde_json::to_string(&cleared).unwrap().contains("publication"));
    }

    #[test]
    fn what_has_run_out_is_no_longer_in_force() {
        let mut r = Regulation::blank("甲办法", RegulationLevel::NormativeDocument);
        r.publication.valid_until = Some(Date::constant(2025, 12, 31));
        let status = |day| {
            let all = [("a", &r)];
            let basis = crate::status::derive(&all, &Default::default(), &[], day).remove("a").unwrap();
            (basis.status, basis.reason)
        };
        assert_eq!(status(Date::constant(2025, 12, 31)).0, Status::InForce);
        let (after, reason) = status(Date::constant(2026, 1, 1));
        assert_eq!((after, reason.as_str()), (Status::Repealed, "文件写明的有效期至 2025-12-31，已满"));
    }

    #[test]
    fn an_explanation_lies_where_only_public_institutions_can_have_an_address() {
        for right in ["http://www.gov.cn/zhengce/1.htm", "https://jd.zunyi.gov.cn/a?b=1#c", "https://示例.政务/jd"] {
            assert!(read(&[("explanation", right)]).is_ok(), "{right}");
        }
        for wrong in [
            "https://www.zunyi.gov.cn.example.com/", "https://example.com/gov.cn", "ftp://www.gov.cn/", "javascript:1",
            "www.gov.cn@example.com", "https://www.gov.cn@example.com/", "解读",
        ] {
            assert!(read(&[("explanation", wrong)]).is_err(), "{wrong}");
        }
    }
}
