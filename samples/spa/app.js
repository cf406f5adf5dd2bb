// An app that is a page: authorization code with PKCE (RFC 7636), tokens in memory alone.
//
// 1. What must outlive the way to the server and back (state, nonce, the verifier of PKCE) is in sessionStorage for that long, and used
//    once. None of it is a token.
// 2. The answer is believed if it is from the issuer that was asked (RFC 9207) and repeats the state; the ID token if it has the nonce.
// 3. The access token is in a variable. Whoever loads the page again signs in again; where the session at the server lasts, that is
//    one click.

import * as oauth from "/oauth4webapi.js";

const settings = await (await fetch("/settings.json")).json();
const issuer = new URL(settings.issuer);
const client = { client_id: settings.clientId };
const redirectUri = new URL("/callback", location.href).href;
const insecure = { [oauth.allowInsecureRequests]: settings.onThisMachine };
const element = (id) => document.getElementById(id);

let accessToken;

async function server() {
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
}

async function signIn() {
  const { authorization_endpoint } = await server();
  const way = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier() };
  sessionStorage.setItem("way", JSON.stringify(way));
  const to = new URL(authorization_endpoint);
  to.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: settings.scope,
    state: way.state,
    nonce: way.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(way.verifier),
    code_challenge_method: "S256",
  });
  location.assign(to);
}

async function comeBack() {
  const answer = new URL(location.href);
  // The code leaves the address and the history before anything else happens.
  history.replaceState(null, "", "/");
  const way = JSON.parse(sessionStorage.getItem("way") ?? "{}");
  sessionStorage.removeItem("way");
  const as = await server();
  const params = oauth.validateAuthResponse(as, client, answer, way.state);
  const asked = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), params, redirectUri, way.verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, asked, { expectedNonce: way.nonce, requireIdToken: true });
  accessToken = tokens.access_token;
  show(oauth.getValidatedIdTokenClaims(tokens));
}

function show(who) {
  element("who").textContent = who ? `Signed in as ${who.email}.` : "Nobody is signed in.";
  element("sign-in").hidden = Boolean(who);
  element("read").hidden = element("sign-out").hidden = !who;
  element("invoices").replaceChildren();
}

async function read() {
  const answer = await oauth.protectedResourceRequest(accessToken, "GET", new URL(settings.api), undefined, undefined, insecure);
  const { invoices } = await answer.json();
  element("invoices").replaceChildren(
    ...invoices.map((invoice) => Object.assign(document.createElement("li"), { textContent: `${invoice.id}: ${invoice.customer}` })),
  );
}

function forget() {
  accessToken = undefined;
  show(undefined);
}

const said = (work) => () => work().catch((error) => (element("wrong").textContent = error.error_description ?? error.message));
element("sign-in").addEventListener("click", said(signIn));
element("read").addEventListener("click", said(read));
element("sign-out").addEventListener("click", forget);
if (location.pathname === "/callback") await said(comeBack)();
