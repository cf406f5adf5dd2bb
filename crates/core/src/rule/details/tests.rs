//! Types, their members, and the APIs that declare them.

use std::sync::Arc;

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;

use super::apis_of;
use super::narrow;
use crate::record::Api;
use crate::record::DetailField;
use crate::record::DetailType;
use crate::record::FieldKind;
use crate::rule::sample::API;
use crate::rule::sample::Sample;
use crate::store::Catalog;
use crate::value::ApiId;
use crate::value::Counting;

fn details(text: &str) -> AuthorizationDetails {
    AuthorizationDetails::parse(text).unwrap()
}

fn field(name: &str, kind: FieldKind, required: bool, values: &[&str]) -> DetailField {
    DetailField {
        name: name.parse().unwrap(),
        kind,
        required,
        values: values.iter().map(|text| text.parse().unwrap()).collect(),
    }
}

fn payment(fields: Option<Vec<DetailField>>) -> DetailType {
    DetailType {
        name: "payment".parse().unwrap(),
        title: "Start a payment".parse().unwrap(),
        detail: "".parse().unwrap(),
        fields,
    }
}

fn api(kind: DetailType) -> Api {
    Api {
        detail_types: vec![kind],
        ..Sample::new().api
    }
}

fn catalog(apis: Vec<Api>) -> Catalog {
    Catalog::new(apis.into_iter().map(|api| (Arc::new(api), None)).collect())
}

fn why(catalog: &Catalog, text: &str) -> String {
    let refusal = apis_of(&details(text), catalog, |_| true).unwrap_err();
    assert_eq!(refusal.crn, Crn::DETAILS_UNKNOWN);
    refusal.detail
}

#[test]
fn rfc9396_5_an_unknown_type_and_a_hidden_one_look_the_same() {
    let catalog = catalog(vec![api(payment(None))]);
    let asked = details(r#"[{"type":"payment","anything":[1]}]"#);
    let apis = apis_of(&asked, &catalog, |_| true).unwrap();
    assert_eq!(apis[0].identifier.as_str(), API);
    let hidden = apis_of(&asked, &catalog, |_| false).unwrap_err();
    let unknown = why(&catalog, r#"[{"type":"other"}]"#);
    assert_eq!(hidden.detail, unknown.replace("other", "payment"));
}

#[test]
fn rfc9396_5_a_detail_has_the_members_of_its_type() {
    let fields = vec![
        field("actions", FieldKind::Texts, true, &["initiate", "status"]),
        field("amount", FieldKind::Object, false, &[]),
        field("currency", FieldKind::Text, false, &["EUR"]),
        field("count", FieldKind::Number, false, &[]),
        field("urgent", FieldKind::Truth, false, &[]),
        field("note", FieldKind::Any, false, &[]),
    ];
    let catalog = catalog(vec![api(payment(Some(fields)))]);
    let good = format!(
        r#"[{{"type":"payment","actions":["status"],"amount":{{}},"currency":"EUR","count":1.5,
            "urgent":true,"note":null,"locations":["{API}"]}}]"#
    );
    assert!(apis_of(&details(&good), &catalog, |_| true).is_ok());
    for (members, said) in [
        (r#""amount":{}"#, "needs the member 'actions'"),
        (r#""actions":["cancel"]"#, "member 'actions'"),
        (r#""actions":["status"],"amount":[]"#, "not an object"),
        (
            r#""actions":["status"],"currency":"USD""#,
            "one of the texts",
        ),
        (r#""actions":["status"],"count":"1""#, "not a number"),
        (r#""actions":["status"],"urgent":1"#, "not true or false"),
        (r#""actions":["status"],"more":1"#, "has no member 'more'"),
    ] {
        let told = why(&catalog, &format!(r#"[{{"type":"payment",{members}}}]"#));
        assert!(told.contains(said), "{members}: {told}");
    }
}

#[test]
fn rfc9396_2_2_locations_say_which_api_is_meant() {
    let other = Api {
        id: ApiId::mint(crate::rule::sample::NOW, &mut Counting(9)),
        identifier: "https://other.example".parse().unwrap(),
        ..api(payment(None))
    };
    let both = catalog(vec![api(payment(None)), other]);
    let several = why(&both, r#"[{"type":"payment"}]"#);
    assert!(several.contains("several"), "{several}");
    let one = details(r#"[{"type":"payment","locations":["https://other.example"]}]"#);
    let apis = apis_of(&one, &both, |_| true).unwrap();
    assert_eq!(apis[0].identifier.as_str(), "https://other.example");
    let nowhere = why(
        &both,
        r#"[{"type":"payment","locations":["https://x.example"]}]"#,
    );
    assert!(nowhere.contains("https://x.example"), "{nowhere}");
    let empty = why(&both, r#"[{"type":"payment","locations":[]}]"#);
    assert!(empty.contains("empty"), "{empty}");
}

#[test]
fn rfc9396_6_what_an_api_no_longer_declares_falls_away() {
    let granted = details(r#"[{"type":"payment","actions":["a","b"]},{"type":"gone"}]"#);
    let apis = [Arc::new(api(payment(None)))];
    let kept = narrow(Some(&granted), None, &apis).unwrap().unwrap();
    assert_eq!(
        kept.to_json(),
        r#"[{"actions":["a","b"],"type":"payment"}]"#
    );
    assert_eq!(narrow(Some(&granted), None, &[]).unwrap(), None);
    let less = details(r#"[{"type":"payment","actions":["b"]}]"#);
    let kept = narrow(Some(&granted), Some(&less), &apis).unwrap();
    assert_eq!(kept, Some(less.clone()));
    for granted in [Some(&less), None] {
        let more = details(r#"[{"type":"payment","actions":["a"]}]"#);
        let refusal = narrow(granted, Some(&more), &apis).unwrap_err();
        assert_eq!(refusal.crn, Crn::DETAILS_NOT_GRANTED);
    }
}
