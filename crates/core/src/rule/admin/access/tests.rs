//! Tests of the rule: see the file beside this directory.

use super::{Most, Place, Powers, Right};
use crate::record::{Holder, Role, RoleBinding, Territory};
use crate::value::{BindingId, Counting, OrganizationId, ProjectId, UniqueId, UnixTime};
use carnet_wire::crn::Crn;

fn acme() -> OrganizationId {
    OrganizationId::from_bytes([1; 16])
}

fn billing() -> ProjectId {
    "billing".parse().expect("a project id")
}

fn held(role: Role, territory: Territory) -> RoleBinding {
    RoleBinding {
        id: BindingId::from_bytes([2; 16]),
        holder: Holder::ServiceAccount(UniqueId::mint(&mut Counting(0))),
        role,
        territory,
        created: UnixTime(0),
    }
}

fn powers(bindings: Vec<RoleBinding>) -> Powers {
    Powers {
        subject: bindings,
        ..Powers::default()
    }
}

#[test]
fn a_role_holds_in_its_territory_and_in_those_inside_it() {
    let project = Place::Project(billing(), Some(acme()));
    let places = [Place::Installation, Place::Organization(acme()), project];
    let territories = [
        (Territory::Installation, [true, true, true]),
        (Territory::Organization(acme()), [false, true, true]),
        (Territory::Project(billing()), [false, false, true]),
    ];
    for (territory, within) in territories {
        for (place, expected) in places.iter().zip(within) {
            assert_eq!(
                place.is_within(&territory),
                expected,
                "{territory:?} {place:?}"
            );
        }
    }
    let lonely = Place::Project(billing(), None);
    assert!(!lonely.is_within(&Territory::Organization(acme())));
}

#[test]
fn the_strongest_role_counts() {
    let both = powers(vec![
        held(Role::Viewer, Territory::Installation),
        held(Role::Admin, Territory::Project(billing())),
    ]);
    let here = Place::Project(billing(), None);
    assert_eq!(both.role(&here), Some(Role::Admin));
    assert_eq!(both.role(&Place::Installation), Some(Role::Viewer));
    assert!(both.permit(Right::Write, &here).is_ok());
    let refused = both.permit(Right::Grant, &here).expect_err("not an owner");
    assert_eq!(refused.crn, Crn::ADMIN_ROLE);
}

#[test]
fn who_has_no_role_is_told_that_there_is_nothing() {
    let nobody = powers(Vec::new());
    let refused = nobody
        .permit(Right::Read, &Place::Installation)
        .expect_err("no role");
    assert_eq!(refused.crn, Crn::NOT_FOUND);
}

#[test]
fn an_account_that_acts_for_a_person_has_the_weaker_role_of_the_two() {
    let owner = vec![held(Role::Owner, Territory::Installation)];
    let viewer = vec![held(Role::Viewer, Territory::Installation)];
    for (subject, actor) in [(owner.clone(), viewer.clone()), (viewer, owner.clone())] {
        let both = Powers {
            subject,
            actor: Some(actor),
            ..Powers::default()
        };
        assert_eq!(both.role(&Place::Installation), Some(Role::Viewer));
    }
    let neither = Powers {
        subject: owner,
        actor: Some(Vec::new()),
        ..Powers::default()
    };
    assert_eq!(neither.role(&Place::Installation), None);
}

#[test]
fn lesson_19_whom_a_provider_let_in_has_no_role_beyond_the_territory_of_its_pool() {
    let mut federated = powers(vec![held(Role::Owner, Territory::Installation)]);
    let territory = Territory::Project(billing());
    federated.reach.narrow(territory, Most::AsHeld);
    let here = Place::Project(billing(), Some(acme()));
    assert_eq!(federated.role(&here), Some(Role::Owner));
    let other = Place::Project("other".parse().expect("an id"), Some(acme()));
    for beyond in [Place::Installation, Place::Organization(acme()), other] {
        assert_eq!(federated.role(&beyond), None, "{beyond:?}");
    }
}

#[test]
fn lesson_19_an_owner_who_was_become_is_an_admin_where_who_became_them_is_administered() {
    let mut lent = powers(vec![held(Role::Owner, Territory::Installation)]);
    let project = Territory::Project(billing());
    lent.reach.narrow(project.clone(), Most::Admin);
    let here = Place::Project(billing(), Some(acme()));
    let other = Place::Project("other".parse().expect("an id"), Some(acme()));
    assert_eq!(lent.role(&here), Some(Role::Admin));
    for beyond in [Place::Installation, Place::Organization(acme()), other] {
        assert_eq!(lent.role(&beyond), None, "{beyond:?}");
    }
    let mut weaker = powers(vec![held(Role::Viewer, Territory::Installation)]);
    weaker.reach = lent.reach.clone();
    assert_eq!(weaker.role(&here), Some(Role::Viewer));
    // Each one on a chain narrows it, and none widens it.
    lent.reach.narrow(Territory::Installation, Most::AsHeld);
    assert_eq!(lent.role(&here), Some(Role::Admin));
    lent.reach.narrow(
        Territory::Project("other".parse().expect("an id")),
        Most::Admin,
    );
    assert_eq!(lent.role(&here), None);
    weaker.reach.end();
    assert_eq!(weaker.role(&here), None);
}

#[test]
fn keycloak_cve_2026_3121_nobody_covers_more_than_they_hold() {
    let admin = powers(vec![held(Role::Admin, Territory::Project(billing()))]);
    let here = Place::Project(billing(), None);
    assert!(admin.cover(&[]).is_ok());
    assert!(admin.cover(&[(Role::Admin, here.clone())]).is_ok());
    assert!(admin.cover(&[(Role::Owner, here.clone())]).is_err());
    assert!(
        admin
            .cover(&[(Role::Viewer, here), (Role::Viewer, Place::Installation)])
            .is_err()
    );
}
