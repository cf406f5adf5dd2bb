//! Tests of chains: see the file beside this directory.

use std::sync::Arc;

use carnet_wire::crn::Crn;

use super::Link;
use super::organization_number;
use super::permit;
use crate::record::AccountBinding;
use crate::record::AccountPolicy;
use crate::record::AccountRole;
use crate::record::AccountState;
use crate::record::ServiceAccount;
use crate::rule::iam::Permission;
use crate::rule::token::Actor;
use crate::rule::token::MOST_ACTORS;
use crate::store::AccountSnapshot;
use crate::store::Bound;
use crate::value::Counting;
use crate::value::Description;
use crate::value::OrganizationId;
use crate::value::Principal;
use crate::value::Title;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;

const NOW: UnixTime = UnixTime(1_775_121_058);

fn account(name: &str, chance: u64) -> ServiceAccount {
    let project = "demo".parse().unwrap_or_else(|_| "demo-1".parse().unwrap());
    let account_id = name.parse().unwrap();
    ServiceAccount {
        unique_id: UniqueId::mint(&mut Counting(chance)),
        email: crate::value::ServiceAccountEmail::of(&account_id, &project),
        project,
        account_id,
        title: Title::default(),
        description: Description::default(),
        state: AccountState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn who(account: &ServiceAccount) -> Principal {
    Principal::ServiceAccount {
        id: account.unique_id.clone(),
        email: account.email.clone(),
    }
}

fn act(account: &ServiceAccount) -> Actor<'static> {
    Actor {
        sub: account.unique_id.to_string().into(),
        email: Some(account.email.to_string().into()),
        provider: None,
        act: None,
    }
}

/// The account, with these bound on it as token creators.
fn link(account: &ServiceAccount, creators: &[&ServiceAccount]) -> Link {
    let mut policy = AccountPolicy::empty(account.unique_id.clone(), NOW);
    policy.bindings.push(AccountBinding {
        role: AccountRole::TokenCreator,
        condition: None,
        members: creators.iter().flat_map(|one| who(one).members()).collect(),
    });
    Link {
        name: account.email.to_string(),
        account: Some(Arc::new(AccountSnapshot {
            account: account.clone(),
            keys: Vec::new(),
            system: Vec::new(),
        })),
        bound: Arc::new(Bound::of(&policy, &account.resource_name())),
    }
}

#[test]
fn google_wire_5_1_a_chain_is_followed_link_by_link() {
    let [ci, middle, target] = [
        account("ci-bot-1", 1),
        account("middle-1", 2),
        account("target-1", 3),
    ];
    let chain = [link(&middle, &[&ci]), link(&target, &[&middle])];
    let permitted = permit(&[&who(&ci)], &act(&ci), &chain, (Permission::SignJwt, NOW)).unwrap();
    assert_eq!(permitted.target().account, target);
    assert_eq!(permitted.accounts().len(), 2);
    let acting = permitted.acting();
    assert_eq!(acting.sub, middle.unique_id.as_str());
    assert_eq!(acting.first().sub, ci.unique_id.as_str());
    assert_eq!(acting.count(), 2);
}

#[test]
fn google_wire_5_1_every_link_needs_its_binding() {
    let [ci, middle, target] = [
        account("ci-bot-1", 1),
        account("middle-1", 2),
        account("target-1", 3),
    ];
    for chain in [
        vec![link(&middle, &[]), link(&target, &[&middle])],
        vec![link(&middle, &[&ci]), link(&target, &[])],
        // The caller's own binding on the last one does not stand in for the delegate's.
        vec![link(&middle, &[&ci]), link(&target, &[&ci])],
        vec![link(&target, &[])],
    ] {
        let refusal = permit(
            &[&who(&ci)],
            &act(&ci),
            &chain,
            (Permission::GetAccessToken, NOW),
        );
        assert_eq!(refusal.unwrap_err().crn, Crn::IAM_PERMISSION_DENIED);
    }
}

#[test]
fn lesson_who_may_not_is_told_the_same_as_of_an_account_that_is_not_there() {
    let [ci, target] = [account("ci-bot-1", 1), account("target-1", 3)];
    let there = link(&target, &[]);
    let absent = Link {
        account: None,
        bound: Arc::default(),
        ..there.clone()
    };
    let told = |link: Link| {
        let refusal = permit(
            &[&who(&ci)],
            &act(&ci),
            &[link],
            (Permission::SignBlob, NOW),
        )
        .unwrap_err();
        (refusal.crn, refusal.detail)
    };
    assert_eq!(told(there), told(absent));
}

#[test]
fn who_acts_for_a_person_and_the_person_must_both_be_permitted() {
    let [ci, acting, target] = [
        account("ci-bot-1", 1),
        account("acting-1", 2),
        account("target-1", 3),
    ];
    let both = [&who(&ci), &who(&acting)];
    let one = [link(&target, &[&ci])];
    assert!(permit(&both, &act(&ci), &one, (Permission::SignJwt, NOW)).is_err());
    let two = [link(&target, &[&ci, &acting])];
    assert!(permit(&both, &act(&ci), &two, (Permission::SignJwt, NOW)).is_ok());
}

#[test]
fn google_wire_5_1_a_chain_has_an_end() {
    let ci = account("ci-bot-1", 1);
    let own = link(&ci, &[&ci]);
    let longest = vec![own.clone(); MOST_ACTORS];
    let permitted = permit(
        &[&who(&ci)],
        &act(&ci),
        &longest,
        (Permission::SignJwt, NOW),
    )
    .unwrap();
    assert_eq!(permitted.acting().count(), MOST_ACTORS);
    let longer = vec![own; MOST_ACTORS + 1];
    let refusal = permit(&[&who(&ci)], &act(&ci), &longer, (Permission::SignJwt, NOW)).unwrap_err();
    assert_eq!(refusal.crn, Crn::IAM_CHAIN);
}

#[test]
fn an_organization_has_one_number_of_twelve_digits() {
    let ids = [
        OrganizationId::from_bytes([0; 16]),
        OrganizationId::from_bytes([255; 16]),
    ];
    let numbers = ids.map(organization_number);
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(numbers, ids.map(organization_number));
    assert!(numbers.iter().all(|number| number.to_string().len() == 12));
}
