//! What the service may be reported: by flags, environment, file, in this order, over defaults.

use std::{collections::BTreeMap, path::PathBuf};

use config::{Config as Layers, Environment, File, FileFormat};
use serde::{Deserialize, Serialize};

use crate::{
    notices::mail::{SmtpConfig, SmtpTls},
    source::Proxies,
    store::Backend,
};

/// File read from the working directory where no other is named.
const DEFAULT_FILE: &str = "guansou.toml";
/// Variables are the fields in upper case after this.
const PREFIX: &str = "GUANSOU";

/// The effective configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data: PathBuf,
    pub corpus: PathBuf,
    pub dictionaries: PathBuf,
    pub listen: String,
    pub trusted_proxies: Proxies,
    pub store: Backend,
    pub max_searches: usize,
    pub timeout_ms: u64,
    pub cache_mb: u64,
    pub log: String,
    pub log_format: LogFormat,
    pub public_url: String,
    pub smtp_host: String,
    pub smtp_port: u16,
    pub smtp_tls: SmtpTls,
    pub smtp_user: String,
    pub smtp_password_file: String,
    pub smtp_sender: String,
    pub smtp_ca_file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// Name, meaning; the order in which `guansou config` prints.
const FIELDS: [(&str, &str); 19] = [
    ("data", "数据目录：记录库、索引与下载的数据包"),
    ("corpus", "事实表目录"),
    ("dictionaries", "词典目录"),
    ("listen", "监听地址"),
    ("trusted_proxies", "可信的反向代理：地址或网段，以逗号分隔；只采信它们写的 X-Forwarded-For"),
    ("store", "记录库：sled 或 redb"),
    ("max_searches", "同时进行的检索数上限"),
    ("timeout_ms", "一次请求的时限（毫秒）"),
    ("cache_mb", "结果缓存的上限（MiB）"),
    ("log", "日志级别：error、warn、info、debug、trace"),
    ("log_format", "日志格式：text 或 json"),
    ("public_url", "对外的网址，如 https://guansou.example.gov.cn：写进邮件、订阅和分享卡片；空的就不写"),
    ("smtp_host", "发通知的邮件服务器；空的就不发邮件"),
    ("smtp_port", "邮件服务器的端口"),
    ("smtp_tls", "邮件的加密：tls（465 端口）、starttls（587 端口）或 none（只用于本机、内网）"),
    ("smtp_user", "邮件服务器的账户；空的就不登录"),
    ("smtp_password_file", "存放邮件账户口令的文件"),
    ("smtp_sender", "发件人，如 官搜 <guansou@example.gov.cn>"),
    ("smtp_ca_file", "签发邮件服务器证书的机构的证书（PEM），用内部证书时才需要"),
];

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "./data".into(),
            corpus: "./corpus".into(),
            dictionaries: "./dictionaries".into(),
            listen: "127.0.0.1:8080".into(),
            trusted_proxies: Proxies::default(),
            store: Backend::Sled,
            // Twice the cores of the machine that this is sized for: one waits for the disk while another computes.
            max_searches: 4,
            timeout_ms: 5_000,
            cache_mb: 64,
            log: "info".into(),
            log_format: LogFormat::Text,
            public_url: String::new(),
            smtp_host: String::new(),
            smtp_port: 465,
            smtp_tls: SmtpTls::Tls,
            smtp_user: String::new(),
            smtp_password_file: String::new(),
            smtp_sender: String::new(),
            smtp_ca_file: String::new(),
        }
    }
}

impl Config {
    /// Scheme and host by which others reach the service, where the operator has named them.
    pub fn public_base(&self) -> Option<String> {
        let base = self.public_url.trim_end_matches('/');
        (!base.is_empty()).then(|| base.to_owned())
    }

