"""A person lets an app in: the code with PKCE and the refresh of tokens, with Authlib and requests-oauthlib."""

import time

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as Authlib
from joserfc import jwt as jose
from joserfc.jwk import KeySet
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, InvalidGrantError, MismatchingStateError
from requests_oauthlib import OAuth2Session as Oauthlib

from person import Person


def callback(client: dict) -> str:
    """Its redirect URI, with a port of the app's own choice (RFC 8252 section 7.3)."""
    return client["redirect_uris"][0].replace("127.0.0.1", "127.0.0.1:53682")


@pytest.fixture(scope="module")
def told(ready) -> dict:
    return requests.get(f"{ready.issuer}/.well-known/openid-configuration", timeout=30).json()


@pytest.fixture
def scope(ready) -> str:
    return f"openid email offline_access {ready.read}"


@pytest.fixture
def authlib(web, scope) -> Authlib:
    return Authlib(
        web["client_id"],
        web["client_secret"],
        scope=scope,
        redirect_uri=callback(web),
        code_challenge_method="S256",
    )


@pytest.fixture
def make(web, scope):
    """Makes a session of requests-oauthlib: the pieces of one sign-in, as an app keeps them for a person."""
    return lambda: Oauthlib(web["client_id"], scope=scope.split(), redirect_uri=callback(web), pkce="S256")


@pytest.fixture
def oauthlib(make) -> Oauthlib:
    return make()


@pytest.fixture
def pair(web) -> tuple[str, str]:
    return web["client_id"], web["client_secret"]


def test_P20_authlib_code_with_pkce(ready, told, web, authlib):
    verifier, nonce = generate_token(48), generate_token(24)
    address, state = authlib.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    back = Person(ready.issuer).walk(address)
    token = authlib.fetch_token(told["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier)

    assert token["token_type"] == "Bearer"
    assert authlib.get(ready.invoices).status_code == 200
    keys = KeySet.import_key_set(requests.get(told["jwks_uri"], timeout=30).json())
    claims = jose.decode(token["id_token"], keys, algorithms=told["id_token_signing_alg_values_supported"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ready.issuer, web["client_id"], nonce)
    assert claims["exp"] > time.time()
    about = authlib.get(told["userinfo_endpoint"]).json()
    assert (about["sub"], about["email"]) == (claims["sub"], "alice@example.com")


def test_P20_requests_oauthlib_code_with_pkce(ready, told, pair, oauthlib):
    address, _ = oauthlib.authorization_url(told["authorization_endpoint"])
    back = Person(ready.issuer).walk(address)
    oauthlib.fetch_token(told["token_endpoint"], authorization_response=back, auth=pair)
    assert oauthlib.get(ready.invoices).status_code == 200


def alive(told, session: Authlib) -> bool:
    """Whether the access token stands: the demo API reads it without asking, the server knows."""
    return session.introspect_token(told["introspection_endpoint"], session.token["access_token"]).json()["active"]


def test_P20_a_code_comes_once(ready, told, authlib):
    verifier = generate_token(48)
    address, state = authlib.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier)
    back = Person(ready.issuer).walk(address)
    authlib.fetch_token(told["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier)
    assert alive(told, authlib)
    with pytest.raises(OAuthError) as refused:
        authlib.fetch_token(told["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier)
    assert refused.value.error == "invalid_grant"
    assert not alive(told, authlib), "what came of the first ends too"


def test_P20_the_verifier_must_fit(ready, told, pair, make):
    one, other = make(), make()
    address, state = one.authorization_url(told["authorization_endpoint"])
    other.authorization_url(told["authorization_endpoint"], state=state)
    back = Person(ready.issuer).walk(address)
    with pytest.raises(InvalidGrantError):
        other.fetch_token(told["token_endpoint"], authorization_response=back, auth=pair)


def test_P20_an_answer_to_somebody_else_is_found_out(ready, told, pair, make):
    one, other = make(), make()
    address, _ = one.authorization_url(told["authorization_endpoint"])
    other.authorization_url(told["authorization_endpoint"])
    back = Person(ready.issuer).walk(address)
    with pytest.raises(MismatchingStateError):
        other.fetch_token(told["token_endpoint"], authorization_response=back, auth=pair)


def test_P20_a_refusal_reaches_the_app(ready, told, pair, oauthlib):
    address, _ = oauthlib.authorization_url(told["authorization_endpoint"], prompt="consent")
    back = Person(ready.issuer).walk(address, decision="deny")
    with pytest.raises(AccessDeniedError):
        oauthlib.fetch_token(told["token_endpoint"], authorization_response=back, auth=pair)


def signed_in(ready, told, session: Authlib) -> dict:
    verifier = generate_token(48)
    address, state = session.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier)
    back = Person(ready.issuer).walk(address)
    return session.fetch_token(
        told["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
    ).copy()


def test_P21_authlib_refreshes(ready, told, authlib):
    first = signed_in(ready, told, authlib)
    second = authlib.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert authlib.get(ready.invoices).status_code == 200


def test_P21_authlib_refreshes_by_itself_when_a_token_ended(ready, told, authlib):
    first = signed_in(ready, told, authlib)
    kept = []
    authlib.metadata["token_endpoint"] = told["token_endpoint"]
    authlib.update_token = lambda token, **more: kept.append(token)
    authlib.token = first | {"expires_at": int(time.time()) - 1}
    assert authlib.get(ready.invoices).status_code == 200
    assert [token["access_token"] for token in kept] != [first["access_token"]]
    assert len(kept) == 1


def test_P21_requests_oauthlib_refreshes(ready, told, pair, oauthlib):
    address, _ = oauthlib.authorization_url(told["authorization_endpoint"])
    back = Person(ready.issuer).walk(address)
    first = dict(oauthlib.fetch_token(told["token_endpoint"], authorization_response=back, auth=pair))
    second = oauthlib.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"], auth=pair)
    assert second["refresh_token"] != first["refresh_token"]
    assert oauthlib.get(ready.invoices).status_code == 200


def test_P21_an_old_refresh_token_ends_everything(ready, told, authlib):
    first = signed_in(ready, told, authlib)
    second = authlib.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"]).copy()
    authlib.refresh_token(told["token_endpoint"], refresh_token=second["refresh_token"])
    assert alive(told, authlib)
    with pytest.raises(OAuthError) as refused:
        authlib.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"])
    assert refused.value.error == "invalid_grant"
    assert not alive(told, authlib)


def test_P21_a_revoked_refresh_token(ready, told, authlib):
    first = signed_in(ready, told, authlib)
    assert authlib.revoke_token(told["revocation_endpoint"], first["refresh_token"]).status_code == 200
    with pytest.raises(OAuthError) as refused:
        authlib.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"])
    assert refused.value.error == "invalid_grant"
    assert not alive(told, authlib)
