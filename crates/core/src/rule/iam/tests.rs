//! Which role has which permission, and who has which role.

use super::Permission;
use super::may;
use crate::record::AccountBinding;
use crate::record::AccountPolicy;
use crate::record::AccountRole;
use crate::record::Role;
use crate::store::Bound;
use crate::value::Counting;
use crate::value::Member;
use crate::value::Principal;
use crate::value::UniqueId;
use crate::value::UnixTime;

fn account(n: u64) -> Principal {
    Principal::ServiceAccount {
        id: UniqueId::mint(&mut Counting(n)),
        email: "ci@demo.sa.carnet.example".parse().unwrap(),
    }
}

fn bound(role: AccountRole, members: Vec<Member>) -> Bound {
    let mut policy = AccountPolicy::empty(UniqueId::mint(&mut Counting(90)), UnixTime(1));
    policy.bindings.push(AccountBinding { role, members });
    Bound::of(&policy)
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
        assert!(may(&ci, permission, &bound, None), "{permission:?}");
        assert!(!may(&other, permission, &bound, None), "{permission:?}");
    }
    assert!(!may(&ci, Permission::SetIamPolicy, &bound, None));
}

#[test]
fn google_wire_5_1_other_roles_may_less() {
    let ci = account(1);
    let id_only = bound(AccountRole::OpenIdTokenCreator, ci.members());
    assert!(may(&ci, Permission::GetOpenIdToken, &id_only, None));
    assert!(!may(&ci, Permission::GetAccessToken, &id_only, None));
    let workload = bound(AccountRole::WorkloadIdentityUser, ci.members());
    assert!(may(&ci, Permission::GetAccessToken, &workload, None));
    assert!(!may(&ci, Permission::SignBlob, &workload, None));
    let viewer = bound(AccountRole::Viewer, ci.members());
    assert!(may(&ci, Permission::GetIamPolicy, &viewer, None));
    assert!(!may(&ci, Permission::GetAccessToken, &viewer, None));
}

#[test]
fn no_administrator_becomes_an_account_without_a_binding() {
    let (who, none) = (account(1), Bound::default());
    for permission in Permission::ALL {
        let needed = permission.admin_role();
        for role in [Role::Viewer, Role::Auditor, Role::Admin, Role::Owner] {
            let may = may(&who, *permission, &none, Some(role));
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
