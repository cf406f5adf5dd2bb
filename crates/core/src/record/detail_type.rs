//! What an API lets apps ask for in detail: a type of `authorization_details` (RFC 9396 section 2.1).

use carnet_wire::scope::ScopeToken;

use crate::value::Description;
use crate::value::Title;

/// A type that an API declares. Others may declare one of the same name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DetailType {
    /// What `type` says.
    pub name: ScopeToken,
    /// What it allows, verb first.
    pub title: Title,
    /// How far it goes.
    pub detail: Description,
    /// The members that it has beside `type` and `locations`; any, where nothing is said.
    pub fields: Option<Vec<DetailField>>,
}

/// A member of a type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DetailField {
    /// Its name.
    pub name: ScopeToken,
    /// What it is.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: bool,
    /// The texts that it may be, or that may be in its list; any, where none is said.
    pub values: Vec<Title>,
}

/// What a member is, in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldKind {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A list of texts.
    Texts,
    /// An object.
    Object,
}
