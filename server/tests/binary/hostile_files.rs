//! Files made to bring down whoever reads them, and uploads that stop half-way, against the real program: what it costs
//! in memory, and that the service goes on. `GUANSOU_TEST_HEAVY=1` (`make soak`) sends fifty uploads of their full size.

use std::{
    fs,
    io::{Cursor, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use indexer::record::{Scope, samples};
use server::{
    access::{NewKey, create_key},
    store::{Backend, By, RecordStore},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Place, Running, text};

/// What a reader may have at most, in KiB; the limit of its address space.
const MAX_OF_A_READER: u64 = 1 << 20;
/// What the service may grow by while hostile files are read, in KiB: eight times the most text of a document (32 MiB), which
/// it holds as lines, as a proposal and, where the proposal is the reply, as JSON.
const MAX_OF_THE_SERVICE: u64 = 256 << 10;

/// What it may grow by for fifty uploads that stop half-way, in KiB, however much of them has come: some buffers a connection.
const MAX_OF_STALLED: u64 = 160 << 10;

/// A service with keys for offices of its own.
struct Attacked {
    running: Running,
    keys: Vec<String>,
    _place: Place,
}

fn attacked(offices: usize) -> Attacked {
    let place = Place::new();
    assert!(place.run(&["index"]).status.success());
    let store = RecordStore::open(Backend::Sled, &place.path("data/store")).unwrap();
    let office = |n| samples::institution(&format!("o-{n}"), &format!("遵义市第{n}局"), "520300");
    store.import("offices", (0..offices).map(office), &mut |_| {}).unwrap();
    let key = |n| {
        let new = NewKey {
            purpose: "批量报送".into(),
            office_id: None,
            office_name: format!("遵义市第{n}局"),
            division: "520300".parse().unwrap(),
            scopes: vec![Scope::Submit],
            quota: 600,
            until: None,
            holder: None,
        };
        create_key(&store, new, &By { author: "test", reason: "" }).unwrap()
    };
    let keys = (0..offices).map(key).collect();
    drop(store);
    Attacked { running: place.serve(), keys, _place: place }
}

impl Attacked {
    fn open(&self, office: usize, path: &str, kind: &str, length: usize) -> TcpStream {
        let mut stream = TcpStream::connect(&self.running.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(110))).unwrap();
        let key = &self.keys[office];
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        )
        .unwrap();
        stream
    }

    fn table(&self, office: usize, name: &str, bytes: &[u8]) -> (u16, String) {
        let path = format!("/api/v1/tables/institutions?dry_run=1&name={name}");
        let mut stream = self.open(office, &path, "application/octet-stream", bytes.len());
        let _ = stream.write_all(bytes);
        answer(stream)
    }

    fn document(&self, office: usize, name: &str, bytes: &[u8]) -> (u16, String) {
        let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let mut stream = self.open(office, "/api/v1/submissions", "multipart/form-data; boundary=b", body.len());
        let _ = stream.write_all(&body);
        answer(stream)
    }

    fn resident(&self) -> u64 {
        status(self.running.child.id(), "VmRSS:")
    }
}

fn answer(mut stream: TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let told = text(&bytes);
    (told.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0), told)
}

/// A line of a process's status, in KiB; 0 where the process has gone.
fn status(pid: u32, line: &str) -> u64 {
    let told = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let value = told.lines().find_map(|l| l.strip_prefix(line)).unwrap_or_default();
    value.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

/// Looks at what the readers of a service take while something is done: the most, in KiB.
fn watched<T>(service: u32, work: impl FnOnce() -> T) -> (T, u64) {
    let (done, most) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let processes = fs::read_dir("/proc").unwrap().flatten();
                for pid in processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
                    if status(pid, "PPid:") == u64::from(service) {
                        most.fetch_max(status(pid, "VmHWM:"), Ordering::Relaxed);
                    }
                }
                thread::sleep(Duration::from_millis(5));
            }
        });
        let value = work();
        done.store(true, Ordering::Relaxed);
        (value, most.load(Ordering::Relaxed))
    })
}

fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default().compression_level(Some(9))).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with these rows and shared strings.
fn workbook(rows: &str, strings: &[u8]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006/relationships";
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let parts = format!(
        r#"<Relationships xmlns="{packages}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let top = format!(
        r#"<Relationships xmlns="{packages}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let strings = [format!(r#"<sst xmlns="{main}">"#).as_bytes(), strings, b"</sst>"].concat();
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", top.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", parts.as_bytes()),
        ("xl/sharedStrings.xml", &strings),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// Bytes that do not pack, so that what stands beside them may pack as well as it likes: its ratio stays small.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252u64;
    let byte = |state: &mut u64| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        b'a' + (*state % 26) as u8
    };
    (0..length).map(|_| byte(&mut state)).collect()
}

/// Workbooks that are small and would be large: what they are, a name, the file.
fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let long = |n: usize| [b"<si><t>", &vec![b'a'; n][..], b"</t></si>"].concat();
    let shared = |rows: u32| -> String {
        (1..=rows).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect()
    };
    let last_corner = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let last_row = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    let cells: String =
        (1..=60_000).map(|row| format!(r#"<row r="{row}"><c r="ALA{row}"><v>1</v></c></row>"#)).collect();
    let padded = |inside: &[u8], most: usize, length: usize| {
        let mut strings = [b"<!--", &noise(length)[..], b"-->"].concat();
        strings.extend(inside.iter().cycle().take(inside.len() * (most / inside.len())));
        strings
    };
    vec![
        ("a string of megabytes in a thousand cells", workbook(&shared(1_000), &long(3_900_000))),
        ("the same in a hundred thousand", workbook(&shared(100_000), &long(3_900_000))),
        ("a cell in the last corner", workbook(last_corner, b"")),
        ("a cell in the last row", workbook(last_row, b"")),
        ("more cells than any list", workbook(&cells, b"")),
        ("empty strings without end", workbook(&shared(1), &padded(b"<si/>", 110 << 20, 750_000))),
        ("runs of strings without end", workbook(&shared(1), &padded(b"<si><r><t>a</t></r></si>", 110 << 20, 750_000))),
        ("styles and parts without end", package(&[("xl/workbook.xml", &padded(b"<a/>", 120 << 20, 800_000))])),
    ]
}

#[test]
fn hostile_files_cost_a_bounded_process_and_the_service_goes_on() {
    let site = attacked(2);
    let service = site.running.child.id();
    let honest = "全称,区划代码,类别\n遵义市教育局,520300,政府\n";
    assert_eq!(site.table(0, "a.csv", honest.as_bytes()).0, 200);
    let before = site.resident();
    for (what, file) in workbooks() {
        let begun = Instant::now();
        let ((status, told), most) = watched(service, || site.table(0, "a.xlsx", &file));
        println!("{what}: {} bytes, {status}, reader {} MiB, {:?}", file.len(), most >> 10, begun.elapsed());
        assert!(status == 422 || status == 200, "{what}: {status} {told}");
        assert!(most <= MAX_OF_A_READER, "{what}: {most} KiB");
    }
    // As documents: many paragraphs, many cells, one long text, tables in tables, and markup that packs like a bomb.
    let word = |body: &[u8]| {
        let inside = [b"<w:document xmlns:w=\"w\"><w:body>", body, b"</w:body></w:document>"].concat();
        package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &inside)])
    };
    let padded = |unit: &str, most: usize| {
        [b"<!--", &noise(most / 150)[..], b"-->", unit.repeat(most / unit.len()).as_bytes()].concat()
    };
    for (what, name, file) in [
        ("paragraphs without end", "a.docx", word(&padded("<w:p><w:r><w:t>a</w:t></w:r></w:p>", 100 << 20))),
        (
            "cells without end",
            "a.docx",
            word(&[b"<w:tbl><w:tr>", &padded("<w:tc><w:p/></w:tc>", 100 << 20)[..], b"</w:tr></w:tbl>"].concat()),
        ),
        (
            "a cell without end",
            "a.docx",
            word(
                &[
                    b"<w:tbl><w:tr><w:tc>",
                    &padded(
                        "<w:p><w:r><w:t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</w:t></w:r></w:p>",
                        120 << 20,
                    )[..],
                    b"</w:tc></w:tr></w:tbl>",
                ]
                .concat(),
            ),
        ),
        ("a zip bomb", "a.docx", word(&vec![b' '; 100 << 20])),
        ("tags without end", "a.html", "<table><tr><td>".repeat(2 << 20).into_bytes()),
        ("one line of megabytes", "a.txt", vec![b'a'; 31 << 20]),
    ] {
        let begun = Instant::now();
        let ((status, told), most) = watched(service, || site.document(0, name, &file));
        println!("{what}: {} bytes, {status}, reader {} MiB, {:?}", file.len(), most >> 10, begun.elapsed());
        assert!(status == 422 || status == 200, "{what}: {status} {told}");
        assert!(most <= MAX_OF_A_READER, "{what}: {most} KiB");
    }
    let grown = status(service, "VmHWM:").saturating_sub(before);
    println!("the service grew by {} MiB at the most", grown >> 10);
    assert!(grown <= MAX_OF_THE_SERVICE, "{grown} KiB");
    assert_eq!(site.table(1, "a.csv", honest.as_bytes()).0, 200, "and goes on");
    assert_eq!(site.document(1, "a.txt", "关于甲的通知\n\n第一条 为了测试。\n".as_bytes()).0, 200);
}

