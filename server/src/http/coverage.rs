//! What the page and the interface tell of the coverage: the province asked for, and the names of what is wanted.

use indexer::index::Generation;

use super::{App, Problem, params::Params, wanted::Lack};
use crate::{query::institutions_by_id, urls};

/// Names of the wanted list: as many as somebody works through.
const MAX_WANTED: usize = 50;

/// Something that is looked for and lacking, by name.
pub struct WantedLine {
    pub lack: Lack,
    /// 习水县 医疗保障局, or the institution's name.
    pub name: String,
    /// Path of the page where to tell of it.
    pub correction_url: String,
    /// Path of the division's or the institution's page.
    pub url: String,
    pub searches: u32,
}

/// The code of the province asked for.
pub fn province(params: &Params, generation: &Generation) -> Result<Option<String>, Problem> {
    let Some(code) = params.get("region") else { return Ok(None) };
    let mut provinces = generation.catalogue.children("000000");
    let known = provinces.any(|d| d.code == code);
    known.then(|| Some(code.to_owned())).ok_or_else(|| {
        Problem::bad_parameter("region", "region 应为省级区划的代码，例如 520000；不写是全国".to_owned())
    })
}

/// The most wanted that is still lacking.
pub fn wanted(app: &App, generation: &Generation, province: Option<&str>) -> Result<Vec<WantedLine>, Problem> {
    let mut lines = Vec::new();
    for (lack, searches) in app.wanted.most(usize::MAX) {
        if lines.len() == MAX_WANTED {
            break;
        }
        let inside = |code: &str| province.is_none_or(|province| generation.catalogue.lies_in(code, province));
        let line = match &lack {
            Lack::Body { division, body } => {
                let Some(place) = generation.catalogue.division(division).filter(|d| inside(&d.code)) else { continue };
                let name = format!("{} {body}", generation.catalogue.full_name(&place.code));
                WantedLine {
                    name,
                    correction_url: urls::new_correction(division, Some(body)),
                    url: urls::division(division),
                    lack,
                    searches,
                }
            }
            Lack::Site { institution } => {
                let found = institutions_by_id(generation, [institution.as_str()])?;
                let Some(hit) = found.into_iter().next() else { continue };
                let part = hit.institution.as_ref();
                // Its site may have become known since.
                if part.is_none_or(|i| !inside(&i.division) || i.websites.iter().any(|site| site.linked)) {
                    continue;
                }
                let tell = urls::new_correction(institution, Some("网站"));
                WantedLine {
                    name: format!("{}的网站", hit.title), correction_url: tell, url: hit.url, lack, searches
                }
            }
        };
        lines.push(line);
    }
    Ok(lines)
}
