//! `carnet federation cred-config`: the file of type `external_account` (google-wire 6.3) by which Google's libraries
//! take somebody else's token, exchange it at this server, and act as a service account where one is named.
//!
//! There is no secret in it: it says where the token is found.

use carnet_wire::google::sts::SubjectTokenType;
use clap::Args;
use serde_json::Value;
use serde_json::json;

use super::named;
use super::named::Whose;
use crate::admin::Admin;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;

/// Where the token is found, and what it is for.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The provider, with its pool: POOL/PROVIDER, or its whole name.
    #[arg(long, value_name = "POOL/PROVIDER")]
    provider: String,
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    source: Source,
    /// The member of a JSON document in which the token is; unless given, the token is all of it.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["executable", "aws", "certificate"])]
    json_field: Option<String>,
    /// A header that is sent to the URL, like Metadata=true; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", requires = "url", value_parser = header)]
    header: Vec<(String, String)>,
    /// The service account to act as, by e-mail. Unless given, the library acts as the principal itself.
    #[arg(long, value_name = "EMAIL")]
    service_account: Option<String>,
    /// How long a token of the service account lives, in seconds: 600 to 43200.
    #[arg(long, value_name = "SECONDS", requires = "service_account")]
    lifetime: Option<u32>,
    /// Name Google's hosts, for programs that reach this server under them (carnet dev --google).
    #[arg(long)]
    google_hosts: bool,
}

/// Where the token is found.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Source {
    /// A file with the token.
    #[arg(long, value_name = "PATH")]
    file: Option<String>,
    /// A URL that answers with the token.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A program that prints the token, as google-auth describes it.
    #[arg(long, value_name = "COMMAND")]
    executable: Option<String>,
    /// The keys of the machine at AWS, or those of AWS's variables in the environment.
    #[arg(long)]
    aws: bool,
    /// The certificate that the usual configuration of Google's libraries names.
    #[arg(long)]
    certificate: bool,
}

