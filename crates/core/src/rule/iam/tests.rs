//! Which role has which permission, and who has which role.

use super::Permission;
use super::is_conditional;
use super::may;
use crate::record::AccountBinding;
use crate::record::AccountPolicy;
use crate::record::AccountRole;
use crate::record::BindingCondition;
use crate::record::Role;
use crate::store::Bound;
use crate::value::Counting;
use crate::value::Member;
use crate::value::Principal;
use crate::value::UniqueId;
use crate::value::UnixTime;

const NOW: UnixTime = UnixTime(1_775_121_058);
const ACCOUNT: &str = "projects/demo/serviceAccounts/reports@demo.sa.carnet.example";

fn account(n: u64) -> Principal {
    Principal::ServiceAccount {
        id: UniqueId::mint(&mut Counting(n)),
        email: "ci@demo.sa.carnet.example".parse().unwrap(),
    }
}

fn bound(role: AccountRole, members: Vec<Member>) -> Bound {
    let mut policy = AccountPolicy::empty(UniqueId::mint(&mut Counting(90)), UnixTime(1));
    policy.bindings.push(AccountBinding {
        role,
        condition: None,
        members,
    });
    Bound::of(&policy, ACCOUNT)
}

#[test]
fn google_wire_5_1_a_token_creator_may_become_the_account_and_nobody_else() {
    let (ci, other) = (account(1), account(2));
    let bound = bound(AccountRole::TokenCreator, ci.members());
    for permission in [
        Permission::GetAccessToken,
        Permission::GetOpenIdToken,
        Permission::SignBlob,
        Permission::SignJwt,
        Permission::ImplicitDelegation,
    ] {
        assert!(may(&ci, permission, (&bound, NOW), None), "{permission:?}");
        assert!(
            !may(&other, permission, (&bound, NOW), None),
            "{permission:?}"
        );
    }
    assert!(!may(&ci, Permission::SetIamPolicy, (&bound, NOW), None));
}

#[test]
fn google_wire_5_1_other_roles_may_less() {
    let ci = account(1);
    let id_only = bound(AccountRole::OpenIdTokenCreator, ci.members());
    assert!(may(&ci, Permission::GetOpenIdToken, (&id_only, NOW), None));
    assert!(!may(&ci, Permission::GetAccessToken, (&id_only, NOW), None));
    let workload = bound(AccountRole::WorkloadIdentityUser, ci.members());
    assert!(may(&ci, Permission::GetAccessToken, (&workload, NOW), None));
    assert!(!may(&ci, Permission::SignBlob, (&workload, NOW), None));
    let viewer = bound(AccountRole::Viewer, ci.members());
    assert!(may(&ci, Permission::GetIamPolicy, (&viewer, NOW), None));
    assert!(!may(&ci, Permission::GetAccessToken, (&viewer, NOW), None));
}

#[test]
fn no_administrator_becomes_an_account_without_a_binding() {
    let (who, none) = (account(1), Bound::default());
    for permission in Permission::ALL {
        let needed = permission.admin_role();
        for role in [Role::Viewer, Role::Auditor, Role::Admin, Role::Owner] {
            let may = may(&who, *permission, (&none, NOW), Some(role));
            assert_eq!(may, needed.is_some_and(|needed| role >= needed));
        }
    }
    assert_eq!(Permission::GetAccessToken.admin_role(), None);
    assert_eq!(Permission::SetIamPolicy.admin_role(), Some(Role::Owner));
}

#[test]
fn a_permission_is_found_by_its_name() {
    for permission in Permission::ALL {
        assert_eq!(Permission::named(permission.name()), Some(*permission));
    }
    assert_eq!(Permission::named("storage.objects.get"), None);
}

#[test]
fn google_wire_5_3_a_condition_is_asked_where_nothing_else_gives_the_permission() {
    let ci = account(1);
    let bound = |conditions: &[Option<&str>]| {
        let mut policy = AccountPolicy::empty(UniqueId::mint(&mut Counting(90)), UnixTime(1));
        let bindings = conditions.iter().map(|text| AccountBinding {
            role: AccountRole::TokenCreator,
            condition: text.map(|text| BindingCondition {
                expression: text.to_owned(),
                title: String::new(),
                description: String::new(),
            }),
            members: ci.members(),
        });
        policy.bindings = bindings.collect();
        Bound::of(&policy, ACCOUNT)
    };
    let may = |conditions: &[Option<&str>]| {
        let bound = bound(conditions);
        may(&ci, Permission::SignJwt, (&bound, NOW), None)
    };
    let (over, open) = (
        "request.time < timestamp('2026-04-02T09:10:58Z')",
        "request.time <= timestamp('2026-04-02T09:10:58Z')",
    );
    assert!(!may(&[Some(over)]));
    assert!(may(&[Some(open)]));
    assert!(may(&[Some(over), Some(open)]), "one is enough");
    assert!(may(&[Some(over), None]), "another binding holds always");
    assert!(!may(&[Some("request.time.getHours('Mars') == 1")]));
    let (bound, other) = (bound(&[Some(over)]), account(2));
    assert!(is_conditional(&ci, Permission::SignJwt, &bound));
    assert!(!is_conditional(&ci, Permission::GetKey, &bound));
    assert!(!is_conditional(&other, Permission::SignJwt, &bound));
}
