//! What somebody may have meant: the closest of the names that there are.

/// The name that is closest, if it is close: at most two letters wrong, or a third of them.
pub(crate) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    names
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be added, left out, changed or swapped with their neighbour (optimal
/// string alignment). Long texts are not compared.
fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 100;
    let left: Vec<char> = left.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=left.len()).collect();
    let mut previous = None;
    for (row, letter) in right.chars().take(LONGEST).enumerate() {
        let mut next = vec![row + 1];
        for (column, own) in left.iter().enumerate() {
            let at =
                |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX - 1);
            let swapped = match (column.checked_sub(1), previous) {
                (Some(one), Some(previous))
                    if left.get(one) == Some(&letter) && *own == previous =>
                {
                    at(&before, one) + 1
                }
                _ => usize::MAX,
            };
            let best = (at(&last, column) + usize::from(*own != letter))
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1)
                .min(swapped);
            next.push(best);
        }
        before = std::mem::replace(&mut last, next);
        previous = Some(letter);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn what_is_close_is_meant() {
        let names = ["listen", "trusted_proxies", "tls"];
        assert_eq!(nearest("lisen", names.into_iter()), Some("listen"));
        assert_eq!(
            nearest("trusted_proxy", names.into_iter()),
            Some("trusted_proxies")
        );
        assert_eq!(nearest("tsl", names.into_iter()), Some("tls"));
        assert_eq!(nearest("whatever", names.into_iter()), None);
        assert_eq!(nearest("", names.into_iter()), None);
    }

    #[test]
    fn a_swap_is_one_step() {
        assert_eq!(distance("calender", "calendar"), 1);
        assert_eq!(distance("clinet", "client"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
