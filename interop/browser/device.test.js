// A person lets a device in, with a real browser at the running server: every page in both themes and widths, by keyboard,
// and without script.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { inspect, launch, open, THEMES, WIDTHS } from "./page.js";
import { app, device, issuer, polled, signIn } from "./server.js";

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
    test(`every page of a device is in order, ${theme}, ${width} wide`, () =>
      visit({ theme, width }, async (page, complaints) => {
        const wrong = [];
        const look = async (what) => wrong.push(...(await inspect({ page, complaints }, what, { theme, width })));
        const codes = await device();
        await page.goto(codes.verification_uri);
        await signIn(page);
        await page.waitForSelector("[name=user_code]");
        await look("the code");
        await page.fill("[name=user_code]", "BBBB-BBBB");
        await page.press("[name=user_code]", "Enter");
        await page.waitForSelector("#problem");
        // The page that says so is a 4xx, which Chromium notes in its console.
        complaints.splice(0);
        await look("a wrong code");
        await page.fill("[name=user_code]", codes.user_code);
        await page.press("[name=user_code]", "Enter");
        await page.waitForSelector("[name=decision]");
        await look("the comparison");
        await page.locator("button[value=allow]").click();
        await page.waitForSelector("[name=decision]", { state: "detached" });
        await look("the end");
        assert.deepEqual(wrong, []);
        assert.equal(await polled(codes), "tokens");
      }));
  }
}

for (const script of [true, false]) {
  test(`a link fills in the code, and its person allows it, ${script ? "with" : "without"} script`, () =>
    visit({ script }, async (page) => {
      const codes = await device();
      await page.goto(codes.verification_uri_complete);
      await signIn(page);
      await page.waitForSelector("[name=user_code]");
      assert.equal(await page.inputValue("[name=user_code]"), codes.user_code);
      assert.equal(await polled(codes), "authorization_pending");
      await page.locator("main button[type=submit]").click();
      await page.waitForSelector("[name=decision]");
      const told = await page.locator("main").textContent();
      for (const text of [codes.user_code, "Demo television", "Only continue if you started this", "Read invoices"]) {
        assert.ok(told.includes(text), `${text}: ${told}`);
      }
      await page.locator("button[value=allow]").click();
      await page.waitForSelector("[name=decision]", { state: "detached" });
      assert.match(await heading(page), /Your device is connected/);
      assert.equal(await polled(codes), "tokens");
    }));
}

test("the keyboard is enough, and the first button says no", () =>
  visit({}, async (page) => {
    const codes = await device();
    await page.goto(`${issuer}/device`);
    await signIn(page);
    await page.waitForSelector("[name=user_code]");
    assert.equal(await page.evaluate(() => document.activeElement.name), "user_code");
    await page.keyboard.type(codes.user_code.replace("-", "").toLowerCase());
    await page.keyboard.press("Enter");
    await page.waitForSelector("[name=decision]");
    const at = () => page.evaluate(() => document.activeElement.getAttribute("value"));
    for (let step = 0; step < 20 && (await at()) !== "deny"; step += 1) await page.keyboard.press("Tab");
    assert.equal(await at(), "deny");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[name=decision]", { state: "detached" });
    assert.match(await heading(page), /The device was not connected/);
    assert.equal(await polled(codes), "access_denied");
  }));
