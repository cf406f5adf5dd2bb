"""Makes the vectors of this folder with other people's programs: pysaml2, xmlsec1 and openssl.

    apt-get install xmlsec1 python3-pysaml2 openssl
    /usr/bin/python3 crates/saml/tests/vectors/make.py

The private keys are thrown away afterwards; times stand still at 2026-11-26T03:00:00Z.
"""

import copy
import datetime
import pathlib
import subprocess
import tempfile
import time
from unittest import mock

import saml2
from saml2 import config, saml, server, time_util
from saml2.metadata import entity_descriptor

HERE = pathlib.Path(__file__).parent
ISSUER = "https://idp.test/saml"
AUDIENCE = (
    "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/idp"
)
RECIPIENT = "https://sts.googleapis.com/v1/token"
WORK = pathlib.Path(tempfile.mkdtemp())

KEYS = {
    "rsa": ["-newkey", "rsa:2048"],
    "other": ["-newkey", "rsa:2048"],
    "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
}


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def keys():
    for name, kind in KEYS.items():
        run("openssl", "req", "-x509", *kind, "-nodes", "-keyout", WORK / f"{name}.key", "-out",
            WORK / f"{name}.pem", "-days", "7300", "-subj", f"/CN={name}")
        text = (WORK / f"{name}.pem").read_text()
        (HERE / f"{name}.pem").write_text(text)


def pysaml2():
    """A Response of pysaml2, signed in the places asked for."""
    settings = {
        "entityid": ISSUER,
        "key_file": str(WORK / "rsa.key"),
        "cert_file": str(WORK / "rsa.pem"),
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "service": {"idp": {"endpoints": {"single_sign_on_service": ["https://idp.test/sso"]},
                            "policy": {"default": {"lifetime": {"hours": 1}}}}},
    }
    (HERE / "pysaml2-metadata.xml").write_text(metadata(settings, config.IdPConfig))
    service = {"entityid": AUDIENCE, "service": {"sp": {"endpoints": {
        "assertion_consumer_service": [(RECIPIENT, saml2.BINDING_HTTP_POST)]}}}}
    (WORK / "sp.xml").write_text(metadata(service, config.SPConfig))
    settings["metadata"] = {"local": [str(WORK / "sp.xml")]}
    idp = server.Server(config=config.IdPConfig().load(copy.deepcopy(settings)))
    identity = {"mail": ["ci@example.test"], "eduPersonAffiliation": ["build", "release & <deploy>"]}
    for name, where in {
        "pysaml2-both": (True, True),
        "pysaml2-response": (True, False),
        "pysaml2-assertion": (False, True),
        "pysaml2-unsigned": (False, False),
    }.items():
        response = idp.create_authn_response(
            identity, None, RECIPIENT, sp_entity_id=AUDIENCE,
            name_id=saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text="build-7"),
            sign_response=where[0], sign_assertion=where[1],
            sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            digest_alg="http://www.w3.org/2001/04/xmlenc#sha256")
        (HERE / f"{name}.xml").write_text(str(response))


def metadata(settings, kind):
    return str(entity_descriptor(kind().load(copy.deepcopy(settings))))


TEMPLATE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0"
    IssueInstant="2026-11-26T03:00:00Z" Destination="{recipient}">
  <saml:Issuer>{issuer}</saml:Issuer>{on_response}
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <saml:Assertion xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="_assertion" Version="2.0"
      IssueInstant="2026-11-26T03:00:00.5Z">
    <saml:Issuer>{issuer}</saml:Issuer>{on_assertion}
    <saml:Subject>
      <saml:NameID>build-7</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData NotOnOrAfter="2026-11-26T03:05:00Z" Recipient="{recipient}"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="2026-11-26T02:59:00Z" NotOnOrAfter="2026-11-26T04:00:00Z">
      <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="2026-11-26T03:00:00Z">
      <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:X509</saml:AuthnContextClassRef></saml:AuthnContext>
    </saml:AuthnStatement>
    <saml:AttributeStatement>
      <saml:Attribute Name="team" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <saml:AttributeValue xsi:type="xs:string">build &amp; <![CDATA[<release>]]></saml:AttributeValue>
        <saml:AttributeValue xsi:type="xs:string">a&#13;b</saml:AttributeValue>
        <saml:AttributeValue xsi:nil="true"/>
      </saml:Attribute>
      <saml:Attribute Name="z&quot;&#9;&lt;" a="2" b="1"/>
    </saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>
