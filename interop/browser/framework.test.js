// The pages that came with the framework, with a real browser at the running server: consent to details (RFC 9396) and to an
// app that is a document, and apps that are removed and brought back; by keyboard, and without script.

import { createServer } from "node:http";
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { inspect, launch, open, THEMES, WIDTHS } from "./page.js";
import { app, arrived, authorize, back, issuer, signIn } from "./server.js";

const DETAILS = [
  { type: "invoice_payment", invoice: "2026-17", amount: { currency: "EUR", value: "123.50" }, creditor: "Merchant A" },
  { type: "invoice_payment", invoice: "2026-18", amount: { currency: "EUR", value: "9.99" } },
];

let browser, site, document;

before(async () => {
  browser = await launch();
  // An app that nobody registered: it is the document behind its own client_id.
  site = createServer(({ url }, response) => {
    const said = { client_id: document, client_name: "Paper trail", redirect_uris: [back], token_endpoint_auth_method: "none" };
    const found = url === "/app.json";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(found ? JSON.stringify(said) : "{}");
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  document = `http://127.0.0.1:${site.address().port}/app.json`;
});

after(async () => {
  await browser?.close();
  for (const server of [app, site]) {
    server?.closeAllConnections();
    server?.close();
  }
});

async function visit(setting, walk) {
  const { page, complaints, close } = await open(browser, setting);
  page.setDefaultTimeout(15_000);
  try {
    await walk(page, complaints);
  } finally {
    await close();
  }
}

const detailed = () => authorize({ authorization_details: JSON.stringify(DETAILS) });
const ofDocument = (more = {}) => authorize({ client_id: document, scope: "openid email", ...more });
const allow = (page) => page.locator("button[value=allow]").click();

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`details, a document and an app that comes back are in order, ${theme}, ${width} wide`, () =>
      visit({ theme, width }, async (page, complaints) => {
        const wrong = [];
        const look = async (what) => wrong.push(...(await inspect({ page, complaints }, what, { theme, width })));
        await page.goto(detailed());
        await signIn(page);
        await page.waitForSelector("[name=decision]");
        await look("consent to details");
        await allow(page);
        await arrived(page);
        await page.goto(ofDocument());
        await page.waitForSelector("[name=decision]");
        await look("consent to a document");
        await allow(page);
        await arrived(page);
        await page.goto(`${issuer}/account/apps`);
        await look("connected apps");
        await page.locator("form[action='/account/apps/remove'] button").first().click();
        await page.waitForSelector("[role=status]");
        await look("an app is removed");
        await page.locator("form[action='/account/apps/undo'] button").click();
        await page.waitForSelector("form[action='/account/apps/undo']", { state: "detached" });
        await look("an app is back");
        assert.deepEqual(wrong, []);
      }));
  }
}

for (const script of [true, false]) {
  test(`a person agrees to details, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      await page.goto(detailed());
      await signIn(page);
      await page.waitForSelector("[name=decision]");
      const asked = await page.locator("main").textContent();
      for (const text of ["Pay one invoice", "2026-17", "123.50", "EUR", "Merchant A", "2026-18"]) assert.ok(asked.includes(text), `${text}: ${asked}`);
      await allow(page);
      assert.ok((await arrived(page)).get("code"));
    }));

  test(`who lets a document in reads where it comes from, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      await page.goto(ofDocument({ state: "s2" }));
      await signIn(page);
      await page.waitForSelector("[name=decision]");
      const asked = await page.locator("main").textContent();
      for (const text of ["Paper trail", "127.0.0.1"]) assert.ok(asked.includes(text), `${text}: ${asked}`);
      await allow(page);
      const answer = await arrived(page);
      assert.ok(answer.get("code"));
      assert.equal(answer.get("state"), "s2");
    }));

  test(`an app that was removed comes back with one press, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      await page.goto(authorize());
      await signIn(page);
      await allow(page);
      await arrived(page);
      await page.goto(`${issuer}/account/apps`);
      await page.locator("li.panel").filter({ hasText: "Demo web app" }).locator("form[action='/account/apps/remove'] button").click();
      await page.waitForSelector("form[action='/account/apps/undo']");
      await page.locator("form[action='/account/apps/undo'] button").click();
      await page.waitForSelector("form[action='/account/apps/undo']", { state: "detached" });
      // Its consent is back with it: nobody is asked.
      await page.goto(authorize({ prompt: undefined }));
      assert.ok((await arrived(page)).get("code"));
    }));
}

test("the keyboard is enough to say no to details, and to remove an app and bring it back", () =>
  visit({}, async (page) => {
    const press = async (is) => {
      for (let step = 0; step < 60; step += 1) {
        if (await page.evaluate(is)) return page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not come to ${is}`);
    };
    await page.goto(ofDocument());
    await page.keyboard.type("alice@example.com");
    await page.keyboard.press("Tab");
    await page.keyboard.type("alice");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[name=decision]");
    await press(() => document.activeElement.value === "allow");
    await arrived(page);
    await page.goto(detailed());
    await page.waitForSelector("[name=decision]");
    await press(() => document.activeElement.value === "deny");
    assert.equal((await arrived(page)).get("error"), "access_denied");
    await page.goto(`${issuer}/account/apps`);
    await press(() => document.activeElement.closest("form")?.getAttribute("action") === "/account/apps/remove");
    await page.waitForSelector("form[action='/account/apps/undo']");
    await press(() => document.activeElement.closest("form")?.getAttribute("action") === "/account/apps/undo");
    await page.waitForSelector("form[action='/account/apps/undo']", { state: "detached" });
  }));
