//! The texts of members, both ways, and as whom a principal stands in bindings.

use std::collections::BTreeMap;

use super::Federated;
use super::LONGEST_MEMBER;
use super::Member;
use super::MemberName;
use super::NotAMember;
use super::OfPool;
use super::Principal;
use crate::value::Counting;
use crate::value::GroupId;
use crate::value::UniqueId;
use crate::value::UnixTime;

const POOL: &str = "projects/412345678901/locations/global/workloadIdentityPools/ci-pool";

#[test]
fn google_wire_5_3_a_member_is_named_as_google_names_it() {
    for text in [
        "serviceAccount:ci@demo.sa.carnet.example",
        "user:dana@acme.example",
        "group:staff@acme.example",
        "domain:acme.example",
        &format!("principal://iam.googleapis.com/{POOL}/subject/repo:acme/app:ref:refs/heads/main"),
        &format!("principalSet://iam.googleapis.com/{POOL}/group/dev/ops"),
        &format!("principalSet://iam.googleapis.com/{POOL}/attribute.repository/acme/app"),
        &format!("principalSet://iam.googleapis.com/{POOL}/*"),
        "principal://iam.googleapis.com/locations/global/workforcePools/acme-staff/subject/dana",
        "deleted:serviceAccount:ci@demo.sa.carnet.example?uid=112345678901234567890",
    ] {
        let name: MemberName = text
            .parse()
            .unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(name.to_string(), text);
    }
}

#[test]
fn what_names_nobody_is_refused() {
    let long = format!("user:{}@acme.example", "a".repeat(LONGEST_MEMBER));
    for (text, fault) in [
        ("allUsers", NotAMember::Everybody),
        ("allAuthenticatedUsers", NotAMember::Everybody),
        ("dana@acme.example", NotAMember::UnknownKind),
        ("user:dana", NotAMember::NotAName("user:")),
        ("user:dana@acme.example\n", NotAMember::UnknownKind),
        (
            "deleted:serviceAccount:ci@x.example",
            NotAMember::NotAName("deleted:"),
        ),
        (
            "deleted:domain:x?uid=acme.example",
            NotAMember::NotAName("deleted:"),
        ),
        (&long, NotAMember::TooLong),
    ] {
        assert_eq!(text.parse::<MemberName>(), Err(fault), "{text}");
    }
    for rest in [
        format!("principal://iam.googleapis.com/{POOL}/*"),
        format!("principal://iam.googleapis.com/{POOL}/subject/"),
        format!("principal://iam.googleapis.com/{POOL}"),
        format!("principalSet://iam.googleapis.com/{POOL}/subject/x"),
        format!("principalSet://iam.googleapis.com/{POOL}/attribute.Big/x"),
        format!("principalSet://iam.googleapis.com/{POOL}/attribute./x"),
        format!("principal://iam.example/{POOL}/subject/x"),
        "principal://iam.googleapis.com/projects/demo/locations/global/workloadIdentityPools/ci-pool/subject/x".to_owned(),
    ] {
        assert!(rest.parse::<MemberName>().is_err(), "{rest}");
    }
}

#[test]
fn a_member_is_kept_by_its_id_and_read_back() {
    let id = UniqueId::mint(&mut Counting(3));
    let group = GroupId::mint(UnixTime(5), &mut Counting(4));
    let pool: super::PoolName = POOL.parse().unwrap();
    for member in [
        Member::ServiceAccount(id),
        Member::Group(group),
        Member::Domain("acme.example".parse().unwrap()),
        Member::Pool(pool.clone(), OfPool::Everybody),
        Member::Pool(pool, OfPool::Attribute("a_1".to_owned(), "b/c".to_owned())),
    ] {
        assert_eq!(member.to_string().parse(), Ok(member));
    }
}

#[test]
fn a_principal_stands_in_bindings_as_itself_its_groups_and_its_attributes() {
    let pool: super::PoolName = POOL.parse().unwrap();
    let who = Principal::Federated(Federated {
        pool: pool.clone(),
        subject: "s".to_owned(),
        groups: vec!["g".to_owned()],
        attributes: BTreeMap::from([("repository".to_owned(), "acme/app".to_owned())]),
    });
    let mut members: Vec<String> = who.members().iter().map(ToString::to_string).collect();
    members.sort();
    assert_eq!(
        members,
        [
            format!("principal://iam.googleapis.com/{POOL}/subject/s"),
            format!("principalSet://iam.googleapis.com/{POOL}/*"),
            format!("principalSet://iam.googleapis.com/{POOL}/attribute.repository/acme/app"),
            format!("principalSet://iam.googleapis.com/{POOL}/group/g"),
        ]
    );
    assert_eq!(
        who.subject(),
        format!("principal://iam.googleapis.com/{POOL}/subject/s")
    );
}
