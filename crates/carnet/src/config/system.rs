//! The environment and the files of this process.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::setting::Outside;
use crate::environment;

/// What this process finds around itself.
#[derive(Debug)]
pub(super) struct System;

impl Outside for System {
    fn variable(&self, name: &str) -> Option<String> {
        environment::value(name)
    }

    fn variables(&self) -> Vec<String> {
        environment::names().collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    // The length that a file says it has is no bound: that of a pipe is nought.
    fn contents(&self, path: &Path, most: u64) -> Result<String, String> {
        let mut bytes = Vec::new();
        let read = File::open(path)
            .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
        match read {
            Err(error) => Err(error.to_string()),
            Ok(length) if length as u64 > most => Err(format!("it is larger than {most} bytes")),
            Ok(_) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
        }
    }
}
