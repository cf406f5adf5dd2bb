// What an app does to have a person sign in: openid-client's way as its documentation says, and oauth4webapi's.

import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { callback, web } from "./clients.js";
import { Person } from "./person.js";
import { INSECURE, read } from "./ready.js";

export const SECRET = openid.ClientSecretBasic(web.client_secret);
export const BACK = callback(web);

// One request of an app, with all that it has to remember until the answer.
export async function ask(config, { scope = `openid email profile ${read}`, redirect_uri = BACK, ...more } = {}) {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expected = { pkceCodeVerifier, expectedState: openid.randomState(), expectedNonce: openid.randomNonce(), idTokenExpected: true };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri,
    scope,
    state: expected.expectedState,
    nonce: expected.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...more,
  });
  return { url, expected };
}

// What the URL of a request holds, for a request that is pushed.
export function parameters(url) {
  return Object.fromEntries([...url.searchParams].filter(([name]) => name !== "client_id"));
}

// Signs in, consents, and redeems the code.
export async function signIn(config, more, person = new Person(), options = undefined) {
  const { url, expected } = await ask(config, more);
  const back = await person.walk(url);
  return { tokens: await openid.authorizationCodeGrant(config, back, expected, undefined, options), back, expected };
}

// The same with oauth4webapi, and what the tokens were asked with. With `push` the request goes to `/par` first.
export async function signInWith(as, client, proof, { redirect_uri = BACK, push = false, DPoP, ...more } = {}, person = new Person()) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const asked = new URLSearchParams({
    response_type: "code",
    redirect_uri,
    scope: `openid ${read}`,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...more,
  });
  const options = { ...INSECURE, DPoP };
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams([["client_id", client.client_id], ...asked]);
  if (push) {
    const answer = await oauth.pushedAuthorizationRequest(as, client, proof, asked, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, answer);
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri });
  }
  const back = oauth.validateAuthResponse(as, client, await person.walk(url), state);
  const redeemed = await oauth.authorizationCodeGrantRequest(as, client, proof, back, redirect_uri, verifier, options);
  return oauth.processAuthorizationCodeResponse(as, client, redeemed, { expectedNonce: nonce, requireIdToken: true });
}
