//! A list as people write it: one text, texts with commas between (as an environment variable must),
//! or an array.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de;
use serde::de::SeqAccess;
use serde::de::Visitor;

/// A list that was written in the configuration.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Written(pub Vec<String>);

/// The longest list that is read.
const LONGEST: usize = 1_000;

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of at most 1000 texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let list: Vec<String> = parts.take(LONGEST + 1).map(str::to_owned).collect();
        if list.len() > LONGEST {
            Err(E::invalid_length(list.len(), &self))
        } else {
            Ok(Written(list))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Written, A::Error> {
        let mut list = Vec::new();
        while let Some(text) = sequence.next_element::<String>()? {
            if list.len() == LONGEST {
                return Err(de::Error::invalid_length(LONGEST + 1, &self));
            }
            list.push(text);
        }
        Ok(Written(list))
    }
}
