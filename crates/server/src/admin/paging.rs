//! Pages of lists. The cursors between them: [`crate::cursors`].

use carnet_core::store::Page;

/// How many items a page has unless asked otherwise.
pub(crate) const DEFAULT_SIZE: u16 = 50;

/// The page that was asked for: `None` where the size is not one.
pub(crate) fn size(asked: Option<&str>) -> Option<u16> {
    match asked {
        None => Some(DEFAULT_SIZE),
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=Page::MOST).contains(size)),
    }
}
