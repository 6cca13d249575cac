//! Addresses of the site are made in one file.

use super::{read, root, sources};

/// Where paths are no addresses of ours.
const OTHER_PATHS: [&str; 1] = ["server/src/control/mod.rs"];

#[test]
fn addresses_are_made_in_one_file() {
    let mut files = Vec::new();
    for folder in ["server/src", "server/query/src"] {
        sources(&root().join(folder), &mut files);
    }
    let (mut wrong, mut made) = (Vec::new(), 0);
    for file in files.iter().filter(|file| OTHER_PATHS.iter().all(|other| !file.ends_with(other))) {
        let tests = file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs");
        let source = read(file);
        let source = source.split("mod tests {").next().unwrap_or_default();
        for (at, line) in source.lines().enumerate() {
            let path =
                line.split("format!(\"/").nth(1).filter(|path| path.starts_with(|c: char| c.is_ascii_lowercase()));
            match path {
                Some(_) if file.ends_with("query/src/urls.rs") => made += 1,
                Some(_) if !tests => wrong.push(format!("{}:{}: {line}", file.display(), at + 1)),
                _ => {}
            }
        }
    }
    assert!(made > 20, "{made}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
