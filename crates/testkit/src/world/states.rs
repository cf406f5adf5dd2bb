//! How a world can change: each is one commit, as an administrator would make it.

use carnet_core::record;
use carnet_core::record::AccountState;
use carnet_core::record::Audience;
use carnet_core::record::KeyState;
use carnet_core::record::ProjectState;
use carnet_core::record::Whom;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::value::Counting;
use carnet_core::value::PolicyId;
use carnet_core::value::Version;
use carnet_wire::scope::Scope;

use super::AT;
use super::READ;
use super::World;
use super::text;

impl World {
    async fn project_becomes(&mut self, change: impl FnOnce(&mut record::Project)) {
        change(&mut self.project);
        self.project.version = self.project.version.next();
        self.commit(&[Change::Replace(Record::Project(self.project.clone()))])
            .await;
    }

    async fn key_becomes(&mut self, change: impl FnOnce(&mut record::ServiceAccountKey)) {
        change(&mut self.key);
        self.key.version = self.key.version.next();
        self.commit(&[Change::Replace(Record::ServiceAccountKey(self.key.clone()))])
            .await;
    }

    async fn account_becomes(&mut self, state: AccountState) {
        self.account.state = state;
        self.account.version = self.account.version.next();
        self.commit(&[Change::Replace(Record::ServiceAccount(
            self.account.clone(),
        ))])
        .await;
    }

    async fn delegation_becomes(&mut self, change: impl FnOnce(&mut record::Delegation)) {
        change(&mut self.delegation);
        self.delegation.version = self.delegation.version.next();
        self.commit(&[Change::Replace(Record::Delegation(self.delegation.clone()))])
            .await;
    }

    /// The project refuses what Google only frowns at.
    pub async fn project_is_strict(&mut self) {
        self.project_becomes(|project| project.assertions.strict = true)
            .await;
    }

    /// The project serves only its own organization.
    pub async fn project_is_internal(&mut self) {
        self.project_becomes(|project| project.audience = Audience::Internal)
            .await;
    }

    /// The project is suspended.
    pub async fn project_is_suspended(&mut self) {
        self.project_becomes(|project| project.state = ProjectState::Suspended { since: AT })
            .await;
    }

    /// The key came from outside.
    pub async fn key_was_uploaded(&mut self) {
        self.key_becomes(|key| key.origin = record::KeyOrigin::Uploaded)
            .await;
    }

    /// What an uploaded key signs for Google is accepted from this project.
    pub async fn project_accepts_googles_names(&mut self) {
        self.project_becomes(|project| project.assertions.google_audience_for_uploaded_keys = true)
            .await;
    }

    /// The key has expired.
    pub async fn key_has_expired(&mut self) {
        self.key_becomes(|key| key.expires = Some(AT)).await;
    }

    /// The key is disabled.
    pub async fn key_is_disabled(&mut self) {
        let reason = record::DisableReason::UserInitiated;
        self.key_becomes(|key| {
            key.state = KeyState::Disabled {
                since: AT,
                reason,
                note: text("rotation"),
            };
        })
        .await;
    }

    /// The account is disabled.
    pub async fn account_is_disabled(&mut self) {
        self.account_becomes(AccountState::Disabled {
            since: AT,
            reason: text("audit"),
        })
        .await;
    }

    /// The account is deleted, and may come back.
    pub async fn account_is_deleted(&mut self) {
        self.account_becomes(AccountState::Deleted {
            since: AT,
            disabled: None,
        })
        .await;
    }

    /// The delegation is for one person.
    pub async fn only_alice_may_be_acted_for(&mut self) {
        let users = vec![self.alice.id.clone()];
        self.delegation_becomes(|row| {
            row.whom = Whom::Listed {
                groups: Vec::new(),
                users,
            }
        })
        .await;
    }

    /// The delegation is suspended.
    pub async fn delegation_is_suspended(&mut self) {
        self.delegation_becomes(|row| row.suspended = Some(AT))
            .await;
    }

    /// The delegation is over.
    pub async fn delegation_has_ended(&mut self) {
        self.delegation_becomes(|row| row.until = Some(AT)).await;
    }

    /// There is no delegation.
    pub async fn delegation_is_gone(&mut self) {
        let key = RecordKey::Delegation(self.delegation.id, self.delegation.client_id.clone());
        self.commit(&[Change::Remove(key, self.delegation.version)])
            .await;
    }

    /// A policy of the organization blocks the scope.
    pub async fn reading_is_blocked(&mut self) {
        let policy = record::Policy {
            id: PolicyId::mint(AT, &mut Counting(12)),
            organization: self.delegation.organization,
            title: text("High-risk scopes"),
            rule: record::PolicyRule::BlockScopes {
                scopes: Scope::parse(READ).expect("a scope"),
                except: Vec::new(),
            },
            enabled: true,
            created: AT,
            changed: AT,
            version: Version::FIRST,
        };
        self.commit(&[Change::Insert(Record::Policy(policy))]).await;
    }
}
