//! The API as Google's discovery format describes it, so that `googleapiclient` can build a client
//! for it (google-wire 10.2).

use serde_json::Value;
use serde_json::json;

use crate::dev::demo::READ;
use crate::dev::demo::WRITE;

/// The document for an API at this issuer's address.
pub(super) fn of(issuer: &str) -> Value {
    json!({
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "demo:v1",
        "name": "demo",
        "version": "v1",
        "title": "Invoices of the Carnet sandbox",
        "protocol": "rest",
        "rootUrl": format!("{issuer}/"),
        "servicePath": "demo/v1/",
        "baseUrl": format!("{issuer}/demo/v1/"),
        "batchPath": "batch",
        "parameters": {"alt": {
            "type": "string", "location": "query", "default": "json", "enum": ["json"],
            "description": "The format of the answer."
        }},
        "auth": {"oauth2": {"scopes": {
            READ: {"description": "Read invoices"},
            WRITE: {"description": "Create invoices"}
        }}},
        "schemas": schemas(),
        "resources": {"invoices": {"methods": methods()}}
    })
}

fn schemas() -> Value {
    json!({
        "Invoice": {"id": "Invoice", "type": "object", "properties": {
            "id": {"type": "string"},
            "customer": {"type": "string"},
            "amount": {"type": "integer", "format": "int32"},
            "currency": {"type": "string"}
        }},
        "InvoiceList": {"id": "InvoiceList", "type": "object", "properties": {
            "invoices": {"type": "array", "items": {"$ref": "Invoice"}},
            "listedFor": {"type": "string"},
            "listedBy": {"type": "string"}
        }}
    })
}

fn methods() -> Value {
    json!({
        "list": {
            "id": "demo.invoices.list", "path": "invoices", "httpMethod": "GET",
            "parameters": {}, "parameterOrder": [],
            "response": {"$ref": "InvoiceList"}, "scopes": [READ, WRITE]
        },
        "get": {
            "id": "demo.invoices.get", "path": "invoices/{invoiceId}", "httpMethod": "GET",
            "parameters": {"invoiceId": {"type": "string", "required": true, "location": "path"}},
            "parameterOrder": ["invoiceId"],
            "response": {"$ref": "Invoice"}, "scopes": [READ, WRITE]
        },
        "insert": {
            "id": "demo.invoices.insert", "path": "invoices", "httpMethod": "POST",
            "parameters": {}, "parameterOrder": [],
            "request": {"$ref": "Invoice"}, "response": {"$ref": "Invoice"}, "scopes": [WRITE]
        }
    })
}
