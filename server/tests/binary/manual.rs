//! What the documents tell readers to type, typed: every line of their `sh` blocks is run over a small data directory, every
//! `toml` block is a configuration that holds, every command in the text has flags that exist.

use std::{fs, path::Path, process::Command, thread};

use indexer::record::{Scope, samples};
use server::{
    access::{NewKey, create_key},
    store::{Backend, By, RecordStore},
};

use super::{Place, text};

/// Where the documents say that the service is.
const DOCUMENTED: &str = "http://127.0.0.1:8080";

/// Lines that need what is not here; of these only the flags are tried.
const ELSEWHERE: [(&str, &str); 7] = [
    ("guansou", "serves until it is stopped"),
    ("guansou serve", "serves until it is stopped"),
    ("guansou pull ", "needs another service"),
    ("guansou corpus sync", "fetches data packages"),
    ("guansou corpus sync ", "needs a data package"),
    ("guansou record withdraw ", "needs a document that its owner took in"),
    ("guansou user confirm ", "needs a role that an administrator gave"),
];

/// Languages of blocks; a block in another would pass untried.
const LANGUAGES: [&str; 4] = ["sh", "toml", "nginx", "html"];

struct Page {
    name: String,
    text: String,
}

impl Page {
    /// Language and lines of each block.
    fn blocks(&self) -> Vec<(&str, Vec<&str>)> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                blocks.push((
                    language,
                    lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect(),
                ));
            }
        }
        blocks
    }

    /// Lines of the `sh` blocks without comments.
    fn commands(&self) -> impl Iterator<Item = &str> {
        let lines = self.blocks().into_iter().filter(|block| block.0 == "sh").flat_map(|block| block.1);
        lines.map(|line| line.split(" #").next().unwrap_or_default().trim()).filter(|line| !line.is_empty())
    }

    /// Commands that the text names: `guansou …` between backticks.
    fn mentioned(&self) -> impl Iterator<Item = &str> {
        let outside = self.text.lines().filter(|line| !line.trim_start().starts_with("```"));
        outside.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(|code| code.starts_with("guansou "))
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn page(path: &Path) -> Page {
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    Page { text: fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}")), name }
}

/// README, how to contribute, and all that lies in `docs/`.
fn pages() -> Vec<Page> {
    let docs = fs::read_dir(root().join("docs")).unwrap().flatten().map(|entry| entry.path());
    let docs = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let all = ["README.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    all.into_iter().chain(docs).map(|path| page(&path)).collect()
}

/// A directory with what the documents take for granted: the institutions and files that their examples name.
fn prepared() -> Place {
    let place = Place::new();
    let institutions = place.path("corpus/institutions.csv");
    let more = "000000-bb,中央机构编制委员会办公室,中央编办,党委,central,000000,,source,a;b\n520300-bb,中共遵义市委机构编制委员会办公室,遵义市委编办,党委,prefecture,520300,,source,a;b\n";
    fs::write(&institutions, fs::read_to_string(&institutions).unwrap() + more).unwrap();
    fs::create_dir_all(place.path("法规/法律")).unwrap();
    let law = "# 中华人民共和国行政许可法\n\n2003年8月27日 通过\n\n<!-- INFO END -->\n\n第十二条 下列事项可以设定行政许可。\n";
    fs::write(place.path("法规/法律/中华人民共和国行政许可法(2003-08-27).md"), law).unwrap();
    assert!(place.shell("tar -czf 法规.tar.gz 法规").status.success());
    fs::copy(root().join("indexer/tests/documents/docx/autonumber.docx"), place.path("通知.docx")).unwrap();
    fs::write(place.path("短信.txt"), "您的医保已停用，请登录 zunyi-gov.cn 办理，官网 www.zunyi.gov.cn\n").unwrap();
    let registered = "名称,持有单位,到期\n遵义市委编办.政务,中共遵义市委机构编制委员会办公室,2031-06-30\n";
    fs::write(place.path("注册名单.csv"), registered).unwrap();
    fs::create_dir(place.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_guansou"), place.path("bin/guansou")).unwrap();
    place
}

impl Place {
    /// Runs a line as a shell does, with the program on its path.
    fn shell(&self, line: &str) -> std::process::Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("/bin/sh");
        command.current_dir(self.dir.path()).env_clear().env("PATH", path).args(["-c", line]);
        command.output().unwrap()
    }

    /// Whether the program takes every flag of these words, with its value; else what it says. Nothing is done.
    fn takes(&self, line: &str) -> Result<(), String> {
        let out = self.shell(&format!("{line} --help"));
        if out.status.success() { Ok(()) } else { Err(text(&out.stderr)) }
    }
}

/// The key that an office's system asks with.
fn key(place: &Place) -> String {
    let store = RecordStore::open(Backend::Sled, &place.path("data/store")).unwrap();
    let office = samples::institution("o-1", "遵义市教育局", "520300");
    store.import("offices", std::iter::once(office), &mut |_| {}).unwrap();
    let new = NewKey {
        purpose: "批量报送".into(),
        office_id: None,
        office_name: "遵义市教育局".into(),
        division: "520300".parse().unwrap(),
        scopes: vec![Scope::Submit],
        quota: 600,
        until: None,
        holder: None,
    };
    create_key(&store, new, &By { author: "test", reason: "" }).unwrap()
}

/// Tries a page; how many lines it has.
fn try_page(page: &Page) -> usize {
    let place = prepared();
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    // The reader has begun with `make run`.
    assert!(place.run(&["index"]).status.success());
    let mut asked = Vec::new();
    let mut tried = 0;
    for line in page.commands() {
        tried += 1;
        let words: Vec<&str> = line.split_whitespace().collect();
        let told = |what: &str| panic!("{}: `{line}`: {what}", page.name);
        match words[0] {
            "guansou" => {
                let elsewhere =
                    |start: &str| if start.ends_with(' ') { line.starts_with(start) } else { line == start };
                if ELSEWHERE.iter().any(|(start, _)| elsewhere(start)) {
                    place.takes(line).unwrap_or_else(|error| told(&error));
                    continue;
                }
                let out = place.shell(line);
                if !out.status.success() {
                    told(&text(&out.stderr));
                }
            }
            "curl" => asked.push(line),
            "make" => {
                let there = |target: &&str| makefile.lines().any(|rule| rule.starts_with(&format!("{target}:")));
                if let Some(target) = words[1..].iter().find(|target| !there(target)) {
                    told(&format!("no target {target}"));
                }
            }
            "cargo" => {
                let package = words.iter().skip_while(|word| **word != "-p").nth(1);
                if package.is_some_and(|package| !lock.contains(&format!("name = \"{package}\"\n"))) {
                    told("no such package");
                }
            }
            "export" => {}
            _ => told("nothing here knows how to try it"),
        }
    }
    for (_, lines) in page.blocks().iter().filter(|block| block.0 == "toml") {
        fs::write(place.path("example.toml"), lines.join("\n")).unwrap();
        let out = place.run(&["--config", "example.toml", "config"]);
        assert!(out.status.success(), "{}: {lines:?}: {}", page.name, text(&out.stderr));
    }
    if !asked.is_empty() {
        ask(page, &place, &asked);
    }
    tried
}

/// Asks a running service what the page asks.
fn ask(page: &Page, place: &Place, lines: &[&str]) {
    assert!(place.shell("command -v curl").status.success(), "curl is needed: apt-get install curl");
    let key = key(place);
    assert!(place.shell("guansou import template --kind institutions > 机构.csv").status.success());
    let running = place.serve();
    for line in lines {
        assert!(line.contains(DOCUMENTED), "{}: `{line}` asks another place", page.name);
        let here = line.replace(DOCUMENTED, &format!("http://{}", running.address));
        let script =
            format!("KEY={key}; curl() {{ command curl -sS --max-time 60 -w '\\n%{{http_code}}' \"$@\"; }}; {here}");
        let out = place.shell(&script);
        let told = text(&out.stdout);
        let status = told.lines().last().unwrap_or_default();
        assert!(
            out.status.success() && ["200", "201"].contains(&status),
            "{}: `{line}` was answered with {told}{}",
            page.name,
            text(&out.stderr)
        );
    }
    running.stop();
}

#[test]
fn what_the_manual_tells_to_type_works() {
    let pages = pages();
    for page in &pages {
        for (language, _) in page.blocks() {
            assert!(LANGUAGES.contains(&language), "{}: a block of {language:?} is not tried", page.name);
        }
    }
    let tried: usize = thread::scope(|scope| {
        let tries: Vec<_> = pages.iter().map(|page| scope.spawn(|| try_page(page))).collect();
        tries.into_iter().map(|tried| tried.join().unwrap_or_else(|failed| std::panic::resume_unwind(failed))).sum()
    });
    assert!(tried > 70, "only {tried} lines were found: is the way they are read still right?");
}

#[test]
fn commands_that_documents_mention_have_flags_that_exist() {
    let place = prepared();
    assert!(place.takes("guansou pull --no-such-flag").is_err(), "an unknown flag is not passed over");
    let others = ["ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md", "corpus/README.md", "benches/README.md"];
    let pages = pages().into_iter().chain(others.map(|name| page(&root().join(name))));
    let mut mentioned = 0;
    for page in pages {
        for command in page.mentioned() {
            mentioned += 1;
            place.takes(command).unwrap_or_else(|error| panic!("{} mentions `{command}`: {error}", page.name));
        }
    }
    assert!(mentioned > 10, "only {mentioned} were found: is the way they are read still right?");
}
