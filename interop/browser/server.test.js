// A person with a real browser at the running server: sign-in, consent, refusal, the account, sign-out.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { inspect, launch, open, THEMES, WIDTHS } from "./page.js";
import { ALICE, admin, app, arrived, authorize, back, issuer, read, signIn, web } from "./server.js";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  app.closeAllConnections();
  app.close();
});

// A browser of its own for each test: nobody is signed in.
async function visit(setting, walk) {
  const { page, complaints, close } = await open(browser, setting);
  page.setDefaultTimeout(15_000);
  try {
    await walk(page, complaints);
  } finally {
    await close();
  }
}

const heading = (page) => page.locator("h1").textContent();

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`every page of a visit is in order, ${theme}, ${width} wide`, () =>
      visit({ theme, width }, async (page, complaints) => {
        const wrong = [];
        const look = async (what) => wrong.push(...(await inspect({ page, complaints }, what, { theme, width })));
        await page.goto(authorize());
        await look("sign-in");
        await signIn(page, { ...ALICE, password: "wrong" });
        await page.waitForSelector("#problem");
        // The page that says so is a 4xx, which Chromium notes in its console.
        complaints.splice(0);
        await look("sign-in again");
        await signIn(page);
        await page.waitForSelector("[name=decision]");
        await look("consent");
        await page.getByRole("button", { name: "Allow" }).click();
        await arrived(page);
        for (const path of ["", "/apps", "/devices", "/activity", "/password"]) {
          await page.goto(`${issuer}/account${path}`);
          await look(`account${path}`);
        }
        await page.goto(authorize({ redirect_uri: "https://elsewhere.example/" }));
        complaints.splice(0);
        await look("an address that is not the app's");
        await page.goto(`${issuer}/logout`);
        await look("sign-out");
        await page.locator("button[value=sign_out]").click();
        await page.waitForLoadState();
        await look("signed out");
        assert.deepEqual(wrong, []);
      }));
  }
}

for (const script of [true, false]) {
  test(`sign-in and consent, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      await page.goto(authorize({ state: "s1" }));
      await signIn(page);
      await page.waitForSelector("[name=decision]");
      const asked = await page.locator("main").textContent();
      assert.ok(asked.includes("Read invoices"), asked);
      await page.getByRole("button", { name: "Allow" }).click();
      const answer = await arrived(page);
      assert.ok(answer.get("code"));
      assert.equal(answer.get("state"), "s1");
      assert.equal(answer.get("iss"), issuer);
    }));

  test(`whoever says no comes back with a refusal, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      await page.goto(authorize());
      await signIn(page);
      await page.locator("button[value=deny]").click();
      const answer = await arrived(page);
      assert.equal(answer.get("error"), "access_denied");
      assert.equal(answer.get("code"), null);
    }));
}

