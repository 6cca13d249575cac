//! The documents point at what is there.

use std::path::{Path, PathBuf};

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = ["README.md", "ARCHITECTURE.md", "corpus/README.md", "dictionaries/README.md", "benches/README.md"];
    let mut links = 0;
    for document in documents {
        let path = root.join(document);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{document}: {e}"));
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            assert!(folder.join(target).exists(), "{document} points to {target}, which is not there");
        }
    }
    assert!(links > 30, "only {links} links were found: is the way they are read still right?");
}
