//! How people of a workforce sign in at a provider in their browsers, as flags say it. The secret comes from a file or
//! from standard input, never from a word of the command line.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::app::secret;
use crate::failure::Failure;

/// The longest secret that is read, in bytes.
const LONGEST: u64 = 2048;

/// The member.
const WEB: &str = "web_sign_in";

/// Sign-in in the browser.
#[derive(Args, Debug)]
pub(crate) struct Web {
    /// What this server is called at the issuer, where people of a workforce sign in there in their browsers.
    #[arg(long, value_name = "ID", conflicts_with_all = ["saml_metadata", "aws_account", "trust_anchors"])]
    client_id: Option<String>,
    /// A file with what this server proves itself with at the issuer; - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["saml_metadata", "aws_account", "trust_anchors"])]
    client_secret_file: Option<PathBuf>,
    /// What the browser brings back from the issuer (default: code).
    #[arg(long = "web-response", id = "web_response", value_name = "TYPE", conflicts_with_all = ["saml_metadata", "aws_account", "trust_anchors"])]
    response: Option<Response>,
    /// What is believed: the ID token, or over it the userinfo endpoint (default: id-token).
    #[arg(long = "web-claims", id = "web_claims", value_name = "CLAIMS", conflicts_with_all = ["saml_metadata", "aws_account", "trust_anchors"])]
    claims: Option<Claims>,
    /// A scope that is asked for at the issuer beside openid; may be repeated. All of them, when updating.
    #[arg(long = "web-scope", id = "web_scope", value_name = "SCOPE", conflicts_with_all = ["saml_metadata", "aws_account", "trust_anchors"])]
    scope: Vec<String>,
    /// Nobody signs in there in the browser any more.
    #[arg(long, conflicts_with_all = ["client_id", "client_secret_file", "web_response", "web_claims", "web_scope"])]
    no_web_sign_in: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Response {
    Code,
    IdToken,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Claims {
    IdToken,
    Userinfo,
}

/// Takes out what is shown and cannot be written.
pub(super) fn writable(oidc: &mut Map<String, Value>) {
    if let Some(web) = oidc.get_mut(WEB).and_then(Value::as_object_mut) {
        web.remove("has_client_secret");
    }
}

impl Web {
    /// Puts what was given into the provider's `oidc`, over what stands there.
    pub(super) fn within(&self, oidc: &mut Map<String, Value>) -> Result<(), Failure> {
        if self.no_web_sign_in {
            oidc.remove(WEB);
            return Ok(());
        }
        let Some(mut web) = oidc
            .remove(WEB)
            .or_else(|| self.is_given().then(|| json!({})))
        else {
            return Ok(());
        };
        if let Some(members) = web.as_object_mut() {
            self.over(members)?;
        }
        oidc.insert(WEB.to_owned(), web);
        Ok(())
    }

    fn is_given(&self) -> bool {
        self.client_id.is_some()
            || self.client_secret_file.is_some()
            || self.response.is_some()
            || self.claims.is_some()
            || !self.scope.is_empty()
    }

    fn over(&self, members: &mut Map<String, Value>) -> Result<(), Failure> {
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if let Some(id) = &self.client_id {
            put("client_id", json!(id));
        }
        if let Some(file) = &self.client_secret_file {
            put("client_secret", json!(secret::read(file, LONGEST)?));
        }
        if let Some(response) = self.response {
            put("response_type", json!(response.as_str()));
        }
        if let Some(claims) = self.claims {
            put("assertion_claims", json!(claims.as_str()));
        }
        if !self.scope.is_empty() {
            put("additional_scopes", json!(self.scope));
        }
        members
            .entry("response_type")
            .or_insert_with(|| json!(Response::Code.as_str()));
        members
            .entry("assertion_claims")
            .or_insert_with(|| json!(Claims::IdToken.as_str()));
        if members.contains_key("client_id") {
            return Ok(());
        }
        Err(Failure::usage("as which client of the issuer?")
            .why("people sign in there in their browsers, and the issuer knows this server by it")
            .fix("--client-id ID --client-secret-file FILE"))
    }
}

impl Response {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
        }
    }
}

impl Claims {
    const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::Userinfo => "userinfo",
        }
    }
}
