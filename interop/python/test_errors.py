"""The seed's table of JWT errors, as google-auth surfaces it (P4, P6, T1, T4, T5, T9).

Each refusal is a RefreshError that holds Google's sentence, our code and the whole body; it is final, so the library
asks once and says that it may not be retried.
"""

import time

import pytest
from google.auth import exceptions
from google.oauth2 import service_account

from wire import Watched

INVALID_SIGNATURE = "Invalid JWT Signature."
INVALID_SCOPE = "Invalid OAuth scope or ID token audience provided."
UNAUTHORIZED_CLIENT_OR_SCOPE = "Unauthorized client or scope in request."
SHORT_LIVED = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values and use a clock with skew to account for clock differences between systems."
)
UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, "
    "or client not authorized for any of the scopes requested."
)


def refusal(credentials, status=400) -> dict:
    """The body that the library hands over. All that holds for every refusal is checked here."""
    request = Watched()
    with pytest.raises(exceptions.RefreshError) as caught:
        credentials.refresh(request)
    text, body = caught.value.args
    assert text == f"{body['error']}: {body['error_description']}"
    assert caught.value.retryable is False
    assert request.statuses == [status], "a final refusal is asked for once"
    assert credentials.token is None
    return body


def expect(body, error, sentence, code):
    assert body["error"] == error
    assert body["error_description"].startswith(f"{sentence} CRN-{code}: "), body["error_description"]
    assert body["error_uri"].endswith(f"/e/CRN-{code}")
    assert len(body["trace_id"]) > 0


def credentials(key, **more):
    return service_account.Credentials.from_service_account_info(key, **more)


def test_P6_bad_signature(ready, admin, key):
    stranger = admin.account("stranger")
    forged = key | {"private_key": stranger["private_key"]}

    body = refusal(credentials(forged, scopes=[ready.read]))

    expect(body, "invalid_grant", INVALID_SIGNATURE, 2005)


def test_P6_an_unknown_account_looks_like_a_bad_signature(ready, admin, key):
    stranger = admin.account("stranger")
    forged = key | {"private_key": stranger["private_key"]}
    nobody = key | {"client_email": f"nobody@{ready.project}.iam.gserviceaccount.com"}

    one = refusal(credentials(forged, scopes=[ready.read]))
    other = refusal(credentials(nobody, scopes=[ready.read]))

    for changing in ("trace_id", "timestamp"):
        assert one.pop(changing) and other.pop(changing)
    assert one == other


def test_T9_disabled_account(ready, admin):
    key = admin.account("disabled")
    credentials(key, scopes=[ready.read]).refresh(Watched())
    admin.disable_account(key["client_email"])

    body = refusal(credentials(key, scopes=[ready.read]), status=401)

    expect(body, "disabled_client", "The OAuth client was disabled.", 2012)
    admin.enable_account(key["client_email"])
    credentials(key, scopes=[ready.read]).refresh(Watched())


def test_T9_disabled_key(ready, admin):
    key = admin.account("disabledkey")
    admin.disable_key(key)

    body = refusal(credentials(key, scopes=[ready.read]))

    expect(body, "invalid_grant", INVALID_SIGNATURE, 2011)
    admin.enable_key(key)
    credentials(key, scopes=[ready.read]).refresh(Watched())


def test_T9_deleted_key(ready, admin):
    key = admin.account("deletedkey")
    other = admin.key(key["client_email"])
    admin.delete_key(key)

    body = refusal(credentials(key, scopes=[ready.read]))

    expect(body, "invalid_grant", INVALID_SIGNATURE, 2005)
    credentials(other, scopes=[ready.read]).refresh(Watched())


def test_T1_unknown_scope(ci):
    body = refusal(ci.with_scopes(["https://demo.carnet.dev/auth/invoices.raed"]))

    expect(body, "invalid_scope", INVALID_SCOPE, 2217)
    assert "https://demo.carnet.dev/auth/invoices.read" in body["error_description"], "the closest one is named"


def test_T1_empty_scope(ci):
    body = refusal(ci.with_scopes([]))

    expect(body, "invalid_scope", INVALID_SCOPE, 2214)