fn header(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=');
    let (name, value) = parts.ok_or("a header is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Prints it.
pub(super) async fn run(
    arguments: Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let admin = Admin::connect(global)?;
    let path = named::provider(&arguments.provider, arguments.whose, &admin).await?;
    let provider = admin.get(path).await?;
    let made = file(&arguments, &provider, admin.url());
    let text = serde_json::to_string_pretty(&made).unwrap_or_default();
    output.text(&format!("{text}\n"))?;
    Ok(Exit::Success)
}

fn file(arguments: &Arguments, provider: &Value, server: &str) -> Value {
    let audience = provider.get("audience").and_then(Value::as_str);
    let is = |kind: &str| provider.get(kind).is_some();
    let kind = if is("saml") {
        SubjectTokenType::Saml2
    } else if is("aws") {
        SubjectTokenType::Aws4Request
    } else if is("x509") {
        SubjectTokenType::Mtls
    } else {
        SubjectTokenType::Jwt
    };
    let (sts, iam) = if arguments.google_hosts {
        (
            match kind {
                SubjectTokenType::Mtls => "https://sts.mtls.googleapis.com",
                _ => "https://sts.googleapis.com",
            },
            "https://iamcredentials.googleapis.com",
        )
    } else {
        let server = server.trim_end_matches('/');
        (server, server)
    };
    let mut made = json!({
        "type": "external_account",
        "audience": audience,
        "subject_token_type": kind.as_str(),
        "token_url": format!("{sts}/v1/token"),
        "credential_source": source(arguments),
    });
    if let Some(account) = &arguments.service_account {
        made["service_account_impersonation_url"] = json!(format!(
            "{iam}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        ));
    }
    if let Some(seconds) = arguments.lifetime {
        made["service_account_impersonation"] = json!({ "token_lifetime_seconds": seconds });
    }
    made
}

fn source(arguments: &Arguments) -> Value {
    let Source {
        file,
        url,
        executable,
        aws,
        certificate,
    } = &arguments.source;
    if *aws {
        return json!({
            "environment_id": "aws1",
            "region_url": "http://169.254.169.254/latest/meta-data/placement/availability-zone",
            "url": "http://169.254.169.254/latest/meta-data/iam/security-credentials",
            "imdsv2_session_token_url": "http://169.254.169.254/latest/api/token",
            "regional_cred_verification_url":
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        });
    }
    if *certificate {
        return json!({ "certificate": { "use_default_certificate_config": true } });
    }
    if let Some(command) = executable {
        return json!({ "executable": { "command": command, "timeout_millis": 30_000 } });
    }
    let mut source = match (file, url) {
        (Some(file), _) => json!({ "file": file }),
        (None, url) => json!({ "url": url }),
    };
    if !arguments.header.is_empty() {
        let headers = arguments.header.iter();
        let headers = headers.map(|(name, value)| (name.clone(), json!(value)));
        source["headers"] = Value::Object(headers.collect());
    }
    source["format"] = match &arguments.json_field {
        Some(name) => json!({ "type": "json", "subject_token_field_name": name }),
        None => json!({ "type": "text" }),
    };
    source
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::Arguments;
    use super::file;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn made(words: &[&str]) -> Result<serde_json::Value, String> {
        let audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/github";
        made_for(&json!({ "audience": audience, "oidc": {} }), words)
    }

    fn made_for(provider: &serde_json::Value, words: &[&str]) -> Result<serde_json::Value, String> {
        let line = ["x", "--provider", "ci/github"].iter().chain(words);
        let line = Line::try_parse_from(line).map_err(|error| error.to_string())?;
        Ok(file(&line.arguments, provider, "https://auth.acme.example"))
    }

    #[test]
    fn google_wire_6_3_a_file_names_its_token_the_exchange_and_the_account() {
        let account = "deployer@billing.iam.gserviceaccount.com";
        let words = [
            "--file",
            "/var/run/token",
            "--service-account",
            account,
            "--lifetime",
            "600",
        ];
        let made = made(&words).unwrap();
        assert_eq!(
            made,
            json!({
                "type": "external_account",
                "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/github",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://auth.acme.example/v1/token",
                "credential_source": {"file": "/var/run/token", "format": {"type": "text"}},
                "service_account_impersonation_url": format!(
                    "https://auth.acme.example/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
                ),
                "service_account_impersonation": {"token_lifetime_seconds": 600}
            })
        );
    }

    #[test]
    fn google_wire_6_3_urls_and_programs_are_sources_too() {
        let made_of = |words: &[&str]| made(words).unwrap()["credential_source"].clone();
        assert_eq!(
            made_of(&[
                "--url",
                "http://169.254.169.254/t",
                "--header",
                "Metadata=true",
                "--json-field",
                "access_token"
            ]),
            json!({
                "url": "http://169.254.169.254/t",
                "headers": {"Metadata": "true"},
                "format": {"type": "json", "subject_token_field_name": "access_token"}
            })
        );
        assert_eq!(
            made_of(&["--executable", "/bin/token --now"]),
            json!({"executable": {"command": "/bin/token --now", "timeout_millis": 30000}})
        );
        assert!(made(&[]).is_err(), "a source is needed");
        assert!(
            made(&["--file", "a", "--url", "b"]).is_err(),
            "and just one"
        );
        let saml = made_for(&json!({ "saml": {} }), &["--file", "a"]).unwrap();
        let kind = "urn:ietf:params:oauth:token-type:saml2";
        assert_eq!(saml["subject_token_type"], kind);
        let aws = made_for(&json!({ "aws": {} }), &["--aws"]).unwrap();
        let kind = "urn:ietf:params:aws:token-type:aws4_request";
        assert_eq!(aws["subject_token_type"], kind);
        assert_eq!(aws["credential_source"]["environment_id"], "aws1");
        let x509 = made_for(&json!({ "x509": {} }), &["--certificate", "--google-hosts"]).unwrap();
        let kind = "urn:ietf:params:oauth:token-type:mtls";
        assert_eq!(x509["subject_token_type"], kind);
        assert_eq!(
            x509["token_url"],
            "https://sts.mtls.googleapis.com/v1/token"
        );
        let google = made(&["--file", "a", "--google-hosts"]).unwrap();
        assert_eq!(google["token_url"], "https://sts.googleapis.com/v1/token");
    }
}
