//! Which body a scheme means by the name that it uses: 市市场监管局 for 甲市市场监督管理局.

/// Characters of a full name that a short one leaves out, at most as a share of it: 国家发展和改革委员会 keeps 发展改革委.
const LEFT_OUT: f32 = 0.6;

/// Endings that are one: 委 for 委员会, 办 for 办公室.
fn ended(name: &str) -> String {
    for (long, short) in [("委员会", "委"), ("办公室", "办"), ("办公厅", "办")] {
        if let Some(front) = name.strip_suffix(long) {
            return format!("{front}{short}");
        }
    }
    name.to_owned()
}

/// Characters of `full` that `short` leaves out; `None` where it is no short form of it: its characters in their order,
/// with the same end.
fn left_out(short: &str, full: &str) -> Option<usize> {
    let (short, full) = (ended(short), ended(full));
    let (s, f): (Vec<char>, Vec<char>) = (short.chars().collect(), full.chars().collect());
    if s.len() < 2 || s.last() != f.last() {
        return None;
    }
    // From the end, since regions in front are what is left out most.
    let mut at = f.len();
    for c in s.iter().rev() {
        at = f[..at].iter().rposition(|known| known == c)?;
    }
    let out = f.len() - s.len();
    (out as f32 <= f.len() as f32 * LEFT_OUT).then_some(out)
}

/// Which of some bodies is meant by a name; `None` where none or several may be.
pub fn meant<'n>(name: &str, bodies: impl Iterator<Item = &'n str>) -> Option<usize> {
    let mut found: Vec<(usize, usize)> =
        bodies.enumerate().filter_map(|(at, full)| Some((left_out(name, full)?, at))).collect();
    found.sort_unstable();
    match found[..] {
        [] => None,
        [(_, only)] => Some(only),
        // The nearest, where it is the only one so near.
        [(first, at), (second, _), ..] => (first < second).then_some(at),
    }
}

/// Whether a name may mean a body.
pub fn may_mean(name: &str, full: &str) -> bool {
    left_out(name, full).is_some()
}
