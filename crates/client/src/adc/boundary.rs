//! Less power: a token that opens only what a boundary allows, whatever its holder may else do.
//!
//! google-wire 6.5 (Credential Access Boundary). The strong token is exchanged for a weak one, which can be
//! given to something that is trusted less.
//!
//! ```no_run
//! use carnet_client::Credentials;
//! use carnet_client::adc::{AccessBoundary, BoundaryRule};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let rule = BoundaryRule::for_resource("//storage.googleapis.com/projects/_/buckets/reports")
//!     .allowing(&["inRole:roles/storage.objectViewer"]);
//! let boundary = AccessBoundary::new(vec![rule])?;
//! let weak = Credentials::find().await?.downscoped(&boundary)?;
//! # drop(weak.token().await?);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::adc::members::secure_url;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CredentialKind;
use crate::adc::source::Fact;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::adc::sts::StsExchange;
use crate::error::Error;
use crate::token::Token;

/// How many rules a boundary may have.
const MOST_RULES: usize = 10;
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What a weaker token opens.
#[derive(Clone, Debug)]
pub struct AccessBoundary {
    rules: Vec<BoundaryRule>,
    token_url: Option<String>,
}

impl AccessBoundary {
    /// From one to ten rules.
    pub fn new(rules: Vec<BoundaryRule>) -> Result<Self, Error> {
        if rules.is_empty() || rules.len() > MOST_RULES {
            return Err(Error::argument(format!(
                "an access boundary has from 1 to {MOST_RULES} rules, and this one has {}",
                rules.len()
            )));
        }
        if let Some(rule) = rules
            .iter()
            .find(|rule| rule.available_permissions.is_empty())
        {
            return Err(Error::argument(format!(
                "the rule for {} allows nothing: call allowing",
                rule.available_resource
            )));
        }
        Ok(Self {
            rules,
            token_url: None,
        })
    }

    /// At another token service than Google's, by the whole address of its `/v1/token`.
    #[must_use]
    pub fn at(mut self, token_url: &str) -> Self {
        self.token_url = Some(token_url.to_owned());
        self
    }
}

/// One resource, and what is allowed there.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoundaryRule {
    available_resource: String,
    available_permissions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_condition: Option<Condition>,
}

#[derive(Clone, Debug, Serialize)]
struct Condition {
    expression: String,
}

impl BoundaryRule {
    /// A resource by its full name, such as `//storage.googleapis.com/projects/_/buckets/B`.
    pub fn for_resource(name: &str) -> Self {
        Self {
            available_resource: name.to_owned(),
            available_permissions: Vec::new(),
            availability_condition: None,
        }
    }

    /// With the permissions of these roles, each as `inRole:roles/NAME`.
    #[must_use]
    pub fn allowing(mut self, permissions: &[&str]) -> Self {
        let permissions = permissions.iter().map(|name| (*name).to_owned());
        self.available_permissions.extend(permissions);
        self
    }

    /// While an expression of CEL is true.
    #[must_use]
    pub fn while_true(mut self, expression: &str) -> Self {
        self.availability_condition = Some(Condition {
            expression: expression.to_owned(),
        });
        self
    }
}

/// A credential within a boundary.
#[derive(Debug)]
pub(crate) struct Downscoped {
    source: Arc<dyn Source>,
    token_url: Url,
    options: Value,
    facts: Facts,
}

impl Downscoped {
    pub(crate) fn new(source: Arc<dyn Source>, boundary: &AccessBoundary) -> Result<Self, Error> {
        let mut facts = source.facts().clone();
        let google = || format!("{}/v1/token", facts.service("sts"));
        let url = boundary.token_url.clone().unwrap_or_else(google);
        let token_url = secure_url(&url)
            .map_err(|because| Error::argument(format!("the token service: {because}: {url}")))?;
        facts.endpoint = Some(url);
        Ok(Self {
            source,
            token_url,
            options: json!({"accessBoundary": {"accessBoundaryRules": boundary.rules}}),
            facts,
        })
    }
}

impl Source for Downscoped {
    fn kind(&self) -> CredentialKind {
        CredentialKind::Downscoped
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let strong = self.source.access(asking).await?;
            let exchange = StsExchange {
                url: &self.token_url,
                client: None,
                audience: None,
                scope: "",
                subject_token: strong.value(),
                subject_token_type: ACCESS_TOKEN,
                options: Some(self.options.clone()),
            };
            let request = exchange.request()?;
            let ends = Some(strong.expires());
            let judge = |response: &_| exchange.process(response, ends, asking.now());
            asking.outside.ask(&request, asking.tries, judge).await
        })
    }

    fn look_up<'a>(&'a self, what: Fact, asking: Asking<'a>) -> Answer<'a, Option<String>> {
        self.source.look_up(what, asking)
    }
}
