"""google-auth's credentials of Google Distributed Cloud, as they come, with the file that Carnet wrote (google-wire 12: P24).

The library finds the file like any other, asks in JSON with names of its own, and believes the token endpoint by the
certificate that the file names.
"""

import base64
import json
import secrets

import google.auth
import pytest
import requests
from google.auth import exceptions
from google.oauth2 import gdch_credentials, service_account

from wire import Watched, claims

GOOGLE = "https://oauth2.googleapis.com/token"


@pytest.fixture
def file(make, ready):
    """Makes the file of a new account, which is a service identity too."""

    def new(**more) -> dict:
        accounts = f"projects/{ready.project}/service-accounts"
        email = make(accounts, {"account_id": f"gdch-{secrets.token_hex(4)}"})["email"]
        made = make(f"{accounts}/{email}/keys", {"format": "gdch"} | more)
        return json.loads(base64.b64decode(made["private_key_data"]))

    return new


@pytest.fixture(scope="session")
def api(ready, key_file) -> str:
    """What the demo API is called in `aud`."""
    credentials = service_account.Credentials.from_service_account_file(key_file, scopes=[ready.read])
    credentials.refresh(Watched())
    return claims(credentials.token)["aud"]


def email(file: dict) -> str:
    return f"{file['name']}@{file['project']}.iam.gserviceaccount.com"


def asking(file: dict, audience: str):
    credentials = gdch_credentials.ServiceAccountCredentials.from_service_account_info(file)
    return credentials.with_gdch_audience(audience)


def refusal(credentials, status: int) -> dict:
    request = Watched()
    with pytest.raises(exceptions.RefreshError) as caught:
        credentials.refresh(request)
    text, body = caught.value.args
    assert text == f"{body['error']}: {body['error_description']}"
    assert caught.value.retryable is False
    assert request.statuses == [status], "a final refusal is asked for once"
    return body


def expect(body: dict, error: str, code: int) -> None:
    assert body["error"] == error
    assert f"CRN-{code}: " in body["error_description"]


def test_P24_the_file_is_found_and_opens_an_api(ready, api, file, monkeypatch, tmp_path):
    found = tmp_path / "gdch.json"
    ours = file(ca_cert_path=ready.google["ca_file"])
    found.write_text(json.dumps(ours))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(found))

    credentials, project = google.auth.default()
    assert isinstance(credentials, gdch_credentials.ServiceAccountCredentials)
    assert project == ready.project
    credentials = credentials.with_gdch_audience(api)
    request = Watched()
    credentials.refresh(request)

    assert credentials.valid
    assert request.calls == [("POST", f"{ready.issuer}/token")]
    answer = request.answers[0]
    assert answer["token_type"] == "Bearer"
    assert answer["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert 3590 <= answer["expires_in"] <= 3600
    said = claims(credentials.token)
    assert said["email"] == email(ours)
    assert said["aud"] == api
    assert {ready.read, ready.write} <= set(said["scope"].split())
    headers = {"Authorization": f"Bearer {credentials.token}"}
    assert requests.get(ready.invoices, headers=headers, timeout=30).status_code == 200


def test_P24_it_believes_the_authority_of_its_file_and_no_other(ready, api, file, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", ready.google["proxy"])
    ours = file(ca_cert_path=ready.google["ca_file"]) | {"token_uri": GOOGLE}
    credentials = asking(ours, api)
    credentials.refresh(Watched())
    assert claims(credentials.token)["email"] == email(ours)

    del ours["ca_cert_path"]
    with pytest.raises(exceptions.TransportError, match="CERTIFICATE_VERIFY_FAILED"):
        asking(ours, api).refresh(Watched())


def test_P24_an_api_that_is_not_known(file):
    expect(refusal(asking(file(), "https://nowhere.example"), 400), "invalid_target", 1206)


def test_P24_an_account_that_is_disabled(admin, api, file):
    ours = file()
    asking(ours, api).refresh(Watched())
    admin.disable_account(email(ours))
    expect(refusal(asking(ours, api), 401), "disabled_client", 2012)
    admin.enable_account(email(ours))
    asking(ours, api).refresh(Watched())


def test_P24_a_key_that_is_disabled_or_deleted(admin, api, file):
    ours = file()
    named = {"client_email": email(ours), "private_key_id": ours["private_key_id"]}
    admin.disable_key(named)
    expect(refusal(asking(ours, api), 400), "invalid_grant", 2011)
    admin.enable_key(named)
    asking(ours, api).refresh(Watched())
    admin.delete_key(named)
    expect(refusal(asking(ours, api), 400), "invalid_grant", 2005)


def test_P24_a_file_that_was_changed(api, file):
    ours, others = file(), file()
    for name in ("name", "private_key"):
        changed = ours | {name: others[name]}
        expect(refusal(asking(changed, api), 400), "invalid_grant", 2005)
    expect(refusal(asking(ours | {"project": "elsewhere"}, api), 400), "invalid_grant", 2005)
    expect(refusal(asking(ours | {"project": "No project"}, api), 401), "invalid_client", 2019)


def test_P24_the_library_asks_for_nothing_without_an_audience(file):
    credentials = gdch_credentials.ServiceAccountCredentials.from_service_account_info(file())
    expect(refusal(credentials, 400), "invalid_request", 1001)
