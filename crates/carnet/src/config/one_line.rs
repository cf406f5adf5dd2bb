//! Texts of somebody else, as they stand in a line of ours.

/// The text with its control characters written out: it stands on one line of a terminal.
pub(super) fn on_one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// The beginning of a text of somebody's.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((place, _)) => format!("{}...", text.get(..place).unwrap_or_default()),
        None => text.to_owned(),
    }
}
