//! A step of a dry run, as the admin API shows it.

use carnet_core::rule::dry_run::Outcome;
use carnet_core::rule::dry_run::Step;
use serde::Serialize;
use utoipa::ToSchema;

/// A step of a dry run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckStep {
    /// Which.
    #[schema(example = "audience")]
    pub step: String,
    /// How it came out.
    pub outcome: StepOutcome,
    /// What was found.
    pub detail: String,
    /// The cause, where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "CRN-2520")]
    pub code: Option<String>,
    /// The expression, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// What is usually done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// How a step came out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepOutcome {
    /// In order.
    Pass,
    /// The request would end here.
    Fail,
    /// Not looked at, because of another that failed.
    Skipped,
}

impl CheckStep {
    /// As it is shown.
    pub(crate) fn of(step: Step) -> Self {
        let fix = step.crn.and_then(|crn| crn.entry().fixes.first());
        Self {
            step: step.name,
            outcome: match step.outcome {
                Outcome::Pass => StepOutcome::Pass,
                Outcome::Fail => StepOutcome::Fail,
                Outcome::Skipped => StepOutcome::Skipped,
            },
            detail: step.detail,
            code: step.crn.map(|crn| crn.to_string()),
            expression: step.expression,
            fix: fix.map(|fix| fix.action.to_owned()),
        }
    }
}
