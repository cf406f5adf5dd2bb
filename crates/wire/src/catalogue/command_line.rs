//! 70xx: the command line and the configuration.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::CONFIG_KEY_UNKNOWN,
    Crn::CONFIG_VALUE,
    Crn::KEY_FILE,
    Crn::NOT_REACHABLE,
    Crn::FILE_NOT_READABLE,
    Crn::NO_CREDENTIAL,
    Crn::NOT_CARNET,
    Crn::CONFIG_KEY_MISSING,
    Crn::CONFIG_NOT_TOML,
];

const FAILED: Answer = Answer::CommandLine { exit: 1 };

const CHECK: Fix = Fix::shown(
    "Check the configuration.",
    &[Snippet::new("shell", "carnet config check")],
);

impl Crn {
    /// 7001: a key of the configuration is unknown.
    pub const CONFIG_KEY_UNKNOWN: Self = Self::of(&Entry {
        number: 7001,
        title: "A key of the configuration is unknown",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The server does not start with a key that it does not know, as it may be a \
                  safeguard misspelt.",
        causes: &[
            "The key is misspelt; the message names the closest one.",
            "The key stands in another section.",
            "An environment variable that begins with CARNET_ is meant for something else.",
        ],
        fixes: &[Fix::new("Correct or remove the key."), CHECK],
        sections: &["Carnet: configuration"],
        related: &[7002, 7008, 7009],
    });

    /// 7002: a value of the configuration is wrong.
    pub const CONFIG_VALUE: Self = Self::of(&Entry {
        number: 7002,
        title: "A value of the configuration is not allowed",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The key is known, and its value is of another type, out of its bounds, or \
                  contradicts another.",
        causes: &[
            "A number stands in quotes, or a URL lacks its https.",
            "A duration is longer than is safe.",
        ],
        fixes: &[
            Fix::new("Set a value within the bounds that the message names."),
            CHECK,
        ],
        sections: &["Carnet: configuration"],
        related: &[7001],
    });

    /// 7003: the key file cannot be used.
    pub const KEY_FILE: Self = Self::of(&Entry {
        number: 7003,
        title: "The key file cannot be used",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The file is not a service account key as the server gave it out.",
        causes: &[
            "The private key has a backslash and an n where line ends should be, from an \
             environment variable.",
            "The private key was copied without its first or last line.",
            "The file is of another kind, for example that of an app.",
            "The file was changed by an editor or a template.",
        ],
        fixes: &[
            Fix::shown(
                "Let Carnet name the fault.",
                &[Snippet::new("shell", "carnet sa key check key.json")],
            ),
            Fix::shown(
                "Turn backslash and n into line ends.",
                &[
                    Snippet::new(
                        "JavaScript",
                        "const key = process.env.PRIVATE_KEY.replace(/\\\\n/g, '\\n');",
                    ),
                    Snippet::new(
                        "Python",
                        "key = os.environ['PRIVATE_KEY'].replace('\\\\n', '\\n')",
                    ),
                    Snippet::new("shell", "printf '%b' \"$PRIVATE_KEY\" > private.pem"),
                ],
            ),
            Fix::shown(
                "Make a new key.",
                &[Snippet::new(
                    "shell",
                    "carnet sa key create ACCOUNT --out key.json",
                )],
            ),
        ],
        sections: &["RFC 7468 section 10", "RFC 5208"],
        related: &[2005, 7005],
    });

    /// 7004: the server is not reachable.
    pub const NOT_REACHABLE: Self = Self::of(&Entry {
        number: 7004,
        title: "The server is not reachable",
        proof: Proof::Nothing,
        answer: Answer::CommandLine { exit: 7 },
        meaning: "No connection could be made, or no answer came in time.",
        causes: &[
            "The server is not running, or listens on another address.",
            "The host name is wrong, or is not known in this network.",
            "A proxy or firewall is in between.",
            "The certificate of the server is not trusted here.",
        ],
        fixes: &[
            Fix::shown(
                "Try the address by hand.",
                &[Snippet::new(
                    "curl",
                    "curl -v https://ISSUER/.well-known/openid-configuration",
                )],
            ),
            Fix::shown(
                "Name the proxy.",
                &[Snippet::new(
                    "shell",
                    "export HTTPS_PROXY=http://proxy.example:3128",
                )],
            ),
            Fix::shown(
                "Name the certificates to trust.",
                &[Snippet::new("shell", "export SSL_CERT_FILE=ca.pem")],
            ),
        ],
        sections: &["Carnet: command line, exit codes"],
        related: &[5002, 7007],
    });

