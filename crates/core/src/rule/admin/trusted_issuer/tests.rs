//! What a trust must be like: see the file beside this directory.

use std::sync::Arc;

use carnet_wire::scope::Scope;

use super::{Around, LONGEST_LIFETIME, create, delete, switch, update};
use crate::record::{
    ClientAuthentication, IssuerOwner, TrustedIssuer, TrustedKeys, TrustedSubject, UserClaim,
};
use crate::rule::admin::{Context, Decision};
use crate::rule::sample::{NOW, Sample};
use crate::value::{Counting, OrganizationId, Seconds, TrustedIssuerId, Version};

const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "user:1",
    address: "",
    trace: "t",
};

fn sample() -> (Sample, OrganizationId) {
    let mut sample = Sample::new();
    let organization = sample.user.organization;
    sample.project.organization = Some(organization);
    sample.client.authentication = ClientAuthentication::SecretBasic;
    (sample, organization)
}

fn around(sample: &Sample) -> Around {
    Around {
        account: None,
        clients: vec![Some((sample.client.clone(), sample.project.clone()))],
        catalog: Arc::new(sample.catalog()),
        us: "https://auth.example".to_owned(),
        own_api: "urn:own".to_owned(),
    }
}

fn of_users(sample: &Sample, organization: OrganizationId) -> TrustedIssuer {
    TrustedIssuer {
        id: TrustedIssuerId::mint(NOW, &mut Counting(3)),
        owner: IssuerOwner::Organization(organization),
        title: "Acme's identity provider".parse().unwrap(),
        issuer: "https://idp.example".parse().unwrap(),
        audience: None,
        keys: TrustedKeys::Discovery,
        subject: TrustedSubject::User(UserClaim::Email),
        subjects: Vec::new(),
        scopes: Scope::parse("read").unwrap(),
        clients: vec![sample.client.id.clone()],
        longest: Seconds(3_600),
        disabled: false,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn pointers(decision: Decision<TrustedIssuer>) -> Vec<String> {
    let wrongs = decision.expect_err("refused").wrongs;
    wrongs.into_iter().map(|wrong| wrong.pointer).collect()
}

#[test]
fn a_trust_for_users_names_clients_that_prove_themselves() {
    let (sample, organization) = sample();
    let good = of_users(&sample, organization);
    let around = around(&sample);
    assert_eq!(
        create(good.clone(), &around, &CONTEXT)
            .unwrap()
            .changes
            .len(),
        2
    );

    let mut public = around.clone();
    let mut client = sample.client.clone();
    client.authentication = ClientAuthentication::None;
    public.clients = vec![Some((client, sample.project.clone()))];
    assert_eq!(
        pointers(create(good.clone(), &public, &CONTEXT)),
        ["/clients/0"]
    );
    let mut strange = around.clone();
    strange.clients = vec![None];
    assert_eq!(
        pointers(create(good.clone(), &strange, &CONTEXT)),
        ["/clients/0"]
    );
    let mut others = around.clone();
    let mut project = sample.project.clone();
    project.organization = None;
    others.clients = vec![Some((sample.client.clone(), project))];
    assert_eq!(
        pointers(create(good.clone(), &others, &CONTEXT)),
        ["/clients/0"]
    );
    let mut nobody = around;
    nobody.clients = Vec::new();
    let none = TrustedIssuer {
        clients: Vec::new(),
        ..good
    };
    assert_eq!(pointers(create(none, &nobody, &CONTEXT)), ["/clients"]);
}

#[test]
fn a_project_trusts_nobody_for_users() {
    let (sample, organization) = sample();
    let of_project = TrustedIssuer {
        owner: IssuerOwner::Project(sample.project.id.clone()),
        ..of_users(&sample, organization)
    };
    let refused = create(of_project, &around(&sample), &CONTEXT);
    assert_eq!(pointers(refused), ["/user_claim"]);
}

#[test]
fn rfc7523_3_the_issuer_is_a_url_elsewhere() {
    let (sample, organization) = sample();
    let around = around(&sample);
    let good = of_users(&sample, organization);
    let email = "robot@demo.iam.gserviceaccount.com".parse::<crate::value::IssuerUri>();
    assert!(email.is_err(), "a service account is no issuer");
    for us in ["https://auth.example", "https://auth.example/"] {
        let own = TrustedIssuer {
            issuer: us.parse().unwrap(),
            ..good.clone()
        };
        assert_eq!(pointers(create(own, &around, &CONTEXT)), ["/issuer"]);
    }
    let plain = TrustedIssuer {
        issuer: "http://idp.example".parse().unwrap(),
        ..good.clone()
    };
    assert_eq!(pointers(create(plain, &around, &CONTEXT)), ["/issuer"]);
    let here = TrustedIssuer {
        issuer: "http://localhost:8080".parse().unwrap(),
        ..good
    };
    assert!(create(here, &around, &CONTEXT).is_ok());
}

#[test]
fn an_account_is_named_with_those_who_may_become_it() {
    let (sample, organization) = sample();
    let good = of_users(&sample, organization);
    let around = around(&sample);
    let id = crate::value::UniqueId::mint(&mut Counting(9));
    let lone = TrustedIssuer {
        subject: TrustedSubject::Account(id),
        ..good
    };
    let refused = pointers(create(lone, &around, &CONTEXT));
    assert_eq!(refused, ["/account", "/subjects"]);
}

#[test]
fn bounds_hold_and_nothing_stands_twice() {
    let (sample, organization) = sample();
    let around = around(&sample);
    let good = of_users(&sample, organization);
    for longest in [Seconds(59), Seconds(LONGEST_LIFETIME.0 + 1)] {
        let odd = TrustedIssuer {
            longest,
            ..good.clone()
        };
        assert_eq!(
            pointers(create(odd, &around, &CONTEXT)),
            ["/max_lifetime_seconds"]
        );
    }
    let twice = TrustedIssuer {
        subjects: vec!["a".parse().unwrap(), "a".parse().unwrap()],
        ..good.clone()
    };
    assert_eq!(pointers(create(twice, &around, &CONTEXT)), ["/subjects/1"]);
    let unknown = TrustedIssuer {
        scopes: Scope::parse("nothing").unwrap(),
        ..good
    };
    assert_eq!(pointers(create(unknown, &around, &CONTEXT)), ["/scopes"]);
}

#[test]
fn what_it_is_called_by_stays_and_it_is_switched_whatever_became_of_the_rest() {
    let (sample, organization) = sample();
    let mut around = around(&sample);
    let before = of_users(&sample, organization);
    let next = TrustedIssuer {
        issuer: "https://other.example".parse().unwrap(),
        audience: Some("urn:x".parse().unwrap()),
        longest: Seconds(60),
        ..before.clone()
    };
    let done = update(before.clone(), next, &around, &CONTEXT).unwrap();
    assert_eq!(
        (&done.record.issuer, &done.record.audience),
        (&before.issuer, &None)
    );
    assert_eq!(done.record.version, before.version.next());
    around.clients = vec![None];
    let off = switch(before.clone(), true, &CONTEXT).unwrap();
    assert!(off.record.disabled);
    assert!(
        switch(before.clone(), false, &CONTEXT)
            .unwrap()
            .changes
            .is_empty()
    );
    assert_eq!(delete(before, &CONTEXT).unwrap().changes.len(), 2);
}

#[test]
fn a_pattern_is_one_subject_or_all_that_begin_so() {
    let pattern = |text: &str| text.parse::<crate::value::SubjectPattern>();
    let exact = pattern("repo:acme/site:main").unwrap();
    assert!(exact.takes("repo:acme/site:main") && !exact.takes("repo:acme/site:main2"));
    let many = pattern("repo:acme/*").unwrap();
    assert!(many.takes("repo:acme/x") && !many.takes("repo:acme2/x"));
    assert!(pattern("*").unwrap().takes("anybody"));
    for bad in ["", "a*b", "**", "a**", "a\nb"] {
        assert!(pattern(bad).is_err(), "{bad:?}");
    }
}
