//! How many files this process may have open: connections are files too.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the bound to `wanted` where the system lets it: the one that processes begin with (1,024 on most) is for programs
/// that cannot do with more. Not to whatever is allowed, since programs that are started from here may walk through all.
pub fn raise(wanted: usize) {
    let wanted = wanted as u64;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_some_and(|current| current < wanted) {
        let current = Some(maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        // Where that fails, the bound stays what it was, and connections are bounded by it.
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
    }
}

/// How many files may be open now.
pub fn limit() -> usize {
    getrlimit(Resource::Nofile).current.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_never_lowered() {
        let before = limit();
        raise(1);
        assert_eq!(limit(), before);
        raise(before);
        assert_eq!(limit(), before);
    }
}
