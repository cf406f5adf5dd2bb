// The clients of the sandbox that the tests are: one on a server, which sends its secret in the header, one without a
// secret, in a browser, one on a device, and one without people, which sends its secret in the form.

import * as oauth from "oauth4webapi";
import { client } from "./ready.js";

export const web = client("demo-web");
export const spa = client("demo-spa");
export const tv = client("demo-tv");
export const daemon = client("demo-daemon");

// A redirect URI of the client: its loopback has a port of the app's own choice (RFC 8252 7.3).
export function callback({ redirect_uris: [registered] }, port = 53682) {
  const uri = new URL(registered);
  uri.port = port;
  return uri.href;
}

// The service behind the API, which exchanges tokens.
export const service = client("demo-service");

// A key of a client, as it signs with it and as it is registered.
export async function keyPair(algorithm) {
  const keys = await oauth.generateKeyPair(algorithm, { extractable: true });
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  const jwk = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, alg: algorithm, kid: `of-${algorithm}`, use: "sig" }));
  return { jwk, key: { key: keys.privateKey, kid: jwk.kid } };
}
