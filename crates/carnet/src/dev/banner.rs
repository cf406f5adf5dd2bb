//! What a person reads when the sandbox has started.

use std::path::Path;
use std::time::Duration;

use crate::dev::demo;
use crate::dev::ready::Places;
use crate::dev::seed::Grown;

/// Prints it to standard error; standard output stays for programs.
pub(super) fn print(places: &Places, grown: &Grown, data: Option<&Path>, took: Duration) {
    let kept = data.map_or_else(
        || "in memory; data is gone when you stop it".to_owned(),
        |folder| format!("data in {}", near(folder).display()),
    );
    let issuer = &places.issuer;
    let version = env!("CARGO_PKG_VERSION");
    eprintln!("  Carnet {version}  development server ({kept})");
    eprintln!();
    eprintln!("  Issuer      {issuer}");
    eprintln!("  Sandbox     {issuer}/dev");
    eprintln!("  Error pages {issuer}/e/");
    if let Some(google) = &places.google {
        let proxy = google.proxy.as_deref().unwrap_or("off");
        let ca = near(&google.ca_file).display();
        eprintln!("  Google      {}   proxy {proxy}", google.https);
        eprintln!(
            "              eval \"$(carnet google env python --proxy {proxy} --ca-file {ca})\""
        );
        eprintln!(
            "              or node, go, java, rust, ruby, php, gcloud, curl; only in a shell of its own"
        );
    }
    eprintln!();
    eprintln!("  Ready-made");
    for account in &grown.accounts {
        eprintln!(
            "    service account   {}   key in {}",
            account.account.email,
            near(&account.key_file).display()
        );
    }
    for client in &grown.clients {
        let secret = client.secret.as_ref();
        let secret = secret.map_or_else(
            || "no secret (public)".to_owned(),
            |secret| format!("secret {secret}"),
        );
        eprintln!("    client            {}   {secret}", client.id);
    }
    for user in &grown.users {
        let password = match &user.password {
            Some(password) => format!("password {}", password.as_str()),
            None => "no password".to_owned(),
        };
        eprintln!("    user              {}   {password}", user.email);
    }
    eprintln!(
        "    metadata server   export GCE_METADATA_HOST={}",
        places.metadata
    );
    eprintln!("    protected API     {issuer}/demo/v1/invoices");
    eprintln!();
    try_it(issuer, grown);
    eprintln!("  Not for production: everybody on this machine can read the keys.");
    eprintln!("Ready in {:.2} s. Stop with Ctrl-C.", took.as_secs_f64());
}

/// What one may type first.
fn try_it(issuer: &str, grown: &Grown) {
    if let Some(account) = grown.accounts.first() {
        let key = near(&account.key_file);
        eprintln!("  Try it");
        eprintln!(
            "    carnet token --key {} --scope {}",
            key.display(),
            demo::READ
        );
        let mut clients = grown.clients.iter().filter(|client| client.for_itself);
        if let Some((client, secret)) =
            clients.find_map(|client| client.secret.as_ref().map(|secret| (client, secret)))
        {
            eprintln!(
                "    curl -s -u {}:{secret} -d grant_type=client_credentials {issuer}/token",
                client.id
            );
        }
        eprintln!();
    }
}

/// The path as one would type it here.
fn near(path: &Path) -> &Path {
    std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
}
