//! 80xx: the store, and the start of the server.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::DATABASE_DAMAGED,
    Crn::SCHEMA_NEWER,
    Crn::SECRET_KEY,
    Crn::DATABASE_NOT_REACHABLE,
    Crn::ADDRESS_NOT_AVAILABLE,
    Crn::TLS_FILES,
    Crn::GOOGLE_AUTHORITY,
];

impl Crn {
    /// 8001: the database is damaged.
    pub const DATABASE_DAMAGED: Self = Self::of(&Entry {
        number: 8001,
        title: "The database is damaged",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "What the database holds cannot be right, so the server does not start; it never \
                  begins anew by itself.",
        causes: &[
            "The disk or the file system lost data.",
            "The file was copied while a server was using it, or without its -wal file.",
            "The file is not a database of Carnet.",
        ],
        fixes: &[
            Fix::new("Keep a copy of the damaged file."),
            Fix::new("Restore the latest backup."),
            Fix::shown(
                "See how far the damage goes.",
                &[Snippet::new(
                    "shell",
                    "sqlite3 carnet.db 'PRAGMA integrity_check'",
                )],
            ),
        ],
        sections: &["Carnet: operation, backup"],
        related: &[8002, 8004],
    });

    /// 8002: a newer Carnet wrote the database.
    pub const SCHEMA_NEWER: Self = Self::of(&Entry {
        number: 8002,
        title: "The database was written by a newer Carnet",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The schema is newer than this program knows, so it does not touch the data.",
        causes: &[
            "The program was set back to an older version.",
            "Two versions share one database.",
        ],
        fixes: &[
            Fix::new("Start the newer version."),
            Fix::new("Restore the backup from before the upgrade, if the older version is needed."),
        ],
        sections: &["Carnet: operation, upgrade"],
        related: &[8001],
    });

    /// 8003: the secret key is missing or wrong.
    pub const SECRET_KEY: Self = Self::of(&Entry {
        number: 8003,
        title: "The secret key is missing or does not fit the database",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The signing keys in the database are sealed with another key than the one in \
                  secret_key_file.",
        causes: &[
            "CARNET_SECRET_KEY_FILE is not set, or names another file.",
            "The file was made anew, and the database is the old one.",
            "The file was cut, or has more in it than the key.",
        ],
        fixes: &[
            Fix::new("Give the server the key file that belongs to this database."),
            Fix::shown(
                "Make one, if there is no database yet.",
                &[Snippet::new("shell", "carnet init")],
            ),
        ],
        sections: &["Carnet: operation, secrets"],
        related: &[7005, 8001],
    });

    /// 8004: the database cannot be opened.
    pub const DATABASE_NOT_REACHABLE: Self = Self::of(&Entry {
        number: 8004,
        title: "The database cannot be opened",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The server at database_url does not answer or does not let us in, or the file \
                  cannot be opened.",
        causes: &[
            "The database is not running, or its host name or port is wrong.",
            "The password or the role is wrong.",
            "The directory of the SQLite file does not exist, or belongs to another user.",
            "Another process holds the SQLite file.",
        ],
        fixes: &[
            Fix::shown(
                "Try the address by hand.",
                &[Snippet::new(
                    "shell",
                    "psql \"$DATABASE_URL\" -c 'select 1'",
                )],
            ),
            Fix::new("Correct database_url."),
        ],
        sections: &["Carnet: configuration, database_url"],
        related: &[5002, 8001],
    });

    /// 8005: the address cannot be listened on.
    pub const ADDRESS_NOT_AVAILABLE: Self = Self::of(&Entry {
        number: 8005,
        title: "The address cannot be listened on",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The operating system did not give us the address and port that the configuration \
                  names.",
        causes: &[
            "Another program, or another Carnet, has the port.",
            "Ports below 1024 need a permission.",
            "The address is not one of this machine.",
        ],
        fixes: &[
            Fix::shown(
                "Find who has the port.",
                &[Snippet::new("Linux", "ss -ltnp | grep 8080")],
            ),
            Fix::shown(
                "Use another port.",
                &[Snippet::new("shell", "carnet dev --port 0")],
            ),
        ],
        sections: &["Carnet: configuration, http.listen"],
        related: &[7002],
    });

    /// 8006: the TLS files cannot be used.
    pub const TLS_FILES: Self = Self::of(&Entry {
        number: 8006,
        title: "The certificate or its key cannot be used",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The files of http.tls cannot be read as a certificate chain and the private key \
                  that belongs to it.",
        causes: &[
            "The key belongs to another certificate.",
            "The files are swapped, or not PEM.",
            "The private key is sealed with a password.",
        ],
        fixes: &[Fix::shown(
            "Compare the public keys.",
            &[Snippet::new(
                "shell",
                "openssl x509 -in cert.pem -noout -pubkey | openssl dgst -sha256\n\
                 openssl pkey -in key.pem -pubout | openssl dgst -sha256",
            )],
        )],
        sections: &["Carnet: configuration, http.tls"],
        related: &[7005],
    });

    /// 8007: the certificate authority for Google's names cannot be used.
    pub const GOOGLE_AUTHORITY: Self = Self::of(&Entry {
        number: 8007,
        title: "The certificate authority for Google's names cannot be used",
        proof: Proof::Owner,
        answer: Answer::Start,
        meaning: "The key of the authority that certifies Google's names on this machine cannot be read, cannot \
                  be written, or can be read by others than its owner.",
        causes: &[
            "The permissions of google-ca.key were widened.",
            "The folder cannot be written by the server's user.",
            "The file was changed by hand.",
        ],
        fixes: &[
            Fix::shown(
                "Let its owner alone read the key.",
                &[Snippet::new("shell", "chmod 600 google-ca.key")],
            ),
            Fix::shown(
                "Begin with a new authority, which every program has to trust anew.",
                &[Snippet::new("shell", "rm google-ca.key google-ca.pem")],
            ),
        ],
        sections: &["Carnet: docs/google.md, Google's names on this machine"],
        related: &[8006],
    });
}
