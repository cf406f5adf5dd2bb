//! The texts that `carnet init` writes.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use carnet_wire::crn::Crn;

use super::Answers;
use crate::failure::Failure;

/// `carnet.toml`, with what most want to change, each with a word about it.
pub(super) fn toml(answers: &Answers, secret: &Path) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let secret = quoted(&secret.display().to_string());
    let Answers {
        issuer,
        database,
        listen,
        trusted_proxies,
        ..
    } = answers;
    let proxies = if trusted_proxies.is_empty() {
        "# trusted_proxies = [\"10.0.0.0/8\"]".to_owned()
    } else {
        let proxies: Vec<_> = trusted_proxies
            .iter()
            .map(|net| quoted(&net.to_string()))
            .collect();
        format!("trusted_proxies = [{}]", proxies.join(", "))
    };
    let (issuer, database, listen) = (quoted(issuer), quoted(database), quoted(listen));
    format!(
        "\
# carnet.toml   all keys: carnet config schema   check: carnet config check

# The public URL. Tokens carry it: do not change it lightly.
issuer = {issuer}

# sqlite:PATH, or postgres://USER@HOST/DATABASE (a password belongs into DATABASE_URL_FILE)
database_url = {database}

# Seals the signing keys in the database. Keep a copy of it with each backup.
secret_key_file = {secret}

[http]
# Without a proxy in front and without tls, this machine alone.
listen = {listen}
# Who may set X-Forwarded-For and X-Forwarded-Proto: the proxies in front.
{proxies}
# Without a proxy in front, TLS is spoken here. Files are read again on SIGHUP.
# tls = {{ cert = \"/etc/carnet/cert.pem\", key = \"/etc/carnet/key.pem\" }}

[ops]
# /livez /readyz /metrics. There is no log-in: keep it where only operators reach it.
listen = \"127.0.0.1:9090\"

[log]
# error, warn, info, debug, trace; or for parts: info,carnet_server=debug. Read again on SIGHUP.
level = \"info\"
"
    )
}

/// A systemd unit that starts this program in a locked room.
pub(super) fn unit(folder: &Path) -> Result<String, Failure> {
    let program = std::env::current_exe().map_err(anyhow::Error::from)?;
    let (program, folder) = (program.display(), folder.display());
    Ok(format!(
        "\
[Unit]
Description=Carnet, an OAuth 2.0 authority
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart={program} serve --config {folder}/carnet.toml
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
TimeoutStopSec=15
DynamicUser=yes
StateDirectory=carnet
WorkingDirectory=%S/carnet
LoadCredential=secret_key:{folder}/secret_key
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=multi-user.target
"
    ))
}

/// Writes a text where there was none.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let put = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    put().map_err(|error| {
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}
