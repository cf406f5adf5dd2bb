"""Discovery says what is there, no less and no more (RFC 8414 section 2, OpenID Connect Discovery section 3).

Nothing here knows which grants Carnet has: the server is asked for each that there is, and what it does is held against
what it says. A grant, an endpoint or a method that is added without its line in the document fails here, as does a line
that was added too early.
"""

import re
import secrets
import time
from base64 import b64encode
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from google.oauth2 import service_account
from joserfc import jwt as jose
from joserfc.jwk import ECKey, OctKey

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

# What only people have; no service account can ask for it.
OF_PEOPLE = ("openid", "profile", "email", "offline_access")

# Where each endpoint is, or would be.
ENDPOINTS = {
    "authorization_endpoint": ("/authorize", "/oauth2/authorize", "/o/oauth2/v2/auth", "/o/oauth2/auth"),
    "device_authorization_endpoint": ("/device_authorization", "/device/code"),
    # `/logout` is a page for people: it takes nothing from an app.
    "end_session_endpoint": ("/end_session", "/oidc/logout"),
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

    # `implicit` is no matter of the token endpoint. `password` is for single apps by an administrator's word, and for them
    # alone: nobody is told of it (RFC 9700 section 2.4).
    assert set(told["grant_types_supported"]) - {"implicit"} == known - {"password"}
    assert "password" not in told["grant_types_supported"]


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


def test_O2_introspection_takes_the_methods_that_are_named(ready, told, signers):
    url, form = told["introspection_endpoint"], {"token": ready.admin_token}
    tries = clients(ready, signers) | {"Bearer": ({"Authorization": f"Bearer {ready.admin_token}"}, {})}
    taken = {
        method
        for method, (headers, more) in tries.items()
        if requests.post(url, form | more, headers=headers, timeout=30).ok
    }
    assert taken == set(told["introspection_endpoint_auth_methods_supported"])


@pytest.fixture(scope="module")
def signers(ready, make) -> dict:
    """The clients that sign, with what each signs an assertion by."""
    key = ECKey.generate_key("P-256")
    public = key.as_dict(private=False) | {"alg": "ES256"}
    by_key = make.daemon(authentication="private_key_jwt", jwks={"keys": [public]})
    by_secret = make.daemon(authentication="client_secret_jwt")
    secret = OctKey.import_key(make(f"clients/{by_secret}/secrets", {})["client_secret"])
    return {"private_key_jwt": (by_key, "ES256", key), "client_secret_jwt": (by_secret, "HS256", secret)}


def asserted(ready, client: str, alg: str, key) -> dict:
    """What a client sends that signs (RFC 7523 section 2.2): once."""
    now = int(time.time())
    body = {"iss": client, "sub": client, "aud": ready.issuer, "iat": now, "exp": now + 60, "jti": secrets.token_hex(16)}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": jose.encode({"alg": alg}, body, key)}


def clients(ready, signers) -> dict:
    """A client for each method, as headers and form."""
    web, daemon, spa = (ready.client(name) for name in ("demo-web", "demo-daemon", "demo-spa"))
    basic = b64encode(f"{web['client_id']}:{web['client_secret']}".encode()).decode()
    return {
        "none": ({}, {"client_id": spa["client_id"]}),
        "client_secret_basic": ({"Authorization": f"Basic {basic}"}, {}),
        "client_secret_post": ({}, {name: daemon[name] for name in ("client_id", "client_secret")}),
    } | {method: ({}, asserted(ready, *signer)) for method, signer in signers.items()}


def test_O2_clients_authenticate_by_the_methods_that_are_named(ready, told, signers):
    for name in ("token", "revocation"):
        url, methods = told[f"{name}_endpoint"], set(told[f"{name}_endpoint_auth_methods_supported"])
        form = {"grant_type": "client_credentials", "token": "unknown"}
        taken = {
            method
            for method, (headers, more) in clients(ready, signers).items()
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
        if scope in OF_PEOPLE:
            continue
        credentials = ci.with_scopes([scope])
        credentials.refresh(Watched())
        assert credentials.valid, scope


@pytest.fixture
def ask(told, web):
    """Asks for a code in a browser where nobody is signed in and nobody may be asked. Returns what the app hears."""

    def ask(**more) -> dict:
        form = {
            "response_type": "code",
            "client_id": web["client_id"],
            "redirect_uri": web["redirect_uris"][0],
            "scope": "openid",
            "state": "s",
            "nonce": "n",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
            "prompt": "none",
        } | more
        answer = requests.get(told["authorization_endpoint"], form, allow_redirects=False, timeout=30)
        if answer.ok and not answer.is_redirect:
            posted = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
            return posted | {"mode": "form_post"}
        assert answer.is_redirect, f"{answer.status_code} {answer.text}"
        back = urlsplit(answer.headers["location"])
        assert bool(back.query) != bool(back.fragment)
        heard = dict(parse_qsl(back.query or back.fragment))
        return heard | {"mode": "query" if back.query else "fragment"}

    return ask


def test_O2_the_response_types_are_those_that_are_taken(told, ask):
    types = ("code", "token", "id_token", "none", "code token", "code id_token", "id_token token", "code id_token token")
    heard = {response_type: ask(response_type=response_type)["error"] for response_type in types}
    taken = {response_type for response_type, error in heard.items() if error == "login_required"}
    assert set(told["response_types_supported"]) == taken
    assert {heard[response_type] for response_type in types if response_type not in taken} <= {"unsupported_response_type"}


def test_O2_the_response_modes_are_those_that_are_used(told, ask):
    used = {mode for mode in ("query", "fragment", "form_post") if ask(response_mode=mode)["mode"] == mode}
    assert set(told["response_modes_supported"]) == used
    assert ask(response_mode="query.jwt")["error"] == "invalid_request"


def test_O2_the_code_challenge_methods_are_those_that_are_taken(told, ask):
    taken = {method for method in ("S256", "plain") if ask(code_challenge_method=method)["error"] == "login_required"}
    assert set(told["code_challenge_methods_supported"]) == taken


def test_O2_answers_name_the_issuer_if_that_is_said(told, ask):
    heard = ask()
    assert told["authorization_response_iss_parameter_supported"] is ("iss" in heard)
    assert heard["iss"] == told["issuer"]


def test_O2_every_scope_of_people_that_is_named_can_be_asked_for(told, ask):
    heard = {scope: ask(scope=f"openid {scope}")["error"] for scope in (*OF_PEOPLE, "no.such.scope")}
    known = {scope for scope, error in heard.items() if error == "login_required"}
    assert {scope for scope in told["scopes_supported"] if scope in OF_PEOPLE} == known
    assert heard["no.such.scope"] == "invalid_scope"
