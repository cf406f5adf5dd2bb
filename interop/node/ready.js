// The sandbox, and the server as the two libraries see it.

import { readFileSync } from "node:fs";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { issuer, told } from "./sandbox.js";

export { client, issuer, made, moveClock } from "./sandbox.js";
export const { project } = told;
export const [read, write] = told.demo.scopes;
export const invoices = `${told.demo.api}/invoices`;

// The service account that may act for users of example.com, and its key.
export const ci = told.service_accounts.find(({ email }) => email.startsWith("ci@"));
export const ciKey = JSON.parse(readFileSync(ci.key_file, "utf8"));

// openid-client's own configuration, found by discovery as an app finds it.
export function discover(id, authentication, algorithm = "oidc") {
  return openid.discovery(new URL(issuer), id, undefined, authentication, {
    algorithm,
    execute: [openid.allowInsecureRequests],
  });
}

export const INSECURE = { [oauth.allowInsecureRequests]: true };

// The server as oauth4webapi finds it.
export async function server(algorithm = "oauth2") {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm, ...INSECURE }));
}

// What the token endpoint refused, as openid-client and oauth4webapi tell it.
export function refused(error, status) {
  return (thrown) => {
    if (thrown.error !== error || thrown.status !== status) {
      throw new Error(`expected ${status} ${error}, got ${thrown.status} ${thrown.error}: ${thrown.error_description ?? thrown}`);
    }
    return true;
  };
}

// Both libraries see the challenge of a client that did not prove itself before they look at the body (RFC 6749 5.2).
export async function unproved(asked) {
  const thrown = await asked.then(() => undefined, (error) => error);
  if (thrown?.status !== 401 || thrown.cause[0].scheme !== "basic") throw new Error(`expected a challenge, got ${thrown}`);
  const { error } = await thrown.response.json();
  if (error !== "invalid_client") throw new Error(`expected invalid_client, got ${error}`);
}