    /// The server that takes our mail, where the operator has named one.
    pub fn smtp(&self) -> Option<SmtpConfig> {
        let file = |path: &String| (!path.is_empty()).then(|| PathBuf::from(path));
        (!self.smtp_host.is_empty()).then(|| SmtpConfig {
            host: self.smtp_host.clone(),
            port: self.smtp_port,
            tls: self.smtp_tls,
            user: self.smtp_user.clone(),
            password_file: file(&self.smtp_password_file),
            sender: self.smtp_sender.clone(),
            ca_file: file(&self.smtp_ca_file),
        })
    }
}

/// Whether something is the beginning of an address and no more: scheme, host, perhaps a port.
fn is_base(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| crate::host::is_host(host.trim_end_matches('/')))
}

/// What was given on the command line, by field name.
pub type Flags = BTreeMap<&'static str, String>;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("配置文件 {path} 不存在或无法读取")]
    NoFile { path: String },
    #[error("{place} 中有不认识的配置项“{key}”。可用的配置项：{allowed}")]
    Unknown { place: String, key: String, allowed: String },
    #[error("配置无效：{0}")]
    Invalid(String),
}

/// The configuration and where each value came from.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    origins: BTreeMap<&'static str, &'static str>,
}

/// Puts the layers together. `file` is the one named with `--config`.
pub fn load(file: Option<&PathBuf>, flags: &Flags) -> Result<Loaded, ConfigError> {
    let environment = std::env::vars().filter(|(name, _)| name.starts_with("GUANSOU_"));
    load_from(file, flags, environment.collect())
}

fn load_from(
    file: Option<&PathBuf>,
    flags: &Flags,
    environment: std::collections::HashMap<String, String>,
) -> Result<Loaded, ConfigError> {
    let invalid = |e: config::ConfigError| ConfigError::Invalid(e.to_string());
    let path = file.cloned().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|p| p.exists()));
    let mut origins: BTreeMap<&'static str, &'static str> = FIELDS.iter().map(|(name, _)| (*name, "默认")).collect();
    let defaults = Layers::try_from(&Config::default()).map_err(invalid)?;
    let mut layers = Layers::builder().add_source(defaults);
    if let Some(path) = &path {
        let text =
            std::fs::read_to_string(path).map_err(|_| ConfigError::NoFile { path: path.display().to_string() })?;
        let table: toml::Table =
            toml::from_str(&text).map_err(|e| ConfigError::Invalid(format!("{}：{}", path.display(), e.message())))?;
        for key in table.keys() {
            origins.insert(known(key, &path.display().to_string())?, "文件");
        }
        layers = layers.add_source(File::from_str(&text, FileFormat::Toml));
    }
    for name in environment.keys() {
        let key = name.trim_start_matches("GUANSOU_").to_ascii_lowercase();
        // Variables of the tests themselves are no settings.
        if !key.starts_with("test_") {
            origins.insert(known(&key, "环境变量")?, "环境变量");
        }
    }
    let variables = environment.into_iter().filter(|(name, _)| !name.starts_with("GUANSOU_TEST_")).collect();
    layers = layers.add_source(Environment::with_prefix(PREFIX).try_parsing(true).source(Some(variables)));
    for (name, value) in flags {
        origins.insert(known(name, "命令行")?, "参数");
        layers = layers.set_override(*name, value.as_str()).map_err(invalid)?;
    }
    let config: Config = layers.build().and_then(Layers::try_deserialize).map_err(invalid)?;
    if config.max_searches == 0 || config.timeout_ms == 0 {
        return Err(ConfigError::Invalid("max_searches 与 timeout_ms 应大于 0".into()));
    }
    if !config.public_url.is_empty() && !is_base(&config.public_url) {
        return Err(ConfigError::Invalid("public_url 应如 https://guansou.example.gov.cn，不带路径".into()));
    }
    Ok(Loaded { config, origins })
}

fn known(key: &str, place: &str) -> Result<&'static str, ConfigError> {
    FIELDS.iter().map(|(name, _)| *name).find(|name| *name == key).ok_or_else(|| ConfigError::Unknown {
        place: place.to_owned(),
        key: key.to_owned(),
        allowed: FIELDS.map(|(name, _)| name).join("、"),
    })
}

