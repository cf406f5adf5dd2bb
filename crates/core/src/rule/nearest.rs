//! "Did you mean": the known name that differs from a typed one by the fewest letters.

/// Longer names are not compared.
const LONGEST: usize = 120;

/// Beyond this many known names none is looked for.
const MOST: usize = 2_000;

/// The name that differs by the fewest letters, if by at most three and a quarter of them.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > LONGEST {
        return None;
    }
    // Beyond the bound none is looked for, rather than one among the first that happen to come.
    let known: Vec<&str> = known.into_iter().take(MOST + 1).collect();
    if known.len() > MOST {
        return None;
    }
    known
        .into_iter()
        .filter(|name| name.len().abs_diff(typed.len()) <= 3)
        .map(|name| (distance(typed.as_bytes(), name.as_bytes()), name))
        .filter(|(far, _)| *far <= 3 && far * 4 <= typed.len())
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be added, dropped or changed (Levenshtein).
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.iter().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (above, known) in row.iter().skip(1).zip(other) {
            let change = diagonal + usize::from(letter != known);
            left = change.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn letters_are_counted() {
        assert_eq!(distance(b"calender.readonly", b"calendar.readonly"), 1);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"abc", b"abc"), 0);
        assert_eq!(distance(b"kitten", b"sitting"), 3);
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let known = ["display_name", "description", "account_id"];
        assert_eq!(nearest("displayname", known), Some("display_name"));
        assert_eq!(nearest("acount_id", known), Some("account_id"));
        assert_eq!(nearest("id", known), None);
        assert_eq!(nearest("colour", known), None);
    }
}
