"""Discovery says what is there, no less and no more (RFC 8414 section 2, OpenID Connect Discovery section 3).

Nothing here knows which grants Carnet has: the server is asked for each that there is, and what it does is held against
what it says. A grant, an endpoint or a method that is added without its line in the document fails here, as does a line
that was added too early.
"""

from base64 import b64encode

import pytest
import requests
from google.oauth2 import service_account

from wire import Watched, claims, header

DOCUMENTS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")

GRANT_TYPES = (
    "authorization_code",
    "client_credentials",
    "implicit",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:openid:params:grant-type:ciba",
)

# Where each endpoint is, or would be.
ENDPOINTS = {
    "authorization_endpoint": ("/authorize", "/oauth2/authorize", "/o/oauth2/v2/auth", "/o/oauth2/auth"),
    "device_authorization_endpoint": ("/device_authorization", "/device/code"),
    "end_session_endpoint": ("/logout", "/end_session"),
    "introspection_endpoint": ("/introspect",),
    "jwks_uri": ("/jwks",),
    "pushed_authorization_request_endpoint": ("/par", "/as/par"),
    "registration_endpoint": ("/register", "/connect/register"),
    "revocation_endpoint": ("/revoke",),
    "token_endpoint": ("/token",),
    "userinfo_endpoint": ("/userinfo", "/v1/userinfo", "/oauth2/v3/userinfo"),
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def told(ready, request) -> dict:
    answer = requests.get(ready.issuer + request.param, timeout=30)
    assert answer.status_code == 200
    return answer.json()


def test_O2_both_documents_are_the_same(ready):
    one, other = (requests.get(ready.issuer + path, timeout=30).json() for path in DOCUMENTS)
    assert one == other
    assert one["issuer"] == ready.issuer


def test_O2_the_grant_types_are_those_that_the_token_endpoint_knows(told):
    known = set()
    for grant_type in GRANT_TYPES:
        answer = requests.post(told["token_endpoint"], data={"grant_type": grant_type}, timeout=30)
        assert 400 <= answer.status_code < 500, "there is nothing to be granted"
        if answer.json()["error"] != "unsupported_grant_type":
            known.add(grant_type)

    # `implicit` is no matter of the token endpoint.
    assert set(told["grant_types_supported"]) - {"implicit"} == known


@pytest.mark.parametrize("name", ENDPOINTS)
def test_O2_an_endpoint_is_named_where_it_is(ready, told, name):
    there = {path for path in ENDPOINTS[name] if requests.get(ready.issuer + path, timeout=30).status_code != 404}

    if name in told:
        assert told[name].removeprefix(ready.issuer) in there
    else:
        assert not there, "it is there and not named"


def test_O2_every_url_of_the_document_answers(ready, told):
    urls = {name: url for name, url in told.items() if name.endswith(("_endpoint", "_uri"))}
    assert {"token_endpoint", "jwks_uri"} <= set(urls)
    for name, url in urls.items():
        assert url.startswith(ready.issuer + "/"), name
        assert requests.get(url, timeout=30).status_code != 404, name


def test_O2_introspection_takes_the_methods_that_are_named(ready, told):
    url, form = told["introspection_endpoint"], {"token": ready.admin_token}
    tries = clients(ready) | {"bearer": ({"Authorization": f"Bearer {ready.admin_token}"}, {})}
    taken = {
        method
        for method, (headers, more) in tries.items()
        if requests.post(url, form | more, headers=headers, timeout=30).ok
    }
    assert taken == set(told["introspection_endpoint_auth_methods_supported"])


def clients(ready) -> dict:
    """A client for each method, as headers and form."""
    web, daemon, spa = (ready.client(name) for name in ("demo-web", "demo-daemon", "demo-spa"))
    basic = b64encode(f"{web['client_id']}:{web['client_secret']}".encode()).decode()
    return {
        "none": ({}, {"client_id": spa["client_id"]}),
        "client_secret_basic": ({"Authorization": f"Basic {basic}"}, {}),
        "client_secret_post": ({}, {name: daemon[name] for name in ("client_id", "client_secret")}),
    }


def test_O2_clients_authenticate_by_the_methods_that_are_named(ready, told):
    for name in ("token", "revocation"):
        url, methods = told[f"{name}_endpoint"], set(told[f"{name}_endpoint_auth_methods_supported"])
        form = {"grant_type": "client_credentials", "token": "unknown"}
        taken = {
            method
            for method, (headers, more) in clients(ready).items()
            if requests.post(url, form | more, headers=headers, timeout=30).status_code != 401
        }
        assert taken == methods, name


def test_O2_without_client_authentication_where_none_is_named(ready, told, ci):
    credentials = ci.with_scopes([ready.read])
    credentials.refresh(Watched())
    assert "none" in told["token_endpoint_auth_methods_supported"], "a token came without any"

    form = {"token": credentials.token}
    revoked = requests.post(told["revocation_endpoint"], form, timeout=30).ok
    assert revoked == ("none" in told["revocation_endpoint_auth_methods_supported"])


def test_O2_id_tokens_are_signed_and_hold_what_is_named(ready, told, key_file):
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key_file, target_audience="https://invoices.example.com"
    )
    credentials.refresh(Watched())

    assert header(credentials.token)["alg"] in told["id_token_signing_alg_values_supported"]
    assert set(claims(credentials.token)) <= set(told["claims_supported"])
    published = {key["alg"] for key in requests.get(told["jwks_uri"], timeout=30).json()["keys"]}
    assert set(told["id_token_signing_alg_values_supported"]) <= published


def test_O2_every_scope_that_is_named_can_be_asked_for(told, ci):
    assert told["scopes_supported"]
    for scope in told["scopes_supported"]:
        # Those of OpenID Connect are about people who sign in.
        if scope in {"openid", "profile", "email", "offline_access"}:
            continue
        credentials = ci.with_scopes([scope])
        credentials.refresh(Watched())
        assert credentials.valid, scope
