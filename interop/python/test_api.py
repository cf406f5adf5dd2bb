"""A protected API, called with Google's sessions and Google's generated client (P2, P3, P16, P17)."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import google_auth_httplib2
import googleapiclient.discovery
import httplib2
import pytest
import requests
from google.auth import exceptions
from google.auth import jwt as google_jwt
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from googleapiclient.errors import HttpError

from wire import Watched, claims

INVOICE = {"customer": "Interop Ltd", "amount": 4200, "currency": "EUR"}


def session(credentials):
    """An authorized session, and the transport that it asks for tokens with."""
    tokens = Watched()
    return AuthorizedSession(credentials, auth_request=tokens), tokens


def demo(ready, credentials, **more):
    """The client that googleapiclient builds from our discovery document."""
    return googleapiclient.discovery.build(
        "demo",
        "v1",
        discoveryServiceUrl=ready.demo_discovery,
        credentials=credentials,
        cache_discovery=False,
        static_discovery=False,
        **more,
    )


def in_an_hour():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(hours=1)


def test_P2_an_authorized_session_reads(ready, ci):
    http, tokens = session(ci.with_scopes([ready.read]))

    answer = http.get(ready.invoices)

    assert answer.status_code == 200, answer.text
    invoices = answer.json()["invoices"]
    assert len(invoices) > 0
    one = http.get(f"{ready.invoices}/{invoices[0]['id']}")
    assert one.status_code == 200, one.text
    assert one.json()["id"] == invoices[0]["id"]
    # One token served both.
    assert len(tokens.calls) == 1


def test_P2_without_a_token_the_api_asks_for_one(ready):
    answer = requests.get(ready.invoices)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "error=" not in answer.headers["WWW-Authenticate"]
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


def test_P2_a_read_token_does_not_write(ready, ci):
    http, tokens = session(ci.with_scopes([ready.read]))

    answer = http.post(ready.invoices, json=INVOICE)

    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert ready.write in answer.headers["WWW-Authenticate"]
    assert len(tokens.calls) == 1, "403 is no reason to ask for another token"


def test_P2_a_token_for_a_user_reads_as_the_user(ready, ci):
    http, tokens = session(ci.with_scopes([ready.read]).with_subject("bob@example.com"))

    answer = http.get(ready.invoices)

    assert answer.status_code == 200, answer.text
    assert answer.json()["listedFor"] == "bob@example.com"
    assert answer.json()["listedBy"] == ready.ci["email"]
    assert len(tokens.calls) == 1


def test_P3_after_a_401_exactly_one_refresh(ready, ci):
    credentials = ci.with_scopes([ready.read])
    credentials.token = "not.a.token"
    credentials.expiry = in_an_hour()
    assert credentials.valid, "the library believes in this token"
    http, tokens = session(credentials)
    seen = []
    http.hooks["response"].append(lambda answer, **_: seen.append(answer.status_code))

    answer = http.get(ready.invoices)

    assert answer.status_code == 200, answer.text
    assert seen == [401, 200]
    assert len(tokens.calls) == 1
    assert credentials.token != "not.a.token"


def test_P3_a_token_that_is_over_for_the_server_is_replaced(ready, ci):
    http, tokens = session(ci.with_scopes([ready.read]))
    assert http.get(ready.invoices).status_code == 200
    seen = []
    http.hooks["response"].append(lambda answer, **_: seen.append(answer.status_code))
    ready.move_clock("+61m")
    try:
        answer = http.get(ready.invoices)
    finally:
        ready.move_clock("0")

    assert answer.status_code == 200, answer.text
    assert seen == [401, 200]
    assert len(tokens.calls) == 2


def test_P3_a_token_that_is_over_for_the_library_is_replaced_before_it_is_sent(ready, ci):
    http, tokens = session(ci.with_scopes([ready.read]))
    seen = []
    http.hooks["response"].append(lambda answer, **_: seen.append(answer.status_code))
    http.get(ready.invoices)
    first = http.credentials.token
    http.credentials.expiry = in_an_hour() - datetime.timedelta(hours=2)

    http.get(ready.invoices)

    assert seen == [200, 200]
    assert len(tokens.calls) == 2
    assert http.credentials.token != first


def test_P3_a_revoked_token_is_replaced(ready, ci, admin):
    http, tokens = session(ci.with_scopes([ready.read]))
    assert http.get(ready.invoices).status_code == 200
    first = http.credentials.token
    told = {"access_token": first}
    assert requests.get(ready.issuer + "/tokeninfo", params=told).status_code == 200

    admin.revoke(first)

    assert requests.get(ready.issuer + "/tokeninfo", params=told).status_code == 400
    http.credentials.refresh(tokens)
    assert http.credentials.token != first
    assert http.get(ready.invoices).status_code == 200


def test_P3_a_key_disabled_in_the_middle_gets_no_other_token(ready, admin):
    key = admin.account("midway")
    http, tokens = session(service_account.Credentials.from_service_account_info(key, scopes=[ready.read]))
    assert http.get(ready.invoices).status_code == 200
    admin.disable_key(key)
    ready.move_clock("+61m")
    try:
        # The API says 401, the library asks for another token, and learns why there is none. Its assertion is of an hour
        # ago by the server's clock, so the clock goes back first.
        http.hooks["response"].append(lambda *_, **__: ready.move_clock("0"))
        with pytest.raises(exceptions.RefreshError) as caught:
            http.get(ready.invoices)
    finally:
        ready.move_clock("0")

    assert "CRN-2011" in str(caught.value)
    assert tokens.statuses == [200, 400]
    admin.enable_key(key)
    http.credentials.refresh(tokens)
    assert http.get(ready.invoices).status_code == 200


def test_P2_many_threads_with_the_same_credentials(ready, ci):
    credentials = ci.with_scopes([ready.read])

    def read(_):
        with AuthorizedSession(credentials) as http:
            return http.get(ready.invoices).status_code

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(read, range(64))) == [200] * 64


def test_P3_an_id_token_is_no_access_token(ready, key_file):
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key_file, target_audience=ready.issuer
    )
    http, tokens = session(credentials)

    answer = http.get(ready.invoices)

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_P16_googleapiclient_lists_gets_and_inserts(ready, ci):
    with demo(ready, ci.with_scopes([ready.read, ready.write])) as api:
        listed = api.invoices().list().execute()["invoices"]
        first = api.invoices().get(**{get_parameter(api): listed[0]["id"]}).execute()
        made = api.invoices().insert(body=INVOICE).execute()
        again = api.invoices().list().execute()["invoices"]

    assert first == listed[0]
    assert made["customer"] == INVOICE["customer"]
    assert made["id"] not in [invoice["id"] for invoice in listed]
    assert made["id"] in [invoice["id"] for invoice in again]


def get_parameter(api) -> str:
    """The name of the one path parameter of `invoices.get`, as the document says it."""
    (name,) = api._resourceDesc["resources"]["invoices"]["methods"]["get"]["parameterOrder"]
    return name


def test_P16_credentials_without_scopes_get_those_of_the_document(ready, ci):
    assert ci.requires_scopes
    with demo(ready, ci) as api:
        made = api.invoices().insert(body=INVOICE).execute()
    assert made["customer"] == INVOICE["customer"]


def test_P16_a_refusal_of_the_api_is_readable(ready, ci):
    with demo(ready, ci.with_scopes([ready.read])) as api:
        with pytest.raises(HttpError) as caught:
            api.invoices().insert(body=INVOICE).execute()

    assert caught.value.status_code == 403
    assert "insufficient authentication scopes" in caught.value.reason
    assert caught.value.error_details[0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_P16_an_unknown_invoice_is_a_404(ready, ci):
    with demo(ready, ci.with_scopes([ready.read])) as api:
        with pytest.raises(HttpError) as caught:
            api.invoices().get(**{get_parameter(api): "no-such-invoice"}).execute()

    assert caught.value.status_code == 404


def test_P3_httplib2_refreshes_once_too(ready, ci):
    credentials = ci.with_scopes([ready.read])
    credentials.token = "not.a.token"
    credentials.expiry = in_an_hour()
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=httplib2.Http())

    answer, _ = http.request(ready.invoices)

    assert answer.status == 200
    assert credentials.token != "not.a.token"


def test_P17_always_use_jwt_access_needs_no_token_endpoint(ready, ci):
    credentials = ci.with_scopes([ready.read]).with_always_use_jwt_access(True)
    http, tokens = session(credentials)

    answer = http.get(ready.invoices)

    assert answer.status_code == 200, answer.text
    assert tokens.calls == []
    told = claims(credentials.token)
    assert told["iss"] == told["sub"] == ready.ci["email"]
    assert told["scope"] == ready.read
    assert "aud" not in told or told["aud"] is None


def test_P17_googleapiclient_with_always_use_jwt_access(ready, ci):
    nowhere = ci.with_token_uri("http://127.0.0.1:9/token")
    with demo(ready, nowhere, always_use_jwt_access=True) as api:
        listed = api.invoices().list().execute()

    assert len(listed["invoices"]) > 0


def test_P17_a_self_signed_jwt_has_no_more_than_its_scopes(ready, ci):
    http, _ = session(ci.with_scopes([ready.read]).with_always_use_jwt_access(True))

    assert http.post(ready.invoices, json=INVOICE).status_code == 403


@pytest.mark.parametrize("slash", ["", "/"])
def test_P17_a_self_signed_jwt_for_the_root_of_the_api(ready, ci, slash):
    credentials = google_jwt.Credentials.from_signing_credentials(ci, ready.issuer + slash)
    http, tokens = session(credentials)

    answer = http.get(ready.invoices)

    assert answer.status_code == 200, answer.text
    assert claims(credentials.token.decode())["aud"] == ready.issuer + slash
    assert tokens.calls == []


def test_P17_a_self_signed_jwt_for_the_url_of_each_request(ready, ci):
    credentials = google_jwt.OnDemandCredentials.from_signing_credentials(ci)
    http, tokens = session(credentials)
    sent = []
    http.hooks["response"].append(lambda answer, **_: sent.append(answer.request.headers["Authorization"]))

    answer = http.get(ready.invoices, params={"alt": "json"})

    assert answer.status_code == 200, answer.text
    assert claims(sent[0].removeprefix("Bearer "))["aud"] == ready.invoices
    assert tokens.calls == []


def test_P17_a_self_signed_jwt_for_somebody_else_is_refused(ready, ci):
    credentials = google_jwt.Credentials.from_signing_credentials(ci, "https://other.example.com/")
    http, _ = session(credentials)

    answer = http.get(ready.invoices)

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_P17_a_disabled_key_signs_nothing_any_more(ready, admin):
    key = admin.account("selfsigned")
    credentials = service_account.Credentials.from_service_account_info(
        key, scopes=[ready.read], always_use_jwt_access=True
    )
    http, _ = session(credentials)
    assert http.get(ready.invoices).status_code == 200

    admin.disable_key(key)

    # The API keeps the document of an account's keys for five minutes, as its Cache-Control says.
    ready.move_clock("+301s")
    try:
        assert http.get(ready.invoices).status_code == 401
    finally:
        ready.move_clock("0")


def test_P16_clients_built_from_the_documents_of_googles_apis(ready, ci):
    """google-wire 10.1: what Carnet has of Google's APIs describes itself."""
    documents = ready.issuer + "/discovery/v1/apis/{api}/{apiVersion}/rest"
    credentials = ci.with_scopes(["https://www.googleapis.com/auth/cloud-platform"])
    credentials.refresh(Watched())

    oauth2 = googleapiclient.discovery.build("oauth2", "v2", discoveryServiceUrl=documents, credentials=credentials)
    said = oauth2.tokeninfo(access_token=credentials.token).execute()
    assert said["email"] == ready.ci["email"]
    assert said["scope"] == "https://www.googleapis.com/auth/cloud-platform"

    iam = googleapiclient.discovery.build("iamcredentials", "v1", discoveryServiceUrl=documents, credentials=credentials)
    accounts = iam.projects().serviceAccounts()
    name = f"projects/-/serviceAccounts/admin@{ready.project}.iam.gserviceaccount.com"
    assert "encodedLocations" in accounts.getAllowedLocations(name=name).execute()
    with pytest.raises(HttpError) as refused:
        accounts.generateAccessToken(name=name, body={"scope": [ready.read]}).execute()
    assert refused.value.status_code == 403

    sts = googleapiclient.discovery.build("sts", "v1", discoveryServiceUrl=documents, credentials=credentials)
    with pytest.raises(HttpError) as refused:
        sts.v1().token(body={"grantType": "nothing"}).execute()
    assert refused.value.status_code == 400
