//! `carnet audit export`: the whole log, oldest first, in a memory that does not grow with it.
//!
//! 1. The API lists newest first. So the pages are walked once to learn where each begins, and of
//!    each only that is kept.
//! 2. Then they are read again from the last to the first, and each is printed backwards. Entries
//!    that are written meanwhile stand before the first page, and are not in the export.

use super::Filter;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::work::Work;

/// Entries of a page.
const PAGE: usize = 500;

/// The most pages that are walked: fifty million entries.
const MOST: usize = 100_000;

/// Prints all entries.
pub(super) async fn run(filter: &Filter, work: &Work<'_>) -> Result<Exit, Failure> {
    let request = filter.request();
    let (newest, mut next) = work.admin.page(&request, None, PAGE).await?;
    let mut starts: Vec<String> = Vec::new();
    while let Some(start) = next {
        if starts.len() >= MOST {
            let what = "the log has more than fifty million entries that match";
            return Err(Failure::new(Exit::Failed, what)
                .fix("take less of it: --actor, --action or --target"));
        }
        (_, next) = work.admin.page(&request, Some(&start), PAGE).await?;
        starts.push(start);
    }
    let mut count = newest.len();
    while let Some(start) = starts.pop() {
        let (page, _) = work.admin.page(&request, Some(&start), PAGE).await?;
        count += page.len();
        for entry in page.iter().rev() {
            work.output.line(entry)?;
        }
    }
    for entry in newest.iter().rev() {
        work.output.line(entry)?;
    }
    work.output.note(format!("{count} entries"));
    Ok(Exit::Success)
}