#[test]
fn uploads_that_stop_half_way_hold_no_memory_and_no_turn() {
    let heavy = std::env::var_os("GUANSOU_TEST_HEAVY").is_some();
    // A file less the last of it: what came is on disk.
    let length = if heavy { 20 << 20 } else { 1 << 20 };
    let site = attacked(8);
    let service = site.running.child.id();
    let honest = "全称,区划代码,类别\n遵义市教育局,520300,政府\n";
    assert_eq!(site.table(7, "a.csv", honest.as_bytes()).0, 200);
    let before = site.resident();
    let piece = vec![b'a'; 64 << 10];
    let stalled: Vec<TcpStream> = (0..50)
        .map(|n| {
            let mut stream = site.open(n % 7, "/api/v1/tables/institutions?dry_run=1&name=a.csv", "text/csv", length);
            (0..length / piece.len() - 1).for_each(|_| stream.write_all(&piece).unwrap());
            stream
        })
        .collect();
    let begun = Instant::now();
    for _ in 0..5 {
        assert_eq!(site.table(7, "a.csv", honest.as_bytes()).0, 200, "an honest office is served");
    }
    println!("five honest tables took {:?}", begun.elapsed());
    let incoming = || fs::read_dir(site._place.path("data/files/incoming")).unwrap().count();
    let on_disk: u64 = fs::read_dir(site._place.path("data/files/incoming"))
        .unwrap()
        .flatten()
        .filter_map(|entry| Some(entry.metadata().ok()?.len()))
        .sum();
    let grown = status(service, "VmHWM:").saturating_sub(before);
    println!("fifty stalled uploads: {} MiB on disk, the service grew by {} MiB", on_disk >> 20, grown >> 10);
    assert_eq!(incoming(), 50);
    assert!(on_disk >= 50 * (length as u64 - (256 << 10)), "{on_disk} bytes on disk");
    assert!(grown <= MAX_OF_STALLED, "{grown} KiB");
    // An office with as many on their way as it may have is told so at once.
    let more: Vec<TcpStream> =
        (0..2).map(|_| site.open(0, "/api/v1/tables/institutions", "text/csv", length)).collect();
    let refused = more.into_iter().last().map(answer).unwrap();
    assert!(refused.0 == 429 && refused.1.contains("retry-after"), "{}", refused.1);
    drop(stalled);
    let begun = Instant::now();
    while incoming() > 1 {
        assert!(begun.elapsed() < Duration::from_secs(20), "what was left half-way stays on disk");
        thread::sleep(Duration::from_millis(50));
    }
    site.running.stop();
}

#[test]
fn slow_files_of_one_office_delay_no_other() {
    let site = attacked(2);
    let (_, slow) = workbooks().into_iter().find(|(what, _)| what.starts_with("empty strings")).unwrap();
    let waiting: Vec<TcpStream> = (0..6)
        .map(|_| {
            let path = "/api/v1/tables/institutions?dry_run=1&name=a.xlsx";
            let mut stream = site.open(0, path, "application/octet-stream", slow.len());
            stream.write_all(&slow).unwrap();
            stream
        })
        .collect();
    for _ in 0..5 {
        let begun = Instant::now();
        assert_eq!(site.table(1, "a.csv", "全称,区划代码,类别\n遵义市教育局,520300,政府\n".as_bytes()).0, 200);
        println!("beside six slow files of another office: {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let mut last = waiting.last().unwrap();
    last.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    assert!(last.read(&mut [0]).is_err(), "the slow ones are still waiting");
}