def test_T1_scopes_with_commas(ready, ci):
    body = refusal(ci.with_scopes([f"{ready.read},{ready.write}"]))

    expect(body, "invalid_scope", INVALID_SCOPE, 2215)
    assert f"{ready.read} " in body["error_description"], "it shows how it should be"


def test_T1_empty_target_audience(key_file):
    asked = service_account.IDTokenCredentials.from_service_account_file(key_file, target_audience="")

    body = refusal(asked)

    expect(body, "invalid_scope", INVALID_SCOPE, 2214)


def test_P4_delegation_not_granted_at_all(ready, admin):
    key = admin.account("undelegated")

    body = refusal(credentials(key, scopes=[ready.read], subject="alice@example.com"), status=401)

    expect(body, "unauthorized_client", UNAUTHORIZED, 2206)


def test_P4_delegation_not_granted_for_the_scope(ready, ci):
    body = refusal(ci.with_scopes([ready.write]).with_subject("alice@example.com"), status=401)

    expect(body, "unauthorized_client", UNAUTHORIZED, 2205)
    assert ready.write in body["error_description"]


def test_P4_delegation_granted_for_some_of_the_scopes(ready, ci):
    body = refusal(ci.with_scopes([ready.read, ready.write]).with_subject("alice@example.com"))

    expect(body, "access_denied", "Requested client not authorized.", 2207)
    assert ready.write in body["error_description"]


def test_P4_unknown_user(ready, ci):
    body = refusal(ci.with_scopes([ready.read]).with_subject("dana@example.com"))

    expect(body, "invalid_grant", "Not a valid email.", 2210)


def test_P4_suspended_user(ready, ci):
    body = refusal(ci.with_scopes([ready.read]).with_subject("carol@example.com"))

    expect(body, "access_denied", "Account restricted", 2211)


def test_P4_subject_that_is_no_address(ready, ci):
    body = refusal(ci.with_scopes([ready.read]).with_subject("alice"))

    assert body["error"] == "invalid_request"
    assert body["error_description"].startswith("Invalid impersonation &quot;sub&quot; field: alice CRN-2213: ")


def acting(ready, key, organization):
    return credentials(key, scopes=[ready.read], subject=organization.ann)


def test_P4_delegation_approved_elsewhere(ready, admin):
    key = admin.account("elsewhere")
    here, elsewhere = admin.organization(), admin.organization()
    elsewhere.delegate(key["client_email"], [ready.read])
    acting(ready, key, elsewhere).refresh(Watched())

    body = refusal(acting(ready, key, here), status=401)

    expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT_OR_SCOPE, 2201)
    assert key["client_id"] in body["error_description"], "an admin can copy the number"


def test_P4_delegation_that_ended(ready, admin):
    key, organization = admin.account("ended"), admin.organization()
    organization.delegate(key["client_email"], [ready.read], seconds=60)
    acting(ready, key, organization).refresh(Watched())
    ready.move_clock("+120s")
    try:
        body = refusal(acting(ready, key, organization), status=401)
    finally:
        ready.move_clock("0")

    expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT_OR_SCOPE, 2202)


def test_P4_delegation_suspended(ready, admin):
    key, organization = admin.account("suspended"), admin.organization()
    delegation = organization.delegate(key["client_email"], [ready.read])
    acting(ready, key, organization).refresh(Watched())
    organization.suspend(delegation)

    body = refusal(acting(ready, key, organization), status=401)

    expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT_OR_SCOPE, 2203)


def test_P4_user_outside_the_delegation(ready, admin):
    key, organization = admin.account("outside"), admin.organization()
    organization.delegate(key["client_email"], [ready.read], whom={"users": [organization.ben]})
    credentials(key, scopes=[ready.read], subject=organization.ben).refresh(Watched())

    body = refusal(acting(ready, key, organization))

    expect(body, "access_denied", "Requested client not authorized.", 2208)


def test_P4_admin_policy_enforced(ready, admin):
    key, organization = admin.account("blocked"), admin.organization()
    organization.delegate(key["client_email"], [ready.read])
    acting(ready, key, organization).refresh(Watched())
    organization.block(ready.read)

    body = refusal(acting(ready, key, organization))

    assert body["error"] == "admin_policy_enforced"
    # Google has no fixed sentence for it.
    assert body["error_description"].startswith("CRN-2301: "), body["error_description"]
    assert ready.read in body["error_description"]
    assert body["error_uri"].endswith("/e/CRN-2301")