"""

SIGNATURE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{c14n}"/>
<ds:SignatureMethod Algorithm="{method}"/>
<ds:Reference URI="{uri}"><ds:Transforms>{transforms}</ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>
</ds:SignedInfo><ds:SignatureValue/></ds:Signature>"""

MORE = "http://www.w3.org/2001/04/xmldsig-more#"
OLD = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
LISTED = ('<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces '
          'xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs #default"/></ds:Transform>')
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"


def transform(name):
    return f'<ds:Transform Algorithm="{name}"/>'


# name, key, on the response?, and what differs from the usual.
XMLSEC = [
    ("rsa-sha256", "rsa", False, {}),
    ("rsa-sha384", "rsa", False, {"method": MORE + "rsa-sha384", "digest": MORE + "sha384"}),
    ("rsa-sha512", "rsa", False, {"method": MORE + "rsa-sha512", "digest": SHA512}),
    ("ecdsa-sha256", "p256", False, {"method": MORE + "ecdsa-sha256"}),
    ("ecdsa-sha384", "p384", True, {"method": MORE + "ecdsa-sha384"}),
    ("prefix-list", "rsa", False, {"transforms": ENVELOPED + LISTED}),
    ("on-response", "rsa", True, {}),
    ("other-key", "other", False, {}),
    ("sha1-signature", "rsa", False, {"method": OLD + "rsa-sha1"}),
    ("sha1-digest", "rsa", False, {"digest": OLD + "sha1"}),
    ("inclusive", "rsa", False,
     {"transforms": ENVELOPED + transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")}),
    ("inclusive-info", "rsa", False, {"c14n": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"}),
    ("whole-document", "rsa", True, {"uri": ""}),
    ("one-transform", "rsa", True, {"transforms": ENVELOPED}),
]


def xmlsec():
    for name, key, on_response, differs in XMLSEC:
        words = {"c14n": EXCLUSIVE, "method": MORE + "rsa-sha256", "digest": SHA256,
                 "uri": "#_response" if on_response else "#_assertion",
                 "transforms": ENVELOPED + transform(EXCLUSIVE)}
        signature = SIGNATURE.format(**{**words, **differs})
        text = TEMPLATE.format(
            issuer=ISSUER, audience=AUDIENCE, recipient=RECIPIENT,
            on_response=signature if on_response else "",
            on_assertion="" if on_response else signature)
        plain = name != "prefix-list"
        text = text.replace("<![CDATA[<release>]]>", "&lt;release&gt;") if plain else text
        (WORK / "in.xml").write_text(text)
        run("xmlsec1", "--sign", "--privkey-pem", WORK / f"{key}.key",
            "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response",
            "--output", WORK / "out.xml", WORK / "in.xml")
        # xmlsec1 writes a declaration; CDATA is text after it was signed, which is what is signed.
        signed = (WORK / "out.xml").read_text().replace("<![CDATA[<release>]]>", "&lt;release&gt;")
        (HERE / f"{name}.xml").write_text(signed)


class Clock(datetime.datetime):
    """It is always the same moment."""

    @classmethod
    def utcnow(cls):
        return datetime.datetime(2026, 11, 26, 3)


if __name__ == "__main__":
    keys()
    xmlsec()
    stopped = mock.Mock(wraps=time, gmtime=lambda *_: Clock.utcnow().timetuple())
    with mock.patch.object(time_util, "datetime", Clock), mock.patch.object(time_util, "time", stopped):
        pysaml2()
