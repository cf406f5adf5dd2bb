// An app that is a page with a server of its own (draft-ietf-oauth-browser-based-apps, section 6.1): the server is the client, has the tokens,
// and calls the API. The page has a session, in a cookie that no script reads.
//
// 1. /login sends the browser to the issuer. What must come back (state, nonce, the verifier of PKCE) waits under a cookie of its own,
//    ten minutes: whoever makes a browser go there signs nobody out.
// 2. /callback redeems the code, and gives the browser a new session: one that somebody else began is worth nothing.
// 3. /api/… is asked by the page with a header of its own, which no other site's form can send (CSRF), and is passed on with the access
//    token. One that has ended is renewed, once for all who ask at that time.
// 4. /logout takes the refresh token back at the issuer (RFC 7009) and forgets the session.

import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as client from "openid-client";

import { onThisMachine, settings } from "../settings.js";

const port = Number(process.env.PORT ?? 5174);
const { CLIENT_ID = "demo-web", CLIENT_SECRET = "demo-secret" } = process.env;
const options = onThisMachine ? { execute: [client.allowInsecureRequests] } : undefined;
const config = await client.discovery(new URL(settings.issuer), CLIENT_ID, CLIENT_SECRET, client.ClientSecretBasic(CLIENT_SECRET), options);

// What is kept for a browser under a cookie, for so many seconds.
class Kept {
  #held = new Map();

  constructor(cookie, seconds) {
    Object.assign(this, { cookie, seconds });
  }

  begin(response, value) {
    const id = randomBytes(32).toString("base64url");
    this.#held.set(id, value);
    setTimeout(() => this.#held.delete(id), this.seconds * 1000).unref();
    response.appendHeader("set-cookie", `${this.cookie}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${this.seconds}`);
  }

  #id(request) {
    return new RegExp(`(?:^|; )${this.cookie}=([\\w-]{43})(?:;|$)`).exec(request.headers.cookie ?? "")?.[1];
  }

  of(request) {
    return this.#held.get(this.#id(request));
  }

  end(request, response) {
    this.#held.delete(this.#id(request));
    response.appendHeader("set-cookie", `${this.cookie}=; Path=/; Secure; HttpOnly; Max-Age=0`);
  }
}

const ways = new Kept("__Host-way", 600);
const sessions = new Kept("__Host-session", 8 * 3600);

const here = () => `http://127.0.0.1:${server.address().port}`;

async function login(_, response) {
  const way = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
  ways.begin(response, way);
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: `${here()}/callback`,
    scope: `${settings.scope} offline_access`,
    state: way.state,
    nonce: way.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(way.verifier),
    code_challenge_method: "S256",
  });
  response.writeHead(303, { location: to.href }).end();
}

async function callback(request, response) {
  const way = ways.of(request);
  ways.end(request, response);
  if (!way) return response.writeHead(303, { location: "/" }).end();
  const { state, nonce, verifier } = way;
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, new URL(request.url, here()), checks);
  sessions.end(request, response);
  sessions.begin(response, { who: tokens.claims(), tokens, until: Date.now() + (tokens.expires_in - 30) * 1000 });
  response.writeHead(303, { location: "/" }).end();
}

async function accessToken(session) {
  if (Date.now() >= session.until && session.tokens.refresh_token) {
    session.renewed ??= client.refreshTokenGrant(config, session.tokens.refresh_token).finally(() => delete session.renewed);
    const tokens = await session.renewed;
    session.tokens = { refresh_token: session.tokens.refresh_token, ...tokens };
    session.until = Date.now() + (tokens.expires_in - 30) * 1000;
  }
  return session.tokens.access_token;
}

async function api(request, response, session) {
  let token;
  try {
    token = await accessToken(session);
  } catch (error) {
    // It was taken back at the issuer, or has ended there.
    if (error.error !== "invalid_grant") throw error;
    sessions.end(request, response);
    return response.writeHead(401).end();
  }
  const answer = await fetch(settings.api, { headers: { authorization: `Bearer ${token}` } });
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
}

async function me(_, response, session) {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ email: session.who.email }));
}

async function logout(request, response, session) {
  sessions.end(request, response);
  const { refresh_token, access_token } = session.tokens;
  await client.tokenRevocation(config, refresh_token ?? access_token);
  response.writeHead(204).end();
}

// What only the page may ask for, signed in: with its own header.
const ours = (answer) => async (request, response) => {
  const session = sessions.of(request);
  if (request.headers["x-from-page"] !== "1") return response.writeHead(403).end();
  if (!session) return response.writeHead(401).end();
  return answer(request, response, session);
};

const file = (name, type) => async (_, response) =>
  response.writeHead(200, { "content-type": type }).end(await readFile(new URL(name, import.meta.url)));

const routes = {
  "GET /": file("index.html", "text/html"),
  "GET /page.js": file("page.js", "text/javascript"),
  "GET /login": login,
  "GET /callback": callback,
  "GET /api/me": ours(me),
  "GET /api/invoices": ours(api),
  "POST /logout": ours(logout),
};

const server = createServer(async (request, response) => {
  response.setHeader("cache-control", "no-store");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("content-security-policy", "default-src 'none'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
  const route = routes[`${request.method} ${new URL(request.url, here()).pathname}`];
  if (!route) return response.writeHead(404).end();
  try {
    await route(request, response);
  } catch (error) {
    console.error(error.code ?? error.name, error.error_description ?? error.message);
    response.writeHead(502, { "content-type": "text/plain" }).end("That did not work. Sign in again.");
  }
});

server.listen(port, "127.0.0.1", () => console.log(here()));