    /// 7005: a file cannot be read or written.
    pub const FILE_NOT_READABLE: Self = Self::of(&Entry {
        number: 7005,
        title: "A file cannot be read or written",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The operating system refused to open the file that the message names.",
        causes: &[
            "The path is misspelt, or is relative to another directory.",
            "The file belongs to another user.",
            "The directory does not exist.",
        ],
        fixes: &[Fix::shown(
            "Look at the file and its owner.",
            &[Snippet::new("shell", "ls -l FILE")],
        )],
        sections: &["Carnet: command line"],
        related: &[7003, 7009],
    });

    /// 7006: no credential was given.
    pub const NO_CREDENTIAL: Self = Self::of(&Entry {
        number: 7006,
        title: "There is nothing to sign in with",
        proof: Proof::Nothing,
        answer: Answer::CommandLine { exit: 4 },
        meaning: "The command needs a token or a key file, and neither flag, environment nor \
                  context names one.",
        causes: &[
            "No context was made on this machine, or another one is active.",
            "The sign-in of the context has ended, or was taken back.",
            "GOOGLE_APPLICATION_CREDENTIALS is not set in this shell, or not exported.",
        ],
        fixes: &[
            Fix::shown(
                "Sign in.",
                &[Snippet::new("shell", "carnet login https://ISSUER")],
            ),
            Fix::shown(
                "Keep the server and the key file of an administrator.",
                &[Snippet::new(
                    "shell",
                    "carnet context create NAME --url https://ISSUER --key key.json",
                )],
            ),
            Fix::shown(
                "Name a key file.",
                &[Snippet::new(
                    "shell",
                    "export GOOGLE_APPLICATION_CREDENTIALS=$PWD/key.json",
                )],
            ),
        ],
        sections: &["Carnet: command line, environment"],
        related: &[6001, 7003],
    });

    /// 7007: something else answered.
    pub const NOT_CARNET: Self = Self::of(&Entry {
        number: 7007,
        title: "The answer is not one of Carnet",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "Something answered at this address, and not in the form that the command \
                  understands.",
        causes: &[
            "A proxy or load balancer answered with a page of its own.",
            "The address is that of another program.",
            "The server is much older or newer than this command.",
        ],
        fixes: &[
            Fix::shown(
                "Look at the answer.",
                &[Snippet::new(
                    "curl",
                    "curl -i https://ISSUER/.well-known/openid-configuration",
                )],
            ),
            Fix::shown(
                "Compare the versions.",
                &[Snippet::new("shell", "carnet --version")],
            ),
        ],
        sections: &["RFC 8414 section 3"],
        related: &[1011, 7004],
    });

    /// 7008: a key of the configuration is missing.
    pub const CONFIG_KEY_MISSING: Self = Self::of(&Entry {
        number: 7008,
        title: "A key of the configuration is missing",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The server cannot guess this value, and does not start without it.",
        causes: &[
            "The configuration file was not found, so nothing was set.",
            "The key stands in another section.",
        ],
        fixes: &[
            Fix::shown(
                "Set it in the file or the environment.",
                &[
                    Snippet::new("carnet.toml", "issuer = \"https://auth.example.com\""),
                    Snippet::new("shell", "export CARNET_ISSUER=https://auth.example.com"),
                ],
            ),
            Fix::shown(
                "Name the file.",
                &[Snippet::new("shell", "carnet serve --config carnet.toml")],
            ),
        ],
        sections: &["Carnet: configuration"],
        related: &[7001, 7002],
    });

    /// 7009: the configuration is not TOML.
    pub const CONFIG_NOT_TOML: Self = Self::of(&Entry {
        number: 7009,
        title: "The configuration file is not TOML",
        proof: Proof::Nothing,
        answer: FAILED,
        meaning: "The file cannot be read as TOML; the message names the line.",
        causes: &[
            "A text stands without quotes.",
            "A key or section is there twice.",
        ],
        fixes: &[Fix::new("Correct the line that the message names."), CHECK],
        sections: &["Carnet: configuration", "TOML 1.0"],
        related: &[7001, 7005],
    });
}
