// What takes a server with TLS and with other settings than the sandbox has: certificates of clients (RFC 8705), and nonces in
// proofs of possession (RFC 9449 8), with both libraries.

import { X509Certificate } from "node:crypto";
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { refused, unproved } from "./ready.js";
import { Second } from "./second.js";

const SCOPE = "https://interop.example/auth/read";
let second;

before(async () => {
  second = await Second.start();
  const api = { identifier: "https://interop.example", title: "Interop", scopes: [{ name: SCOPE, title: "Read" }] };
  await second.made("projects/interop/apis", api);
});

after(() => second?.stop());

// A client for itself.
async function daemon(settings) {
  const body = { title: "Interop", kind: "daemon", scopes: [SCOPE], default_scopes: [SCOPE], ...settings };
  return (await second.made("projects/interop/clients", body)).id;
}

async function secretOf(id) {
  return (await second.made(`clients/${id}/secrets`, {})).client_secret;
}

const discover = (id, proof, fetch = second.fetch) => openid.discovery(new URL(second.issuer), id, undefined, proof, { [openid.customFetch]: fetch });

async function server(fetch = second.fetch) {
  const url = new URL(second.issuer);
  const options = { [oauth.customFetch]: fetch };
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: "oauth2", ...options }));
}

// The SHA-256 of a certificate, as tokens tell it (RFC 8705 3.1).
function thumbprint({ cert }) {
  const hex = new X509Certificate(cert).fingerprint256.replaceAll(":", "");
  return Buffer.from(hex, "hex").toString("base64url");
}

const claims = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
const FOR_CLIENTS = ["extendedKeyUsage=clientAuth", "basicConstraints=critical,CA:FALSE"];

describe("N20 certificates", () => {
  test("N20 openid-client: tls_client_auth by a name, and the token is bound to the certificate", async () => {
    const shown = second.certificates.make("nightly", "/CN=nightly/O=Interop", FOR_CLIENTS);
    const settings = {
      authentication: "tls_client_auth",
      certificate: { kind: "subject_dn", name: "O=Interop,CN=nightly" },
      tls_client_certificate_bound_access_tokens: true,
    };
    const id = await daemon(settings);
    const config = await discover(id, openid.TlsClientAuth(), second.showing(shown));
    const { access_token } = await openid.clientCredentialsGrant(config, { scope: SCOPE });
    const told = await openid.tokenIntrospection(config, access_token);
    assert.equal(told.cnf["x5t#S256"], thumbprint(shown));

    const other = second.certificates.make("daily", "/CN=daily/O=Interop", FOR_CLIENTS);
    await unprovedBy(discover(id, openid.TlsClientAuth(), second.showing(other)));
    const own = second.certificates.make("own", "/CN=nightly/O=Interop", FOR_CLIENTS, false);
    await unprovedBy(discover(id, openid.TlsClientAuth(), second.showing(own)));
    await unprovedBy(discover(id, openid.TlsClientAuth()));
  });

  test("N20 openid-client: self_signed_tls_client_auth by the key of a certificate", async () => {
    const shown = second.certificates.make("mine", "/CN=mine", FOR_CLIENTS, false);
    const { kty, crv, x, y } = new X509Certificate(shown.cert).publicKey.export({ format: "jwk" });
    const id = await daemon({ authentication: "self_signed_tls_client_auth", jwks: { keys: [{ kty, crv, x, y }] } });
    const config = await discover(id, openid.TlsClientAuth(), second.showing(shown));
    assert.ok((await openid.clientCredentialsGrant(config, { scope: SCOPE })).access_token);
    const other = second.certificates.make("yours", "/CN=mine", FOR_CLIENTS, false);
    await unprovedBy(discover(id, openid.TlsClientAuth(), second.showing(other)));
  });

  test("N20 oauth4webapi: a client with a secret, and a token that is bound to its certificate", async () => {
    const id = await daemon({ tls_client_certificate_bound_access_tokens: true });
    const proof = oauth.ClientSecretBasic(await secretOf(id));
    const shown = second.certificates.make("bound", "/CN=bound", FOR_CLIENTS, false);
    const [as, client] = [await server(), { client_id: id, use_mtls_endpoint_aliases: true }];
    const ask = async (fetch) => {
      const answer = await oauth.clientCredentialsGrantRequest(as, client, proof, { scope: SCOPE }, { [oauth.customFetch]: fetch });
      return oauth.processClientCredentialsResponse(as, client, answer);
    };
    const { access_token } = await ask(second.showing(shown));
    assert.equal(claims(access_token).cnf["x5t#S256"], thumbprint(shown));
    await assert.rejects(ask(second.fetch), refused("invalid_request", 400));
  });
});

// A client whose certificate does not prove it.
async function unprovedBy(config) {
  await unproved(openid.clientCredentialsGrant(await config, { scope: SCOPE }));
}

describe("N21 nonces of the server", () => {
  test("N21 openid-client: it is told a nonce, and sends the request again by itself", async () => {
    const id = await daemon({});
    const asked = [];
    const watched = async (address, options) => {
      const answer = await second.fetch(address, options);
      asked.push(answer.status);
      return answer;
    };
    const config = await discover(id, openid.ClientSecretBasic(await secretOf(id)), watched);
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
    asked.length = 0;
    const first = await openid.clientCredentialsGrant(config, { scope: SCOPE }, { DPoP });
    assert.equal(first.token_type, "dpop");
    assert.deepEqual(asked, [400, 200], "refused once, for want of a nonce");
    asked.length = 0;
    await openid.clientCredentialsGrant(config, { scope: SCOPE }, { DPoP });
    assert.deepEqual(asked, [200], "the nonce is known now");
  });

  test("N21 oauth4webapi: the error is told apart, and the second try goes through", async () => {
    const id = await daemon({});
    const [as, client] = [await server(), { client_id: id }];
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const proof = oauth.ClientSecretBasic(await secretOf(id));
    const ask = async () => {
      const options = { DPoP, [oauth.customFetch]: second.fetch };
      const answer = await oauth.clientCredentialsGrantRequest(as, client, proof, { scope: SCOPE }, options);
      return oauth.processClientCredentialsResponse(as, client, answer);
    };
    const error = await ask().then(() => assert.fail("no error"), (thrown) => thrown);
    assert.ok(oauth.isDPoPNonceError(error), `${error}`);
    assert.equal((await ask()).token_type, "dpop");
  });
});
