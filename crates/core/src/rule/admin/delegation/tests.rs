//! Tests of the rule: see the file beside this directory.

use super::{MOST_NAMED, listed};
use crate::record::{Group, Whom};
use crate::value::{Counting, GroupId, OrganizationId, UnixTime, Version};

fn acme() -> OrganizationId {
    OrganizationId::from_bytes([1; 16])
}

fn group(organization: OrganizationId, seed: u64) -> Group {
    Group {
        id: GroupId::mint(UnixTime(1), &mut Counting(seed)),
        organization,
        email: "sales@acme.example".parse().expect("an address"),
        title: "".parse().expect("a title"),
        created: UnixTime(1),
        changed: UnixTime(1),
        version: Version::FIRST,
    }
}

#[test]
fn whom_a_delegation_covers_must_be_said() {
    assert!(listed(acme(), Vec::new(), Vec::new()).is_err());
}

#[test]
fn groups_of_another_organization_are_as_unknown_as_those_that_do_not_exist() {
    let own = group(acme(), 1);
    let other = group(OrganizationId::from_bytes([2; 16]), 2);
    let at = |place: usize| format!("/whom/groups/{place}");
    let groups = vec![
        (at(0), Some(own.clone())),
        (at(1), Some(other)),
        (at(2), None),
    ];
    let refused = listed(acme(), groups, Vec::new()).expect_err("two are unknown");
    assert_eq!(refused.wrongs.len(), 2);
    let details: Vec<&str> = refused
        .wrongs
        .iter()
        .map(|wrong| wrong.detail.as_str())
        .collect();
    assert_eq!(details.first(), details.last());
    let pointers: Vec<&str> = refused
        .wrongs
        .iter()
        .map(|wrong| wrong.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/whom/groups/1", "/whom/groups/2"]);
    let twice = vec![(at(0), Some(own.clone())), (at(1), Some(own.clone()))];
    let Ok(Whom::Listed { groups, users }) = listed(acme(), twice, Vec::new()) else {
        panic!("both are known")
    };
    assert_eq!((groups, users.len()), (vec![own.id], 0));
}

#[test]
fn a_delegation_names_100_groups_at_most() {
    let groups = |count: usize| {
        (0..count)
            .map(|_| (String::new(), Some(group(acme(), 1))))
            .collect()
    };
    assert!(listed(acme(), groups(MOST_NAMED), Vec::new()).is_ok());
    assert!(listed(acme(), groups(MOST_NAMED + 1), Vec::new()).is_err());
}
