"""SAML subject tokens (google-wire 6.1, 6.4): pysaml2 is the identity provider and signs with xmlsec1; google-auth
exchanges what it said, by a credential file with a file in it."""

import base64
import datetime
import json
import os
import secrets
from pathlib import Path

import google.auth.transport.requests
import jwt
import pytest
import requests
import saml2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import exceptions, identity_pool
from saml2 import config, saml, server
from saml2.metadata import entity_descriptor

ENTITY = "https://idp.interop.test/saml"
SAML = "urn:ietf:params:oauth:token-type:saml2"


@pytest.fixture(scope="module")
def ready() -> dict:
    return json.loads(Path(os.environ["CARNET_READY_FILE"]).read_text())


@pytest.fixture(scope="module")
def admin(ready):
    def call(path: str, body: dict | None = None):
        url = f"{ready['issuer']}/admin/v1/projects/{ready['project']}{path}"
        headers = {"Authorization": f"Bearer {ready['admin_token']}"}
        return requests.request("GET" if body is None else "POST", url, json=body, headers=headers, timeout=30)

    return call


def pem(folder: Path) -> tuple[str, str]:
    """A new key, and a certificate that it signed for itself."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "saml")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=30)).sign(key, hashes.SHA256())
    held, shown = folder / "key.pem", folder / "certificate.pem"
    held.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return str(held), str(shown)


class IdentityProvider:
    """pysaml2, with one service provider in its metadata."""

    def __init__(self, folder: Path):
        self.folder = folder
        key, certificate = pem(folder)
        self.settings = {
            "entityid": ENTITY,
            "key_file": key,
            "cert_file": certificate,
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "service": {"idp": {
                "endpoints": {"single_sign_on_service": ["https://idp.interop.test/sso"]},
                "policy": {"default": {"lifetime": {"minutes": 30}}},
            }},
        }

    def metadata(self) -> str:
        return str(entity_descriptor(config.IdPConfig().load(dict(self.settings))))

    def say(self, audience: str, recipient: str, response=True, assertion=True, **attributes) -> str:
        """A response in base64."""
        services = {"assertion_consumer_service": [(recipient, saml2.BINDING_HTTP_POST)]}
        told = {"entityid": audience, "service": {"sp": {"endpoints": services}}}
        (self.folder / "sp.xml").write_text(str(entity_descriptor(config.SPConfig().load(told))))
        settings = self.settings | {"metadata": {"local": [str(self.folder / "sp.xml")]}}
        name = saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text="build-7")
        said = server.Server(config=config.IdPConfig().load(settings)).create_authn_response(
            attributes, None, recipient, sp_entity_id=audience, name_id=name,
            sign_response=response, sign_assertion=assertion,
            sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            digest_alg="http://www.w3.org/2001/04/xmlenc#sha256")
        return base64.b64encode(str(said).encode()).decode()


@pytest.fixture(scope="module")
def identity(tmp_path_factory) -> IdentityProvider:
    return IdentityProvider(tmp_path_factory.mktemp("idp"))


@pytest.fixture(scope="module")
def audience(admin, identity) -> str:
    pool = admin("/workload-pools", {"id": f"saml-{secrets.token_hex(4)}"}).json()["id"]
    made = admin(f"/workload-pools/{pool}/providers", {
        "id": "corporate",
        "saml": {"idp_metadata_xml": identity.metadata()},
        "attribute_mapping": {
            "google.subject": "assertion.subject",
            "attribute.mail": "assertion.attributes['urn:oid:0.9.2342.19200300.100.1.3'][0]",
        },
    })
    assert made.ok, made.text
    assert made.json()["saml"]["entity_id"] == ENTITY
    return made.json()["audience"]


@pytest.fixture
def credentials(ready, audience, tmp_path):
    def made(token: str) -> identity_pool.Credentials:
        (tmp_path / "token").write_text(token + "\n")
        scope = ready["demo"]["scopes"][0]
        return identity_pool.Credentials.from_info({
            "type": "external_account",
            "audience": audience,
            "subject_token_type": SAML,
            "token_url": f"{ready['issuer']}/v1/token",
            "credential_source": {"file": str(tmp_path / "token")},
        }, scopes=[scope])

    return made


def refreshed(credentials) -> dict:
    credentials.refresh(google.auth.transport.requests.Request())
    return jwt.decode(credentials.token, options={"verify_signature": False})


@pytest.mark.parametrize("signed", [(True, True), (True, False), (False, True)], ids=["both", "response", "assertion"])
def test_google_wire_6_4_what_pysaml2_says_is_exchanged(ready, identity, audience, credentials, signed):
    token = identity.say(f"https:{audience}", f"{ready['issuer']}/v1/token", *signed, mail=["ci@example.test"])
    claims = refreshed(credentials(token))
    assert claims["sub"] == f"principal:{audience.split('/providers/')[0]}/subject/build-7"
    assert claims["federated"] == {"attributes": {"mail": "ci@example.test"}}


def test_google_wire_6_4_the_addresses_may_be_googles(identity, audience, credentials):
    token = identity.say(f"https:{audience}", "https://sts.googleapis.com/v1/token", mail=["x"])
    assert refreshed(credentials(token))["sub"].endswith("/subject/build-7")


def test_lesson_18_what_is_not_signed_for_us_is_refused(ready, identity, audience, credentials, tmp_path):
    recipient = f"{ready['issuer']}/v1/token"
    ours = f"https:{audience}"
    good = base64.b64decode(identity.say(ours, recipient, False, True, mail=["x"])).decode()
    stranger = IdentityProvider(tmp_path)
    cases = {
        "2512": [identity.say("https://other.test", recipient, mail=["x"]),
                 identity.say(ours, "https://other.test/", mail=["x"])],
        "2516": [identity.say(ours, recipient, False, False, mail=["x"]),
                 stranger.say(ours, recipient, mail=["x"]),
                 base64.b64encode(good.replace("build-7", "admin").encode()).decode()],
        "2510": [base64.b64encode(good.replace("build-7", "build<!---->-7").encode()).decode(), "nonsense", good],
    }
    for code, tokens in cases.items():
        for token in tokens:
            with pytest.raises(exceptions.OAuthError, match=f"CRN-{code}"):
                refreshed(credentials(token))
