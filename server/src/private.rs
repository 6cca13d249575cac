//! What is in the data directory is its owner's alone: drafts, hashes of passwords, originals that are not public.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rustix::{fs::Mode, process::umask};

/// What this service keeps in the data directory; nothing else that lies there is touched.
const OURS: [&str; 4] = ["store", "files", "index", "packages"];
/// Rights of others than the owner.
const OTHERS: u32 = 0o077;
/// A directory that many share, as `/tmp`.
const SHARED: u32 = 0o1000;

/// Whatever this process writes from now on is its owner's alone.
pub fn write_for_owner() {
    umask(Mode::from_raw_mode(OTHERS));
}

/// Takes from others what an earlier version, or somebody by hand, gave them; how many files and directories that were.
/// Where the directory itself is closed, everything below it was closed with it, and is not looked through.
pub fn close(data: &Path) -> io::Result<usize> {
    let mode = match fs::metadata(data) {
        Ok(found) => found.permissions().mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    if mode & OTHERS == 0 {
        return Ok(0);
    }
    if mode & SHARED != 0 {
        return Err(io::Error::other("它是多人共用的目录，请换一个"));
    }
    let mut closed = 0;
    let mut below: Vec<PathBuf> = OURS.iter().map(|name| data.join(name)).collect();
    while let Some(path) = below.pop() {
        let found = match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_symlink() => found,
            // What links lead to may be anybody's; what is gone by now needs nothing.
            Ok(_) => continue,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if found.is_dir() {
            for entry in fs::read_dir(&path)? {
                below.push(entry?.path());
            }
        }
        let mode = found.permissions().mode();
        if mode & OTHERS != 0 {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode & !OTHERS))?;
            closed += 1;
        }
    }
    // Last, so that what is interrupted is done again.
    fs::set_permissions(data, fs::Permissions::from_mode(mode & !OTHERS))?;
    Ok(closed + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_others_could_read_is_closed_once_and_nothing_else_is_touched() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        assert_eq!(close(&data).unwrap(), 0, "not there yet");
        let outside = dir.path().join("outside");
        let (deep, file, foreign) = (data.join("files/ab"), data.join("files/ab/c"), data.join("notes.txt"));
        fs::create_dir_all(&deep).unwrap();
        for path in [&outside, &file, &foreign] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o664)).unwrap();
        }
        fs::set_permissions(&deep, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(data.join("files"), fs::Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(&outside, data.join("files/link")).unwrap();
        assert_eq!(close(&data).unwrap(), 3);
        assert_eq!([&data, &deep, &file, &foreign, &outside].map(|p| mode(p)), [0o700, 0o700, 0o600, 0o664, 0o664]);
        assert_eq!(close(&data).unwrap(), 0);
        fs::set_permissions(&data, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(close(&data).is_err(), "a shared directory stays open to those who share it");
        assert_eq!(mode(&data), 0o777);
    }
}
