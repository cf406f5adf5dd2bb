//! Every key of the configuration.

/// What a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// The path of a file.
    Path,
    /// A whole number.
    Number,
    /// A length of time: `10s`, `500ms`, `2m`, `1h`, `14d`, or a number of seconds.
    Duration,
    /// A list of texts; in the environment with commas between.
    List,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its name, with the section before it.
    pub(super) name: &'static str,
    /// What it may be.
    pub(super) kind: Kind,
    /// What it is where nobody says, for people. Empty: it must be said.
    pub(super) default: &'static str,
    /// What it does.
    pub(super) about: &'static str,
    /// Whether SIGHUP is enough for a change.
    pub(super) reloads: bool,
    /// Whether its value is a secret, or holds one.
    pub(super) secret: bool,
}

const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        kind,
        default,
        about,
        reloads: false,
        secret: false,
    }
}

impl Key {
    const fn reloads(mut self) -> Self {
        self.reloads = true;
        self
    }

    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The variable of the environment that sets it.
    pub(super) fn variable(&self) -> String {
        format!("CARNET_{}", self.name.replace('.', "__").to_uppercase())
    }
}

/// All of them, in the order of the reference page.
pub(super) const KEYS: &[Key] = &[
    key(
        "issuer",
        Kind::Text,
        "",
        "The public URL. Tokens carry it, so it is not changed lightly. https, except on this machine.",
    ),
    key("name", Kind::Text, "the host of issuer", "How pages call this server."),
    key(
        "database_url",
        Kind::Text,
        "sqlite:carnet.db in the state directory",
        "Where everything is kept: sqlite:PATH or postgres://USER@HOST/DATABASE. The state directory is $STATE_DIRECTORY (systemd), or where the server is started.",
    )
    .secret(),
    key(
        "secret_key_file",
        Kind::Path,
        "secret_key in the state directory",
        "The file with the 32 bytes that seal signing keys. Made by carnet init, and needed with every backup.",
    ),
    key(
        "http.listen",
        Kind::List,
        "127.0.0.1:8080",
        "Where the public listener listens: addresses with ports, or unix:/PATH. Without http.tls and http.trusted_proxies it listens on this machine alone: tokens and passwords are not sent in the clear.",
    ),
    key(
        "http.tls.cert",
        Kind::Path,
        "none",
        "The certificate chain in PEM, the server's own first. Without it and its key the listener speaks plain HTTP, for a proxy in front (http.trusted_proxies).",
    )
    .reloads(),
    key("http.tls.key", Kind::Path, "none", "The private key of the certificate, in PEM.").reloads(),
    key(
        "http.client_certificates.ask",
        Kind::Choice(&["off", "optional"]),
        "off",
        "Whether our own TLS asks clients for a certificate (RFC 8705). Nobody must have one.",
    ),
    key(
        "http.client_certificates.ca_file",
        Kind::Path,
        "none",
        "The certificates in PEM of those who certify clients, for tls_client_auth. Without it clients can only register the key of a certificate (self_signed_tls_client_auth).",
    ),
    key(
        "http.client_certificates.header",
        Kind::Text,
        "none",
        "The header in which proxies of http.trusted_proxies tell the certificate that was shown to them: Client-Cert (RFC 9440), or one with PEM or base64 in it. From others it is taken away.",
    ),
    key(
        "http.client_certificates.url",
        Kind::Text,
        "the issuer",
        "The URL of this server under which clients show certificates, where it is another than the issuer: https://mtls.auth.example.com. Only under its host are they asked for.",
    ),
    key(
        "http.trusted_proxies",
        Kind::List,
        "nobody",
        "Who may say where a request came from (X-Forwarded-*, Forwarded): networks like 10.0.0.0/8.",
    ),
    key(
        "http.trace_context",
        Kind::Choice(&["trusted_proxies", "anyone", "nobody"]),
        "trusted_proxies",
        "Whose traceparent is continued.",
    ),
    key("http.max_connections", Kind::Number, "10000", "Connections at a time. Others wait in the backlog of the system."),
    key("http.max_head_bytes", Kind::Number, "65536", "Bytes of a request's head."),
    key("http.max_headers", Kind::Number, "100", "Header lines of a request."),
    key("http.max_body_bytes", Kind::Number, "1048576", "Bytes of a request's body; most endpoints allow less."),
    key("http.max_streams", Kind::Number, "100", "Requests at a time on one HTTP/2 connection."),
    key("http.max_reset_streams", Kind::Number, "20", "Streams of an HTTP/2 connection that were reset before they were looked at."),
    key("http.head_timeout", Kind::Duration, "10s", "From the first byte of a request to the end of its head."),
    key("http.body_timeout", Kind::Duration, "10s", "From the end of the head to the end of the body."),
    key("http.idle_timeout", Kind::Duration, "75s", "A connection without a request."),
    key("http.write_timeout", Kind::Duration, "30s", "A client that does not read what was sent to it."),
    key("http.handshake_timeout", Kind::Duration, "10s", "A TLS handshake."),
    key(
        "ops.listen",
        Kind::Text,
        "127.0.0.1:9090",
        "Where probes and metrics answer (/livez /readyz /metrics), or off. It has no log-in: keep it where only operators reach it.",
    ),
    key(
        "log.format",
        Kind::Choice(&["auto", "pretty", "json"]),
        "auto",
        "How a line looks: for people on a terminal, JSON otherwise.",
    ),
    key(
        "log.level",
        Kind::Text,
        "info",
        "From which level on, and for which parts: info, or info,carnet_server=debug.",
    )
    .reloads(),
    key(
        "rate.refusals_per_minute",
        Kind::Number,
        "6000",
        "How many refusals (failed authentication, malformed requests) one address, or one IPv6 /64, may cause in a minute at the token endpoint, introspection, revocation and the admin API; after that it is answered 429. 0 switches the limit off. Behind a proxy set http.trusted_proxies first.",
    ),
    key("rate.refusals_burst", Kind::Number, "20000", "How many of them at a time."),
    key(
        "rate.named_per_minute",
        Kind::Number,
        "1200",
        "How many refused assertions may name one account from one address in a minute. 0 switches the limit off.",
    ),
    key("rate.named_burst", Kind::Number, "5000", "How many of them at a time."),
    key(
        "rate.devices_per_minute",
        Kind::Number,
        "120",
        "Codes for devices that one address may ask for in a minute; 0 for no limit.",
    ),
    key("rate.devices_burst", Kind::Number, "600", "How many of them at a time."),
    key(
        "rate.people_per_minute",
        Kind::Number,
        "600",
        "What one person who is signed in may ask of their own pages and answer there in a minute; 0 for no limit.",
    ),
    key("rate.people_burst", Kind::Number, "2000", "How much of that at a time."),
    key(
        "rate.requests_per_minute",
        Kind::Number,
        "0",
        "How many requests of any kind one address may send in a minute. 0: as many as it likes.",
    ),
    key("rate.requests_burst", Kind::Number, "100000", "How many of them at a time."),
    key("rate.max_remembered", Kind::Number, "100000", "How many addresses and names each limit remembers."),
    key(
        "rate.max_work",
        Kind::Number,
        "1024",
        "How many requests may verify, sign or write at a time. Others wait.",
    ),
    key("rate.max_waiting", Kind::Number, "1024", "How many may wait; beyond that they are answered 503 at once."),
    key("rate.max_wait", Kind::Duration, "1s", "How long they wait before they are answered 503."),
    key(
        "password.memory_kib",
        Kind::Number,
        "19456",
        "Memory of a password hash (Argon2id) in KiB, 7168 to 131072. Each thread keeps as much.",
    ),
    key("password.passes", Kind::Number, "2", "How often a password hash goes over its memory, 1 to 10."),
    key(
        "password.threads",
        Kind::Number,
        "one less than the processors",
        "How many threads hash passwords, 1 to 256. They do nothing else, and nothing else hashes.",
    ),
    key("password.max_waiting", Kind::Number, "256", "How many passwords may wait for a thread; beyond that sign-in answers 503."),
    key("password.max_wait", Kind::Duration, "5s", "How long a password may take, with its wait, before sign-in answers 503."),
    key(
        "session.idle",
        Kind::Duration,
        "14d",
        "How long a person stays signed in with a browser that is not used, 5m to 365d.",
    ),
    key(
        "session.absolute",
        Kind::Duration,
        "90d",
        "How long a person stays signed in in any case, 5m to 365d.",
    ),
    key(
        "registration.documents",
        Kind::Choice(&["off", "listed", "any"]),
        "off",
        "Whose documents are taken: an app whose client_id is the URL of a document about it needs no registration (MCP clients come so).",
    ),
    key(
        "registration.document_hosts",
        Kind::List,
        "nobody",
        "The hosts whose documents are taken where only listed ones are: app.example.com. Nothing is a pattern.",
    ),
    key(
        "registration.project",
        Kind::Text,
        "carnet",
        "The project that apps belong to which no administrator made. Its scopes are those that they may ask for, its organization's policies are those that hold for them.",
    ),
    key(
        "registration.unused",
        Kind::Duration,
        "30d",
        "How long such an app stays that nobody has let in, 1h to 365d.",
    ),
    key(
        "registration.dynamic",
        Kind::Choice(&["off", "invited", "open"]),
        "invited",
        "Who may register clients at /register: nobody, who has an initial access token, or anybody (then with https and loopback redirect URIs alone).",
    ),
    key("registration.max_clients", Kind::Number, "10000", "How many clients may have registered themselves, 1 to 1000000."),
    key("registration.per_hour", Kind::Number, "60", "How many clients one address may register at once; as many come back in an hour, evenly. At most 100000; 0: as many as it likes."),
    key(
        "outbound.allow",
        Kind::List,
        "nobody",
        "What may be fetched though its address is not public: hosts like keys.example.com, networks like 10.1.0.0/16. Documents of clients live there, and whoever may name one can have anything fetched that is listed.",
    ),
    key(
        "outbound.ca_file",
        Kind::Path,
        "none",
        "Certificates in PEM that are believed besides the system's when something is fetched.",
    ),
    key(
        "outbound.plain_http",
        Kind::Choice(&["off", "loopback"]),
        "off",
        "Whether plain http is spoken with this machine (whose address outbound.allow must list too). With others it never is.",
    ),
    key(
        "outbound.aws_keys_file",
        Kind::Path,
        "none",
        "A JSON array of keys of AWS whose signatures are verified here instead of by AWS: access_key_id, secret_access_key, session_token (for a temporary key), account, arn, user_id.",
    ),
    key(
        "outbound.aws_url",
        Kind::Text,
        "AWS",
        "Who is asked who signed a request to AWS, where it is a stand-in: https://aws.internal.example:4566. Whoever answers there says who workloads are.",
    ),
    key("outbound.timeout", Kind::Duration, "5s", "How long a document may take that is fetched, 1s to 30s."),
    key(
        "par.lifetime",
        Kind::Duration,
        "60s",
        "How long a pushed authorization request is good that no browser has brought, 5s to 10m.",
    ),
    key(
        "par.required",
        Kind::Choice(&["by_app", "always"]),
        "by_app",
        "Who must push authorization requests (RFC 9126 section 5): the apps that are registered so, or every app.",
    ),
    key(
        "dpop.nonce",
        Kind::Choice(&["optional", "required"]),
        "optional",
        "Whether each proof of possession must carry a nonce of this server.",
    ),
    key(
        "google.listen",
        Kind::Text,
        "off",
        "Where Google's names are served over TLS, with certificates of an authority of our own: 127.0.0.1:8443. See docs/google.md for what trusting it means.",
    ),
    key(
        "google.proxy",
        Kind::Text,
        "off",
        "Where a proxy for HTTPS_PROXY listens that leads Google's names to google.listen: 127.0.0.1:8444.",
    ),
    key(
        "google.reach",
        Kind::Choice(&["loopback", "anywhere"]),
        "loopback",
        "Whether both may listen on addresses that other machines reach.",
    ),
    key(
        "google.others",
        Kind::Choice(&["refuse", "tunnel"]),
        "refuse",
        "What the proxy does with other names. Tunnels are led from a loopback address alone.",
    ),
    key(
        "google.universe",
        Kind::Text,
        "none",
        "A universe domain that has Google's names below it: carnet.test for sts.carnet.test and so on.",
    ),
    key(
        "google.folder",
        Kind::Path,
        "the state directory",
        "Where the authority's certificate (google-ca.pem) and its key (google-ca.key, for its owner alone) are kept.",
    ),
    key(
        "drain.delay",
        Kind::Duration,
        "2s",
        "How long requests are still taken after SIGTERM, so that load balancers can notice.",
    ),
    key(
        "drain.timeout",
        Kind::Duration,
        "8s",
        "How long after SIGTERM the last request may end. Supervisors kill after ten seconds by default.",
    ),
];

/// The key of this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The name that was meant, if there is one close.
pub(super) fn closest(name: &str) -> Option<&'static str> {
    let names = || KEYS.iter().map(|key| key.name);
    // The right key in the wrong section is closer than any misspelling.
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    let elsewhere = names().find(|other| last(other) == last(name));
    crate::nearest::nearest(name, names()).or(elsewhere)
}
