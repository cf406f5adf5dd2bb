// The running sandbox, and the app that sends people to it.

import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const told = JSON.parse(readFileSync(process.env.CARNET_READY_FILE, "utf8"));

export const issuer = told.issuer;
export const [read, write] = told.demo.scopes;
export const tv = told.clients.find((client) => client.client_id === "demo-tv");
export const web = told.clients.find((client) => client.client_id === "demo-web");

// Something over the admin API.
export async function admin(method, path, body, headers = {}) {
  const answer = await fetch(`${issuer}/admin/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${told.admin_token}`, "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

// The app's page, which the browser comes back to.
export const app = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html" });
  response.end('<!doctype html><html lang="en"><title>The app</title><link rel="icon" href="data:,"><h1>Back</h1>');
});
await new Promise((done) => app.listen(0, "127.0.0.1", done));

// The port of a loopback address is the app's own choice (RFC 8252 7.3).
export const back = web.redirect_uris[0].replace("127.0.0.1", `127.0.0.1:${app.address().port}`);
export const ALICE = { email: "alice@example.com", password: "alice" };

// Where the app sends the browser (RFC 6749 4.1.1, RFC 7636 4.3).
export function authorize(more = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL("/authorize", issuer);
  const asked = {
    response_type: "code",
    client_id: web.client_id,
    redirect_uri: back,
    scope: `openid email ${read}`,
    state: randomBytes(16).toString("base64url"),
    nonce: randomBytes(16).toString("base64url"),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    prompt: "consent",
    ...more,
  };
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

// The codes that a device shows (RFC 8628 3.2).
export async function device() {
  const body = new URLSearchParams({ client_id: tv.client_id, scope: `openid email offline_access ${read} ${write}` });
  const answer = await fetch(`${issuer}/device_authorization`, { method: "POST", body });
  return answer.json();
}

// What the device hears: an error, or that it has its tokens.
export async function polled({ device_code }) {
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  const body = new URLSearchParams({ client_id: tv.client_id, grant_type, device_code });
  const { error, access_token } = await (await fetch(`${issuer}/token`, { method: "POST", body })).json();
  return error ?? (access_token ? "tokens" : "nothing");
}

// What the app was told.
export async function arrived(page) {
  await page.waitForURL((url) => url.href.startsWith(back));
  return new URL(page.url()).searchParams;
}

export async function signIn(page, { email, password } = ALICE) {
  // Where the browser knows who it is, only the password is asked for.
  const field = page.locator("[name=email]");
  if (await field.isVisible()) await field.fill(email);
  await page.fill("[name=password]", password);
  await page.press("[name=password]", "Enter");
}
