//! The id of a project by its number, as Google's Resource Manager knows it (google-wire 6.3).

use http::Response;
use http::header::AUTHORIZATION;
use serde::Deserialize;

use crate::adc::members::secure_url;
use crate::adc::sigv4::percent_encoded;
use crate::adc::token_url::get;
use crate::error::Error;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::token::Token;

/// Asks. Nothing where the service says no: the credential may lack the right to look.
pub(crate) async fn look_up(
    service: &str,
    number: &str,
    token: &Token,
    outside: &Outside,
) -> Result<Option<String>, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Project {
        project_id: String,
    }
    let url = format!("{service}/v1/projects/{}", percent_encoded(number, ""));
    let url = secure_url(&url)
        .map_err(|because| Error::argument(format!("Resource Manager: {because}: {url}")))?;
    let mut request = get(&url)?;
    let authorization = token.authorization();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    let judge = |response: &Response<Vec<u8>>| {
        let project = serde_json::from_slice::<Project>(response.body()).ok();
        let project = project.filter(|_| response.status().is_success());
        Ok(project.map(|project| project.project_id))
    };
    outside.ask(&request, Tries::One, judge).await
}
