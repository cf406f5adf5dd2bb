"""What an app asks about its tokens and how it ends them, with Authlib and requests-oauthlib (RFC 7662, RFC 7009)."""

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session as Authlib
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session as Oauthlib


@pytest.fixture(scope="module")
def told(ready) -> dict:
    return requests.get(f"{ready.issuer}/.well-known/oauth-authorization-server", timeout=30).json()


def test_P19_authlib_introspects_and_revokes(ready, told, web):
    session = Authlib(web["client_id"], web["client_secret"], scope=ready.read)
    token = session.fetch_token(told["token_endpoint"], grant_type="client_credentials")["access_token"]

    before = session.introspect_token(told["introspection_endpoint"], token).json()
    assert before["active"] is True
    assert before["client_id"] == web["client_id"]
    assert before["scope"] == ready.read

    assert session.revoke_token(told["revocation_endpoint"], token).status_code == 200
    assert session.introspect_token(told["introspection_endpoint"], token).json() == {"active": False}


def test_P19_oauthlib_revokes(ready, told, web):
    client = BackendApplicationClient(web["client_id"], scope=[ready.read])
    session = Oauthlib(client=client)
    pair = (web["client_id"], web["client_secret"])
    token = session.fetch_token(told["token_endpoint"], auth=pair)["access_token"]
    address, headers, body = client.prepare_token_revocation_request(told["revocation_endpoint"].replace("http://", "https://"), token)
    answer = requests.post(address.replace("https://", "http://"), body, headers=headers, auth=pair, timeout=30)
    assert answer.status_code == 200
    assert requests.get(f"{ready.issuer}/tokeninfo", {"access_token": token}, timeout=30).status_code == 400