impl Loaded {
    /// As TOML, each value with its meaning and origin.
    pub fn print(&self) -> Result<String, ConfigError> {
        let table = toml::Table::try_from(&self.config).map_err(|e| ConfigError::Invalid(e.to_string()))?;
        let mut out = String::new();
        for (name, meaning) in FIELDS {
            if let Some(value) = table.get(name) {
                let origin = self.origins.get(name).unwrap_or(&"默认");
                out.push_str(&format!("# {meaning}（{origin}）\n{name} = {value}\n"));
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> std::collections::HashMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.toml");
        std::fs::write(&file, "listen = \"1.1.1.1:1\"\ncache_mb = 7\ndata = \"/file\"\n").unwrap();
        let flags = Flags::from([("listen", "3.3.3.3:3".to_owned())]);
        let vars = environment(&[("GUANSOU_LISTEN", "2.2.2.2:2"), ("GUANSOU_CACHE_MB", "9")]);
        let loaded = load_from(Some(&file), &flags, vars).unwrap();
        let c = &loaded.config;
        assert_eq!((c.listen.as_str(), c.cache_mb, c.data.to_str()), ("3.3.3.3:3", 9, Some("/file")));
        assert_eq!(c.store, Backend::Sled);
        let printed = loaded.print().unwrap();
        for part in ["（参数）\nlisten", "（环境变量）\ncache_mb = 9", "（文件）\ndata", "（默认）\nstore = \"sled\""]
        {
            assert!(printed.contains(part), "{part} in {printed}");
        }
    }

    #[test]
    fn unknown_keys_and_bad_values_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.toml");
        std::fs::write(&file, "port = 1\n").unwrap();
        let message = |r: Result<Loaded, ConfigError>| r.unwrap_err().to_string();
        let text = message(load_from(Some(&file), &Flags::new(), environment(&[])));
        assert!(text.contains("port") && text.contains("listen"), "{text}");
        let text = message(load_from(None, &Flags::new(), environment(&[("GUANSOU_PORT", "1")])));
        assert!(text.contains("环境变量"), "{text}");
        let text = message(load_from(None, &Flags::from([("store", "mongo".to_owned())]), environment(&[])));
        assert!(text.contains("配置无效"), "{text}");
        let wrong = environment(&[("GUANSOU_TRUSTED_PROXIES", "10.0.0.0/8,proxy")]);
        let text = message(load_from(None, &Flags::new(), wrong));
        assert!(text.contains("trusted_proxies") && text.contains("proxy"), "{text}");
        let none = load_from(None, &Flags::new(), environment(&[("GUANSOU_TRUSTED_PROXIES", "")])).unwrap();
        assert!(none.print().unwrap().contains("trusted_proxies = \"\""));
        for wrong in
            ["guansou.cn", "ftp://guansou.cn", "https://guansou.cn/x", "https://a b.cn", "https://u@a.cn", "https://"]
        {
            let text = message(load_from(None, &Flags::from([("public_url", wrong.to_owned())]), environment(&[])));
            assert!(text.contains("public_url"), "{wrong}: {text}");
        }
        let named = environment(&[("GUANSOU_PUBLIC_URL", "https://guansou.cn/"), ("GUANSOU_SMTP_HOST", "mail.cn")]);
        let config = load_from(None, &Flags::new(), named).unwrap().config;
        assert_eq!(config.public_base().as_deref(), Some("https://guansou.cn"));
        let smtp = config.smtp().unwrap();
        assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls, smtp.password_file), ("mail.cn", 465, SmtpTls::Tls, None));
        assert!(Config::default().smtp().is_none() && Config::default().public_base().is_none(), "off by default");
        let text = message(load_from(Some(&dir.path().join("none.toml")), &Flags::new(), environment(&[])));
        assert!(text.contains("none.toml"));
    }
}
