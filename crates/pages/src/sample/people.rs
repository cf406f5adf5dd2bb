//! The people and apps of the samples: an ordinary one, a long one, one from right to left, and one
//! that means harm.

use crate::{App, Person};

pub(super) fn person() -> Person {
    Person {
        name: "Dana Kim".to_owned(),
        email: "dana@acme.example".to_owned(),
    }
}

pub(super) fn rtl_person() -> Person {
    Person {
        name: "دانا كيم".to_owned(),
        email: "dana.kim@acme.example".to_owned(),
    }
}

pub(super) fn long_person() -> Person {
    Person {
        name: "Maximiliane Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh".to_owned(),
        email:
            "maximiliane.wolfeschlegelsteinhausenbergerdorff@research-and-development.acme.example"
                .to_owned(),
    }
}

pub(super) fn app() -> App {
    App {
        name: "Ledgerly".to_owned(),
        host: Some("ledgerly.app".to_owned()),
    }
}

pub(super) fn native_app() -> App {
    App {
        name: "Runboard TV".to_owned(),
        host: None,
    }
}

pub(super) fn long_app() -> App {
    App {
        name: "Gesellschaft für Rechnungszusammenführungsautomatisierungssysteme".to_owned(),
        host: Some("rechnungszusammenfuehrungsautomatisierungssysteme.example".to_owned()),
    }
}

/// Its name would turn a sentence round and end a tag.
pub(super) fn hostile_app() -> App {
    App {
        name: "\u{202e}elgooG\u{202c} <b>Security</b> &amp; \"Co\"".to_owned(),
        host: Some("xn--ggle-55da.example".to_owned()),
    }
}
