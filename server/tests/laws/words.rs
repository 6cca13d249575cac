//! Public names are of plain words.

use super::{
    members, read, sources,
    tokens::{tokens, without_tests},
};

/// Words that names for everybody don't use, with those that they do. "Body" is the typed content of a record or of a
/// message, and never an institution.
const PLAIN_WORDS: [(&str, &str); 12] = [
    ("norm", "regulation"),
    ("norms", "regulations"),
    ("bodies", "institutions"),
    ("told", "reported, or what it is"),
    ("tell", "report"),
    ("tells", "reports"),
    ("kept", "stored, cached, retained"),
    ("handed", "submitted"),
    ("turns", "stages"),
    ("places", "divisions, locations, passages"),
    ("beside", "next, neighbours"),
    ("besides", "rest"),
];
/// Files whose bodies are those of messages.
const OF_MESSAGES: [&str; 1] = ["server/src/http/bodies.rs"];

/// The words of a name, in snake case or camel case.
fn words(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && lower) {
            all.push(String::new());
        }
        lower = c.is_lowercase();
        if let Some(last) = all.last_mut().filter(|_| c != '_') {
            last.extend(c.to_lowercase());
        }
    }
    all
}

/// Names that other files can use: items and fields behind `pub`, with whatever stands in between.
fn public_names(tokens: &[String]) -> Vec<&str> {
    const BETWEEN: [&str; 12] =
        ["(", ")", "crate", "super", "in", "async", "unsafe", "fn", "struct", "enum", "mod", "type"];
    let between =
        |token: &&String| BETWEEN.contains(&token.as_str()) || ["trait", "const", "static"].contains(&token.as_str());
    let named = |at: usize| tokens[at + 1..].iter().find(|token| !between(token)).map(String::as_str);
    let public = tokens.iter().enumerate().filter(|(_, token)| *token == "pub");
    public.filter_map(|(at, _)| named(at)).collect()
}

#[test]
fn public_names_are_of_plain_words() {
    let mut wrong = Vec::new();
    let (mut files, mut names) = (Vec::new(), 0);
    members().iter().for_each(|member| sources(&member.join("src"), &mut files));
    for file in files {
        let tokens = without_tests(&tokens(&read(&file)));
        for name in public_names(&tokens) {
            names += 1;
            for (word, plain) in PLAIN_WORDS {
                let of_messages = word == "bodies" && OF_MESSAGES.iter().any(|of| file.ends_with(of));
                if words(name).iter().any(|one| one == word) && !of_messages {
                    wrong.push(format!("{}: {name}: {plain}", file.display()));
                }
            }
        }
    }
    assert!(names > 1_000, "{names}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Words that comments don't use either, and where `bodies` are those of messages.
const PLAIN_IN_COMMENTS: [&str; 3] = ["norm", "norms", "bodies"];
const ABOUT_MESSAGES: [&str; 3] = ["server/src/http/bodies.rs", "server/src/http/layers.rs", "server/src/http/mod.rs"];

#[test]
fn comments_name_institutions_and_regulations_by_their_words() {
    let mut wrong = Vec::new();
    let (mut files, mut lines) = (Vec::new(), 0);
    members().iter().for_each(|member| sources(&member.join("src"), &mut files));
    for file in files {
        let of_messages = ABOUT_MESSAGES.iter().any(|of| file.ends_with(of));
        for (at, line) in read(&file).lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
            lines += 1;
            // What stands in backticks is a name in the interface or on disk.
            let prose = comment.split('`').step_by(2).collect::<Vec<_>>().join(" ");
            for word in prose.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase) {
                if PLAIN_IN_COMMENTS.contains(&word.as_str()) && !of_messages {
                    wrong.push(format!("{}:{}: {word}", file.display(), at + 1));
                }
            }
        }
    }
    assert!(lines > 5_000, "{lines}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_of_names_are_found() {
    let source =
        "pub(crate) async fn kept_first() {} pub struct ToldOnce { pub at: u8, pub(super) r#norm: u8 } fn tell() {}";
    let tokens = tokens(source);
    let names = public_names(&tokens);
    assert_eq!(names[..3], ["kept_first", "ToldOnce", "at"]);
    assert_eq!(words("ToldOnce"), ["told", "once"]);
    assert_eq!(words("MAX_KEPT"), ["max", "kept"]);
}