def test_P4_org_internal(ready, admin):
    key, organization = admin.account("strange"), admin.organization()
    organization.delegate(key["client_email"], [ready.read])
    acting(ready, key, organization).refresh(Watched())
    organization.close()

    body = refusal(acting(ready, key, organization), status=403)

    expect(body, "org_internal", "This client is restricted to users within its organization.", 2304)


@pytest.mark.parametrize(
    ("issued", "expires", "code"),
    [
        pytest.param(+900, +4500, 2104, id="the signer's clock is ahead"),
        pytest.param(-4500, -900, 2105, id="expired"),
        pytest.param(0, +43_200, 2106, id="twelve hours"),
        pytest.param(0, -60, 2107, id="exp before iat"),
    ],
)
def test_T5_times(ready, ci, issued, expires, code):
    now = int(time.time())
    skewed = ci.with_scopes([ready.read]).with_claims({"iat": now + issued, "exp": now + expires})

    body = refusal(skewed)

    expect(body, "invalid_grant", SHORT_LIVED, code)


def test_T5_milliseconds(ready, ci):
    now = int(time.time() * 1000)

    body = refusal(ci.with_scopes([ready.read]).with_claims({"iat": now, "exp": now + 3_600_000}))

    expect(body, "invalid_grant", SHORT_LIVED, 2108)


@pytest.mark.parametrize(("issued", "expires"), [(0, 3900), (-60, 60), (-120, 3480), (+120, 3720)])
def test_T5_times_that_libraries_use(ready, ci, issued, expires):
    now = int(time.time())
    usual = ci.with_scopes([ready.read]).with_claims({"iat": now + issued, "exp": now + expires})

    usual.refresh(Watched())

    assert usual.valid


def test_T6_times_as_strings(ready, ci):
    now = int(time.time())
    digits = ci.with_scopes([ready.read]).with_claims({"iat": str(now), "exp": str(now + 3600)})

    digits.refresh(Watched())

    assert digits.valid


def test_T4_wrong_audience(ready, ci):
    body = refusal(ci.with_scopes([ready.read]).with_claims({"aud": "https://other.example.com/token"}))

    expect(body, "invalid_grant", "Invalid JWT: Failed audience check.", 2004)


@pytest.mark.parametrize(
    "audience",
    [
        "{issuer}",
        "{issuer}/token",
        "{issuer}/oauth2/v4/token",
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com/o/oauth2/token",
    ],
)
def test_T4_every_audience_of_the_set(ready, ci, audience):
    meant = ci.with_scopes([ready.read]).with_claims({"aud": audience.format(issuer=ready.issuer)})

    meant.refresh(Watched())

    assert meant.valid


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        pytest.param("CRN-5002", 503, "temporarily_unavailable", id="503"),
        pytest.param("CRN-5001", 500, "internal_failure", id="500"),
    ],
)
def test_P7_our_fault_is_asked_for_again(ready, ci, code, status, error):
    ready.force(code, times=3)
    request = Watched()

    with pytest.raises(exceptions.RefreshError) as caught:
        ci.with_scopes([ready.read]).refresh(request)

    assert request.statuses == [status] * 3
    assert caught.value.retryable is True
    assert caught.value.args[1]["error"] == error


def test_P7_what_passes_is_not_seen(ready, ci):
    ready.force("CRN-5002", times=2)
    request = Watched()
    credentials = ci.with_scopes([ready.read])

    credentials.refresh(request)

    assert request.statuses == [503, 503, 200]
    assert credentials.valid


def test_T1_another_door_is_no_token_endpoint(ready, ci):
    """The library says what it got, where it is not OAuth's answer."""
    lost = ci.with_scopes([ready.read]).with_token_uri(ready.issuer + "/no-such-door")
    request = Watched404()
    with pytest.raises(exceptions.RefreshError) as caught:
        lost.refresh(request)
    assert caught.value.retryable is False
    assert request.statuses == [404]


class Watched404(Watched):
    """The answer may be a page: only its status is kept."""

    def __call__(self, url, method="GET", body=None, headers=None, timeout=None, **more):
        answer = super(Watched, self).__call__(url, method=method, body=body, headers=headers, **more)
        self.statuses.append(answer.status)
        return answer
