//! `carnet trusted-issuer check`: whether an assertion would buy a token, step by step, and whose.
//!
//! The server judges by the steps of the grant itself, issues nothing and spends no `jti` ([`crate::dry_run`]).

use clap::Args;
use serde_json::Value;

use super::Whose;
use crate::admin::Admin;
use crate::admin::MOST;
use crate::admin::Request;
use crate::admin::path;
use crate::dry_run;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::members::Members;
use crate::work::Work;

/// An assertion and the trust that it would be brought to.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The trusted issuer: its id, or its iss where it is trusted once.
    #[arg(long, value_name = "ID|URL")]
    issuer: String,
    /// A file with the assertion, or - for standard input.
    #[arg(value_name = "FILE")]
    token: String,
    /// The scope that would be asked for; several with commas between, or by repeating this. Not given: none.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// The client that would bring it. Not given: the first that the trust names.
    #[arg(long, value_name = "CLIENT")]
    client: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

/// Checks it.
pub(super) async fn run(arguments: Arguments, work: &Work<'_>) -> Result<Exit, Failure> {
    let admin = &work.admin;
    let token = dry_run::token(&arguments.token)?;
    let trusts = arguments.whose.path(admin).await?;
    let id = named(&arguments.issuer, &trusts, admin).await?;
    let scope = (!arguments.scope.is_empty()).then(|| arguments.scope.join(" "));
    let members = Members::default()
        .with("token", token)
        .maybe("scope", scope)
        .maybe("client", arguments.client);
    let request = Request::post(format!("{trusts}/{}:check", path(&[&id])));
    let told = admin.send(request.secret_json(members.into())).await?;
    dry_run::report(&told, work.output)
}

/// The id of the trust that is meant.
async fn named(text: &str, trusts: &str, admin: &Admin) -> Result<String, Failure> {
    if !text.contains(':') {
        return Ok(text.to_owned());
    }
    let all = admin.list(Request::get(trusts.to_owned()), MOST).await?;
    match ids(&all, text).as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(Failure::usage(format!("{text} is not trusted here"))
            .why("no trusted issuer of this project or organization has exactly this iss")
            .fix("carnet trusted-issuer list")),
        several => Err(Failure::usage(format!("{text} is trusted more than once"))
            .why(format!(
                "each time for another audience: {}",
                several.join(", ")
            ))
            .fix("--issuer ID")),
    }
}

/// Those whose issuer is this.
fn ids<'v>(all: &'v [Value], issuer: &str) -> Vec<&'v str> {
    let text = |item: &'v Value, name: &str| item.get(name).and_then(Value::as_str);
    let same = all
        .iter()
        .filter(|item| text(item, "issuer") == Some(issuer));
    same.filter_map(|item| text(item, "id")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ids;

    #[test]
    fn rfc7523_3_an_issuer_is_named_letter_by_letter() {
        let all = [
            json!({"id": "one", "issuer": "https://ci.example"}),
            json!({"id": "two", "issuer": "https://ci.example/"}),
            json!({"id": "three", "issuer": "https://idp.example"}),
            json!({"id": "four", "issuer": "https://idp.example", "audience": "urn:acme"}),
        ];
        assert_eq!(ids(&all, "https://ci.example"), ["one"]);
        assert_eq!(ids(&all, "https://idp.example"), ["three", "four"]);
        assert!(ids(&all, "https://ci").is_empty());
    }
}
