//! What a process that reads may do, good and bad. The real one is tried with the real program (tests/binary.rs).

use std::io::Write as _;

use indexer::record::DivisionCode;

use super::*;

const QUICK: Limits = Limits { memory: 256 << 20, time: Duration::from_secs(3), files: 64 };

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// What comes of a program that does this.
fn of(script: &str) -> Result<Said, ReadError> {
    let (mut command, file) = (Command::new("sh"), file(b"0123456789"));
    command.args(["-c", script]);
    let asked = Asked { what: What::Sheet, name: "a.csv".into(), size: 10 };
    let find = |name: &str| (name == "甲省").then(|| "520000".parse::<DivisionCode>().unwrap());
    in_process(command, &asked, &mut file.reopen().unwrap(), &find, (QUICK, 1 << 20))
}

#[test]
fn what_is_said_is_taken_and_what_is_asked_back_is_answered() {
    let said = of(
        r#"read -r asked; echo '{"division":"甲省"}'; head -c 10 >/dev/null; read -r one; echo '{"division":"乙省"}'; read -r other; printf '{"refused":"%s %s"}' "$(echo $one | tr -d '"')" "$other""#,
    );
    assert!(matches!(&said, Ok(Said::Refused(why)) if why == "520000 null"), "{said:?}");
}

#[test]
fn a_process_that_dies_is_an_error_of_the_file() {
    for (script, part) in [
        ("exit 3", "中途出错"),
        ("echo nonsense", "中途出错"),
        ("cat >/dev/null & kill -ABRT $$", "内存"),
        ("kill -KILL $$", "内存"),
        ("echo 'thread panicked at a.rs' >&2; kill -ABRT $$", "中途出错"),
        ("sleep 60", "秒内没有读完"),
        // More text than may come back.
        ("printf '{\"refused\":\"'; head -c 2000000 /dev/zero | tr '\\0' a", "读出的内容超过"),
    ] {
        let told = of(script).map(|said| panic!("{script}: {said:?}")).unwrap_err();
        assert!(told.to_string().contains(part), "{script}: {told}");
    }
}

#[test]
fn what_cannot_be_started_is_no_fault_of_the_file() {
    let told = Reader::Process("/nowhere/guansou".into()).sheet(file(b"a").path(), "a.csv").unwrap_err();
    assert!(matches!(told, ReadError::System(_)), "{told}");
    let told = Reader::of_this_program().sheet(Path::new("/nowhere/a.csv"), "a.csv").unwrap_err();
    assert!(matches!(told, ReadError::System(_)), "{told}");
}

/// As the process does it: every name is asked for, and the answers stand ready. What was said last, and the names.
fn through_the_process(name: &str, text: &str, find: &FindDivision<'_>) -> (Said, Vec<String>) {
    let asked = Asked { what: What::Document, name: name.into(), size: text.len() as u64 };
    let mut names: Vec<String> = Vec::new();
    loop {
        let mut input = Vec::new();
        protocol::line(&mut input, &asked).unwrap();
        input.extend_from_slice(text.as_bytes());
        names.iter().for_each(|name| protocol::line(&mut input, &find(name)).unwrap());
        let mut output = Vec::new();
        child::answer(&input[..], &mut output).unwrap();
        let mut said: Vec<Said> =
            serde_json::Deserializer::from_slice(&output).into_iter().map(Result::unwrap).collect();
        let last = said.pop().unwrap();
        let now: Vec<String> = said
            .into_iter()
            .map(|said| match said {
                Said::Division(name) => name,
                other => panic!("{other:?}"),
            })
            .collect();
        if now == names {
            return (last, names);
        }
        names = now;
    }
}

/// What a table of a scheme lists is read by its columns, on this side of the process too; of a regulation it is left
/// there.
#[test]
fn tables_of_schemes_come_through_the_process() {
    let table = "<table><tr><td>序号</td><td>规格</td><td>机构名称</td><td>主要职责</td></tr><tr><td>1</td><td>正科级</td><td>办公室</td><td>负责机关日常运转。</td></tr></table>";
    let scheme = format!(
        "<html><body><p>甲市乙局职能配置、内设机构和人员编制规定</p><p>第一条 甲市乙局是甲市人民政府工作部门。</p><p>第二条 内设机构如下：</p>{table}</body></html>"
    );
    let regulation = format!("<html><body><p>甲市公园管理办法</p><p>第一条 公园免费开放。</p>{table}</body></html>");
    let read = |text: &str| match through_the_process("甲.html", text, &|_| None).0 {
        Said::Document(read) => read.document,
        other => panic!("{other:?}"),
    };
    let document = read(&scheme);
    assert_eq!(document.tables.len(), 1);
    let units = indexer::corpus::schemes::read(&document).unwrap().units;
    let units: Vec<(&str, &str, &str)> =
        units.iter().map(|u| (u.value.number.as_str(), u.value.name.as_str(), u.value.rank.as_str())).collect();
    assert_eq!(units, [("1.", "办公室", "正科级")]);
    assert!(read(&regulation).tables.is_empty());
}

#[test]
fn both_ways_of_reading_say_the_same() {
    let text = "遵义市人民政府办公室关于加强公园管理的通知\n遵府办发〔2024〕3号\n\n第一条 公园免费开放。\n\n遵义市人民政府办公室\n2024年4月2日\n";
    let find = |name: &str| (name == "遵义市").then(|| "520300".parse::<DivisionCode>().unwrap());
    let here = Reader::Here.document(file(text.as_bytes()).path(), "通知.txt", &find).unwrap();
    assert_eq!(here.proposal.division.value.as_ref().map(DivisionCode::as_str), Some("520300"));
    let (said, names) = through_the_process("通知.txt", text, &find);
    assert!(!names.is_empty());
    match said {
        Said::Document(there) => assert_eq!(*there, here),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_process_is_not_led_astray_by_what_it_is_given() {
    for input in [&b""[..], b"{", b"{\"what\":\"sheet\",\"name\":\"a.csv\",\"size\":5}\nab", &[b'a'; 10_000]] {
        assert!(child::answer(input, &mut Vec::new()).is_err(), "{input:?}");
    }
    let mut told = Vec::new();
    child::answer(&b"{\"what\":\"sheet\",\"name\":\"a.csv\",\"size\":99999999999}\n"[..], &mut told).unwrap();
    assert!(String::from_utf8(told).unwrap().contains("过大"));
}
