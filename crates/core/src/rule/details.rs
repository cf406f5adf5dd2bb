//! `authorization_details` (RFC 9396): which API a detail is for, and whether that API lets it be asked for.
//!
//! 1. A detail is for the APIs that declare its type and of which the asker may ask something. `locations`
//!    says which of them are meant (section 2.2); without it there must be one.
//! 2. Where the type says which members it has, the detail has no others, has those that are required, and
//!    each is what the type says.
//! 3. A type that is unknown and one of an API that the asker may not know look the same (section 5).
//! 4. At each token the catalog is asked anew: what an API no longer declares falls away (section 6).

use std::sync::Arc;

use carnet_wire::authorization_details::AuthorizationDetail;
use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use serde_json::Value;

use crate::record::Api;
use crate::record::DetailField;
use crate::record::DetailType;
use crate::record::FieldKind;
use crate::rule::Refusal;
use crate::store::Catalog;

/// The APIs that these details are for, in the order in which they come.
pub fn apis_of(
    details: &AuthorizationDetails,
    catalog: &Catalog,
    may_ask: impl Fn(&Api) -> bool,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let mut apis: Vec<Arc<Api>> = Vec::new();
    for detail in details.iter() {
        let declaring = catalog.apis().iter().filter(|api| may_ask(api));
        let declaring: Vec<_> = declaring
            .filter_map(|api| Some((api, declared(api, detail)?)))
            .collect();
        let found = meant(detail, &declaring)?;
        for (api, kind) in found {
            fits(detail, kind)?;
            if !apis.iter().any(|known| known.id == api.id) {
                apis.push(Arc::clone(api));
            }
        }
    }
    Ok(apis)
}

type Declaring<'a> = (&'a Arc<Api>, &'a DetailType);

fn meant<'a>(
    detail: &AuthorizationDetail,
    declaring: &[Declaring<'a>],
) -> Result<Vec<Declaring<'a>>, Refusal> {
    let sent = Echo::of(detail.kind());
    if declaring.is_empty() {
        return Err(unknown(format!(
            "type '{sent}' is not one that this app may ask for."
        )));
    }
    let Some(locations) = detail.locations() else {
        return match declaring {
            [one] => Ok(vec![*one]),
            _ => Err(unknown(format!(
                "type '{sent}' is declared by several APIs; say in locations which is meant."
            ))),
        };
    };
    let at = |location: &&str| {
        let named = |(api, _): &&Declaring<'a>| api.identifier.as_str() == *location;
        let found = declaring.iter().find(named);
        found.copied().ok_or_else(|| {
            let location = Echo::of(location);
            unknown(format!("location {location} has no type '{sent}'."))
        })
    };
    if locations.is_empty() {
        return Err(unknown(format!("locations of type '{sent}' is empty.")));
    }
    locations.iter().map(at).collect()
}

fn fits(detail: &AuthorizationDetail, kind: &DetailType) -> Result<(), Refusal> {
    let Some(fields) = &kind.fields else {
        return Ok(());
    };
    let of = Echo::of(detail.kind());
    let named = |name: &str| fields.iter().find(|field| field.name.as_str() == name);
    for (name, value) in detail.members().filter(|(name, _)| *name != "locations") {
        let sent = Echo::of(name);
        let Some(field) = named(name) else {
            return Err(unknown(format!("type '{of}' has no member '{sent}'.")));
        };
        if !is(field, value) {
            return Err(unknown(format!(
                "member '{sent}' of type '{of}' is not {}.",
                words(field)
            )));
        }
    }
    let missing =
        |field: &&DetailField| field.required && detail.member(field.name.as_str()).is_none();
    match fields.iter().find(missing) {
        Some(field) => Err(unknown(format!(
            "type '{of}' needs the member '{}'.",
            field.name
        ))),
        None => Ok(()),
    }
}

fn is(field: &DetailField, value: &Value) -> bool {
    let may = |text: &str| {
        field.values.is_empty() || field.values.iter().any(|known| known.as_str() == text)
    };
    let text = |value: &Value| value.as_str().is_some_and(may);
    match field.kind {
        FieldKind::Any => true,
        FieldKind::Text => text(value),
        FieldKind::Number => value.is_number(),
        FieldKind::Truth => value.is_boolean(),
        FieldKind::Texts => value.as_array().is_some_and(|all| all.iter().all(text)),
        FieldKind::Object => value.is_object(),
    }
}

fn words(field: &DetailField) -> &'static str {
    match (field.kind, field.values.is_empty()) {
        (FieldKind::Any, _) => "anything",
        (FieldKind::Text, true) => "a text",
        (FieldKind::Text, false) => "one of the texts that the API allows",
        (FieldKind::Number, _) => "a number",
        (FieldKind::Truth, _) => "true or false",
        (FieldKind::Texts, true) => "a list of texts",
        (FieldKind::Texts, false) => "a list of texts that the API allows",
        (FieldKind::Object, _) => "an object",
    }
}

/// The type of the detail, if the API declares it.
#[must_use]
pub fn declared<'a>(api: &'a Api, detail: &AuthorizationDetail) -> Option<&'a DetailType> {
    let named = |kind: &&DetailType| kind.name.as_str() == detail.kind();
    api.detail_types.iter().find(named)
}

/// Whether the detail is for this API: one that declares it, and is meant.
#[must_use]
pub fn is_for(api: &Api, detail: &AuthorizationDetail) -> bool {
    let name = api.identifier.as_str();
    declared(api, detail).is_some() && detail.locations().is_none_or(|all| all.contains(&name))
}

/// Of what was granted, what is good at these APIs now; and of that, what is asked for (section 6).
pub fn narrow(
    granted: Option<&AuthorizationDetails>,
    asked: Option<&AuthorizationDetails>,
    apis: &[Arc<Api>],
) -> Result<Option<AuthorizationDetails>, Refusal> {
    if let Some(asked) = asked
        && !granted.is_some_and(|granted| granted.cover(asked))
    {
        let detail = "authorization_details asks for more than was granted.";
        return Err(Refusal::new(Crn::DETAILS_NOT_GRANTED, detail));
    }
    let stands = |detail: &AuthorizationDetail| apis.iter().any(|api| is_for(api, detail));
    Ok(asked.or(granted).and_then(|details| details.filter(stands)))
}

fn unknown(detail: String) -> Refusal {
    Refusal::new(Crn::DETAILS_UNKNOWN, detail)
}

#[cfg(test)]
mod tests;