test("the keyboard is enough, from the first field to the app", () =>
  visit({}, async (page) => {
    await page.goto(authorize());
    assert.equal(await page.evaluate(() => document.activeElement.name), "email");
    await page.keyboard.type(ALICE.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(ALICE.password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[name=decision]");
    const at = () => page.evaluate(() => document.activeElement.getAttribute("value"));
    for (let step = 0; step < 20 && (await at()) !== "allow"; step += 1) await page.keyboard.press("Tab");
    assert.equal(await at(), "allow");
    await page.keyboard.press("Enter");
    assert.ok((await arrived(page)).get("code"));
  }));

test("whoever is signed in and has said yes goes straight through", () =>
  visit({}, async (page) => {
    await page.goto(authorize());
    await signIn(page);
    await page.getByRole("button", { name: "Allow" }).click();
    await arrived(page);
    await page.goto(authorize({ prompt: undefined }));
    assert.ok((await arrived(page)).get("code"));
  }));

test("the back button from consent leads to no dead end", () =>
  visit({}, async (page) => {
    await page.goto(authorize());
    await signIn(page);
    await page.waitForSelector("[name=decision]");
    await page.goBack();
    // Signing in once more from the old page works as well: the request is in the form.
    if ((await page.locator("[name=password]").count()) > 0) await signIn(page);
    await page.getByRole("button", { name: "Allow" }).click();
    assert.ok((await arrived(page)).get("code"));
  }));

test("two tabs do not disturb each other", () =>
  visit({}, async (page) => {
    await page.goto(authorize({ state: "one" }));
    const other = await page.context().newPage();
    await other.goto(authorize({ state: "two" }));
    await signIn(page);
    await page.getByRole("button", { name: "Allow" }).click();
    assert.equal((await arrived(page)).get("state"), "one");
    await signIn(other);
    // Its form is of the time before: it is told so, nothing is lost, and the password is asked for once more.
    await other.waitForSelector("[name=decision], #problem");
    if ((await other.locator("#problem").count()) > 0) await signIn(other);
    await other.getByRole("button", { name: "Allow" }).click();
    assert.equal((await arrived(other)).get("state"), "two");
  }));

test("an app that is removed has to ask again", () =>
  visit({}, async (page) => {
    await page.goto(authorize());
    await signIn(page);
    await page.getByRole("button", { name: "Allow" }).click();
    await arrived(page);
    await page.goto(`${issuer}/account/apps`);
    await page.locator("li.panel").filter({ hasText: "Demo web app" }).locator("form[action='/account/apps/remove'] button").click();
    await page.waitForSelector("[role=status]");
    await page.goto(authorize({ prompt: undefined }));
    await page.waitForSelector("[name=decision]");
  }));

test("sign-out ends the session, here and for the app's next request", () =>
  visit({}, async (page) => {
    await page.goto(`${issuer}/account`);
    await signIn(page);
    await page.waitForURL(`${issuer}/account`);
    assert.ok((await page.locator("main").textContent()).includes(ALICE.email));
    await page.goto(`${issuer}/logout`);
    await page.locator("button[value=sign_out]").click();
    await page.waitForLoadState();
    assert.equal(await heading(page), "You are signed out");
    await page.goto(`${issuer}/account`);
    assert.equal(await page.locator("[name=password]").count(), 1);
    await page.goto(authorize({ prompt: "none" }));
    assert.equal((await arrived(page)).get("error"), "login_required");
  }));

test("another device is ended from the list of devices", () =>
  visit({}, async (page) => {
    const there = await open(browser);
    await there.page.goto(`${issuer}/account`);
    await signIn(there.page);
    await there.page.waitForURL(`${issuer}/account`);
    await page.goto(`${issuer}/account/devices`);
    await signIn(page);
    await page.waitForURL(`${issuer}/account/devices`);
    await page.locator("form[action='/account/devices/end-others'] button").click();
    await page.waitForLoadState();
    await there.page.goto(`${issuer}/account`);
    assert.equal(await there.page.locator("[name=password]").count(), 1, "it has to sign in again");
    await there.close();
  }));

test("a redirect address that is not the app's is shown, not followed", () =>
  visit({}, async (page) => {
    for (const strange of ["https://elsewhere.example/", `${back}/more`]) {
      const answer = await page.goto(authorize({ redirect_uri: strange }));
      assert.equal(answer.status(), 400);
      assert.ok(page.url().startsWith(issuer));
      assert.equal(await page.locator("[name=password]").count(), 0);
      assert.ok((await page.locator("main").textContent()).includes("CRN-"));
    }
  }));

// RFC 8252 8.12: what Android's web view and an app on a telephone of Apple say that they are.
const VIEWS = [
  "Mozilla/5.0 (Linux; Android 10; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
];

test("inside an app nobody signs in, and the page says where to go on", async () => {
  for (const agent of VIEWS) {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        await visit({ theme, width, agent }, async (page, complaints) => {
          const answer = await page.goto(authorize());
          assert.equal(answer.status(), 403);
          assert.equal(await heading(page), "Open this in your browser");
          assert.equal(await page.locator("[name=password]").count(), 0);
          // A web app goes on where it began; the demo's is at the address that it comes back to.
          assert.equal(await page.locator("pre code").first().textContent(), new URL(back).origin);
          complaints.splice(0);
          assert.deepEqual(await inspect({ page, complaints }, "inside an app", { theme, width }), []);
        });
      }
    }
  }
});

test("what waits for an answer gets it from the browser in which its address is opened", () =>
  visit({ agent: VIEWS[0] }, async (page) => {
    const scopes = ["openid", "email", read];
    const program = { title: "A program", kind: "native", redirect_uris: [web.redirect_uris[0]], scopes };
    const { id } = await (await admin("POST", "projects/demo/clients", program)).json();
    await page.goto(authorize({ client_id: id }));
    const address = await page.locator("pre code").first().textContent();
    await visit({}, async (page) => {
      await page.goto(address);
      await signIn(page);
      await page.getByRole("button", { name: "Allow" }).click();
      assert.ok((await arrived(page)).get("code"));
    });
  }));
