"""What an app does without a person: client credentials with Authlib and requests-oauthlib."""

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as Authlib
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidScopeError
from requests_oauthlib import OAuth2Session as Oauthlib


@pytest.fixture(scope="module")
def told(ready) -> dict:
    return requests.get(f"{ready.issuer}/.well-known/oauth-authorization-server", timeout=30).json()


def authlib(web, **more) -> Authlib:
    return Authlib(web["client_id"], more.pop("secret", web["client_secret"]), **more)


def test_P18_authlib_client_credentials(ready, told, web):
    session = authlib(web, scope=ready.read)
    token = session.fetch_token(told["token_endpoint"], grant_type="client_credentials")

    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3600
    assert "refresh_token" not in token
    assert session.get(ready.invoices).status_code == 200


def test_P18_requests_oauthlib_client_credentials(ready, told, web):
    session = Oauthlib(client=BackendApplicationClient(web["client_id"], scope=[ready.read]))
    session.fetch_token(told["token_endpoint"], auth=(web["client_id"], web["client_secret"]))
    assert session.get(ready.invoices).status_code == 200


def test_P18_a_secret_in_the_form(ready, told):
    daemon = ready.client("demo-daemon")
    session = authlib(daemon, scope=ready.read, token_endpoint_auth_method="client_secret_post")
    session.fetch_token(told["token_endpoint"], grant_type="client_credentials")
    assert session.get(ready.invoices).status_code == 200

    session = Oauthlib(client=BackendApplicationClient(daemon["client_id"], scope=[ready.read]))
    session.fetch_token(
        told["token_endpoint"], client_secret=daemon["client_secret"], include_client_id=True
    )
    assert session.get(ready.invoices).status_code == 200


def test_P18_a_wrong_secret(ready, told, web):
    with pytest.raises(OAuthError) as refused:
        authlib(web, secret="wrong").fetch_token(told["token_endpoint"], grant_type="client_credentials")
    assert refused.value.error == "invalid_client"

    session = Oauthlib(client=BackendApplicationClient(web["client_id"]))
    with pytest.raises(InvalidClientError):
        session.fetch_token(told["token_endpoint"], auth=(web["client_id"], "wrong"))


def test_P18_an_unknown_scope(ready, told, web):
    with pytest.raises(OAuthError) as refused:
        authlib(web, scope="no.such.scope").fetch_token(told["token_endpoint"], grant_type="client_credentials")
    assert refused.value.error == "invalid_scope"

    session = Oauthlib(client=BackendApplicationClient(web["client_id"], scope=["no.such.scope"]))
    with pytest.raises(InvalidScopeError):
        session.fetch_token(told["token_endpoint"], auth=(web["client_id"], web["client_secret"]))


def test_P18_only_the_registered_method_works(ready, told, web):
    session = authlib(web, token_endpoint_auth_method="client_secret_post", scope=ready.read)
    with pytest.raises(OAuthError) as refused:
        session.fetch_token(told["token_endpoint"], grant_type="client_credentials")
    assert refused.value.error == "invalid_client"
