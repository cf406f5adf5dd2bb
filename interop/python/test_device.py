"""A device without a browser (RFC 8628): the codes by requests, the tokens by Authlib."""

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as Authlib

from person import Person

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def told(ready) -> dict:
    return requests.get(f"{ready.issuer}/.well-known/openid-configuration", timeout=30).json()


@pytest.fixture
def tv(ready) -> Authlib:
    return Authlib(ready.client("demo-tv")["client_id"], token_endpoint_auth_method="none")


@pytest.fixture
def asked(ready, told, tv) -> dict:
    form = {"client_id": tv.client_id, "scope": f"openid email offline_access {ready.read}"}
    answer = requests.post(told["device_authorization_endpoint"], data=form, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def fetch(told: dict, tv: Authlib, code: str) -> dict:
    return tv.fetch_token(told["token_endpoint"], grant_type=DEVICE_CODE, device_code=code)


def test_P27_authlib_has_the_tokens_of_a_device(ready, told, tv, asked):
    with pytest.raises(OAuthError) as pending:
        fetch(told, tv, asked["device_code"])
    assert pending.value.error == "authorization_pending"
    done = Person(ready.issuer).device(asked["verification_uri_complete"])
    assert "Your device is connected" in done
    token = fetch(told, tv, asked["device_code"])
    assert tv.get(ready.invoices).status_code == 200
    assert tv.get(told["userinfo_endpoint"]).json()["email"] == "alice@example.com"
    again = tv.refresh_token(told["token_endpoint"], refresh_token=token["refresh_token"])
    assert again["access_token"] != token["access_token"]
    with pytest.raises(OAuthError) as spent:
        fetch(told, tv, asked["device_code"])
    assert spent.value.error == "invalid_grant"


def test_P27_authlib_hears_that_the_person_said_no(ready, told, tv, asked):
    done = Person(ready.issuer).device(asked["verification_uri_complete"], decision="deny")
    assert "The device was not connected" in done
    with pytest.raises(OAuthError) as denied:
        fetch(told, tv, asked["device_code"])
    assert denied.value.error == "access_denied"


def test_P27_google_s_name_of_the_address(ready, tv):
    form = {"client_id": tv.client_id, "scope": ready.read}
    answer = requests.post(f"{ready.issuer}/device/code", data=form, timeout=30).json()
    assert answer["verification_url"] == answer["verification_uri"] == f"{ready.issuer}/device"
