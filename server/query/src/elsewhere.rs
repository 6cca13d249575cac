//! A matter that is asked about in a region for which no rule about it was found.

use indexer::index::{Generation, catalogue::RegulationEntry};

use crate::{
    home::{Home, is_local},
    run::{Answer, Content, Found, facts},
};

/// What a reader should know then: whatever comes first holds everywhere, and the rules of other places don't hold there.
pub fn note(generation: &Generation, home: &Home, found: &Found) -> Option<String> {
    let place = generation.catalogue.division(home.named()?)?;
    if !found.direct.is_empty() || found.articles.is_empty() {
        return None;
    }
    let regulation = |answer: &Answer| match &answer.content {
        Content::Article { regulation, .. } | Content::Regulation(regulation) => facts(generation, *regulation),
        _ => None,
    };
    let holds = |r: &RegulationEntry| is_local(r) && r.division.as_deref().is_some_and(|d| home.lies_in(generation, d));
    let any = found.articles.iter().chain(&found.regulations).filter_map(regulation).any(holds);
    let name = &place.name;
    (!any).then(|| format!("没有找到{name}自己关于这件事的规定；下面先列全国的规定，别处的规定在{name}不适用"))
}
