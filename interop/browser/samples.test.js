// The two sample apps (samples/), as they are: a page that has its tokens in memory, and a page whose server has them. What a script
// that got into a page would look through (storage, databases, cookies, addresses) holds no token.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { launch, open } from "./page.js";
import { admin, app, issuer, signIn } from "./server.js";

const SAMPLES = new URL("../../samples/", import.meta.url);
let browser, spa, bff;

// Starts a sample, at any free port; told when it says where it is.
async function started(file) {
  const env = { ...process.env, ISSUER: issuer, PORT: "0" };
  const child = spawn(process.execPath, [file], { cwd: SAMPLES, env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith("http://")) return { child, url: line };
  }
  throw new Error(`${file} ended`);
}

before(async () => {
  browser = await launch();
  [spa, bff] = await Promise.all([started("spa/serve.js"), started("bff/server.js")]);
  const known = await admin("GET", "clients/demo-spa");
  const { origins } = await known.json();
  await admin("PATCH", "clients/demo-spa", { origins: [...origins, spa.url] }, { "if-match": known.headers.get("etag") });
});

after(async () => {
  await browser?.close();
  for (const sample of [spa, bff]) sample?.child.kill();
  app.closeAllConnections();
  app.close();
});

// Goes to a sample, signs in there, agrees, and comes back.
async function visit(url) {
  const opened = await open(browser);
  const { page } = opened;
  const tokens = [];
  page.on("response", async (response) => {
    if (!response.url().endsWith("/token") || response.request().method() !== "POST") return;
    const { access_token, refresh_token, id_token } = await response.json();
    tokens.push(...[access_token, refresh_token, id_token].filter(Boolean));
  });
  await page.goto(url);
  await page.click("#sign-in");
  await page.waitForSelector("[name=password]");
  await signIn(page);
  // What was agreed to before is not asked again, unless any program of this machine could be the app.
  const back = page.waitForSelector("text=Signed in as alice@example.com.");
  await Promise.race([back, page.click("button[value=allow]").catch(() => {})]);
  await back;
  return { ...opened, tokens };
}

// Everything that a script of the page can get at.
const found = (page) =>
  page.evaluate(async () =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
      history.state,
      document.documentElement.outerHTML,
      (await indexedDB.databases()).map(({ name }) => name),
      (await caches.keys()).length,
    ]),
  );

// Whatever looks like one: what is signed, and what is sealed by us.
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+|crn_[a-z]+_/;

async function invoices(page) {
  await page.click("#read");
  await page.waitForSelector("#invoices li");
  return page.locator("#invoices li").allTextContents();
}

describe("a page that has its tokens itself", () => {
  test("it reads the API, and none of its tokens is where another script could find it", async () => {
    const { page, tokens, complaints, close } = await visit(spa.url);
    assert.match((await invoices(page)).join(), /Ledgerly/);
    assert.ok(tokens.length >= 2, "the page was given tokens");
    const held = await found(page);
    for (const token of tokens) assert.ok(!held.includes(token), "a token lies about");
    assert.doesNotMatch(held, TOKEN);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("loaded again, it has forgotten them", async () => {
    const { page, close } = await visit(spa.url);
    await page.reload();
    await page.waitForSelector("text=Nobody is signed in.");
    assert.ok(await page.locator("#read").isHidden());
    await close();
  });
});

describe("a page whose server has the tokens", () => {
  test("it reads the API, and the browser is never given a token", async () => {
    const { page, tokens, complaints, close } = await visit(bff.url);
    assert.match((await invoices(page)).join(), /Ledgerly/);
    assert.deepEqual(tokens, []);
    assert.doesNotMatch(await found(page), TOKEN);
    // Cookies know no ports: the issuer's are among them.
    const cookies = (await page.context().cookies(bff.url)).filter(({ name }) => !name.startsWith("carnet"));
    assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite }) => [name, httpOnly, secure, sameSite]), [["__Host-session", true, true, "Lax"]]);
    assert.doesNotMatch(cookies[0].value, TOKEN);
    assert.deepEqual(complaints.filter((text) => !text.includes("401")), []);
    await close();
  });

  test("another site's page gets nothing by it, and signing out ends it", async () => {
    const { page, close } = await visit(bff.url);
    const status = (headers) => page.evaluate(async (headers) => (await fetch("/api/invoices", { headers })).status, headers);
    assert.equal(await status({}), 403, "what a form of another site could send");
    assert.equal(await status({ "x-from-page": "1" }), 200);
    await page.click("#sign-out");
    await page.waitForSelector("text=Nobody is signed in.");
    assert.equal(await status({ "x-from-page": "1" }), 401);
    await close();
  });
});
