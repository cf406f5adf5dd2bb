//! Policies of an organization: blocked scopes, and its own clients only.
//!
//! A policy is in force while it is enabled, from the moment it is committed. Who may name clients in
//! `except` may open the door for them, so it takes the same role as the policy itself.

use super::decision::changed;
use super::{Context, Decision, Done, No};
use crate::record::{Policy, PolicyRule};
use crate::store::{Change, Record, RecordKey};
use crate::value::{Entropy, OrganizationId, PolicyId, Title, Version};

/// How many clients a policy may except.
pub const MOST_EXCEPTED: usize = 100;

/// A policy to be made.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// Whose it is.
    pub organization: OrganizationId,
    /// What a refusal calls it.
    pub title: Title,
    /// What it says.
    pub rule: PolicyRule,
    /// Whether it is in force at once.
    pub enabled: bool,
}

/// What may be changed of a policy. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct PolicyPatch {
    /// What a refusal calls it.
    pub title: Option<Title>,
    /// What it says; the kind of rule stays.
    pub rule: Option<PolicyRule>,
    /// Whether it is in force.
    pub enabled: Option<bool>,
}

/// Makes a policy.
pub fn create(
    new: NewPolicy,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Policy> {
    let policy = Policy {
        id: PolicyId::mint(context.now, entropy),
        organization: new.organization,
        title: new.title,
        rule: new.rule,
        enabled: new.enabled,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let detail = vec![
        ("rule", rule_text(&policy.rule)),
        ("enabled", policy.enabled.to_string()),
    ];
    let audit = audited(context, "policy.create", &policy, detail);
    let row = Record::Policy(policy.clone());
    Ok(Done::inserted(policy, row, audit))
}

/// Changes a policy.
pub fn update(policy: Policy, patch: PolicyPatch, context: &Context<'_>) -> Decision<Policy> {
    let mut detail = Vec::new();
    let mut next = policy.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "title", &policy.title, &title);
        next.title = title;
    }
    if let Some(rule) = patch.rule {
        let kind = std::mem::discriminant(&rule) == std::mem::discriminant(&policy.rule);
        if !kind {
            return Err(No::field(
                "/rule/kind",
                "The kind of a policy stays; make another policy.",
            ));
        }
        changed(
            &mut detail,
            "rule",
            &rule_text(&policy.rule),
            &rule_text(&rule),
        );
        next.rule = rule;
    }
    if let Some(enabled) = patch.enabled {
        changed(&mut detail, "enabled", &policy.enabled, &enabled);
        next.enabled = enabled;
    }
    if next == policy {
        return Ok(Done::already(policy));
    }
    next.changed = context.now;
    next.version = policy.version.next();
    let audit = audited(context, "policy.update", &next, detail);
    let row = Record::Policy(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Takes a policy away.
pub fn delete(policy: Policy, context: &Context<'_>) -> Decision<Policy> {
    let audit = audited(context, "policy.delete", &policy, Vec::new());
    let key = RecordKey::Policy(policy.id, policy.organization);
    let version = policy.version;
    Ok(Done::removed(policy, key, version, audit))
}

fn rule_text(rule: &PolicyRule) -> String {
    let (kind, scopes, except) = match rule {
        PolicyRule::BlockScopes { scopes, except } => ("block_scopes", scopes.as_str(), except),
        PolicyRule::OwnClientsOnly { except } => ("own_clients_only", "", except),
        PolicyRule::ExtendLifetime { accounts } => ("lifetime_extension", "", accounts),
    };
    let mut text = kind.to_owned();
    if !scopes.is_empty() {
        text.push(' ');
        text.push_str(scopes);
    }
    if !except.is_empty() {
        text.push_str(" except");
        for client in except {
            text.push(' ');
            text.push_str(client.as_str());
        }
    }
    text
}

fn audited(
    context: &Context<'_>,
    action: &str,
    policy: &Policy,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("organization", policy.organization.to_string()));
    context.audited(action, policy.id, &detail)
}
