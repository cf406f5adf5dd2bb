// Every page of the gallery: every language, both themes, wide and narrow.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { accessibility, launch, open, overflow, smallTargets, tabOrder, THEMES, WIDTHS } from "./page.js";
import { serveGallery } from "./gallery.js";

let browser;
let gallery;

before(async () => {
  gallery = await serveGallery(process.env.CARNET_GALLERY);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await gallery?.close();
});

// Runs the check on every page but those that leave at once, and tells all that is wrong together.
async function everywhere(setting, languages, check) {
  const { page, complaints, close } = await open(browser, setting);
  const wrong = [];
  let seen = 0;
  for (const language of languages) {
    for (const { name } of gallery.pages) {
      if (name === "form-post" && setting.script !== false) continue;
      await page.goto(gallery.address(language, name));
      seen += 1;
      for (const found of await check(page, name)) wrong.push(`${language} ${name}: ${found}`);
      for (const complaint of complaints.splice(0)) wrong.push(`${language} ${name}: ${complaint}`);
    }
  }
  await close();
  assert.deepEqual(wrong, []);
  assert.ok(seen >= 60 * languages.length, `only ${seen} pages were seen`);
}

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`axe-core finds nothing, ${theme}, ${width} wide`, () => {
      const languages = theme === "light" && width === 360 ? ["en", "de", "ar-XB"] : ["en"];
      return everywhere({ theme, width }, languages, accessibility);
    });
  }
}

test("wcag 1.4.10: no page is wider than 320", () => everywhere({ width: 320 }, gallery.languages, overflow));

test("wcag 1.4.4: no page overflows with text of twice the size", () =>
  everywhere({ width: 640 }, ["en", "de"], async (page) => {
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
    return overflow(page);
  }));

test("wcag 2.5.8: what can be pressed is large enough", () => everywhere({ width: 360 }, ["en"], smallTargets));

test("wcag 2.4.3 and 2.4.7: Tab goes forward through the page and shows where it is", () =>
  everywhere({}, ["en"], async (page) => {
    const order = await tabOrder(page);
    const found = [];
    if (order[0]?.is !== "#main") found.push(`the first stop is ${order[0]?.is}`);
    if (order.length < 3) found.push("Tab does not go on");
    order.forEach((stop, at) => {
      if (at > 0 && stop.index < order[at - 1].index) found.push(`${stop.is} comes after ${order[at - 1].is}`);
      if (!stop.ringed) found.push(`${stop.is} shows no ring`);
    });
    return found;
  }));

test("cancel comes before allow", async () => {
  for (const name of ["consent", "device-confirm"]) {
    const { page, close } = await open(browser);
    await page.goto(gallery.address("en", name));
    const decisions = (await tabOrder(page)).filter((stop) => stop.is === "decision");
    assert.deepEqual(decisions.map((stop) => stop.value), ["deny", "allow"], name);
    const boxes = await page.locator("button[name=decision]").evaluateAll((buttons) => buttons.map((b) => b.getBoundingClientRect().width));
    assert.ok(Math.abs(boxes[0] - boxes[1]) < 1, `${name}: the buttons differ: ${boxes}`);
    await close();
  }
});

test("without script every page is whole and has a way on", () =>
  everywhere({ script: false }, ["en"], async (page) => {
    const ways = await page.locator("main a[href], main button").count();
    return ways > 0 ? [] : ["there is no way on"];
  }));

test("forms work without script", async () => {
  const { page, close } = await open(browser, { script: false });
  await page.goto(gallery.address("en", "sign-in"));
  await page.fill("[name=email]", "dana@acme.example");
  await page.fill("[name=password]", "correct horse");
  await page.press("[name=password]", "Enter");
  await page.waitForURL("**/login");
  const sign_in = gallery.posted.at(-1);
  assert.equal(sign_in.path, "/login");
  assert.deepEqual([...sign_in.form.keys()].sort(), ["csrf", "email", "password", "request"]);

  await page.goto(gallery.address("en", "consent"));
  await page.getByLabel("Read your invoices").check();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL("**/consent");
  const consent = gallery.posted.at(-1).form;
  assert.deepEqual(consent.getAll("scope"), ["invoices.read"]);
  assert.equal(consent.get("decision"), "allow");

  await page.goto(gallery.address("en", "consent"));
  await page.getByLabel("Read your invoices").press("Enter");
  await page.waitForURL("**/consent");
  assert.equal(gallery.posted.at(-1).form.get("decision"), "deny", "Enter in a box allows nothing");

  await page.goto(gallery.address("en", "apps"));
  await page.getByRole("button", { name: "Remove Ledgerly" }).click();
  await page.waitForURL("**/account/apps/remove");
  assert.deepEqual([...gallery.posted.at(-1).form.keys()].sort(), ["client", "csrf"]);
  await close();
});

test("an answer is posted to the app at once, and by a button without script", async () => {
  for (const script of [true, false]) {
    const { page, complaints, close } = await open(browser, { script });
    let arrived;
    await page.route("https://ledgerly.app/**", (route) => {
      arrived = route.request().postData();
      return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>arrived</title>" });
    });
    await page.goto(gallery.address("en", "form-post"), { waitUntil: "commit" });
    if (!script) await page.getByRole("button").click();
    await page.waitForURL("https://ledgerly.app/callback");
    assert.equal(new URLSearchParams(arrived).get("code"), "crn_ac_c2FtcGxl");
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("a typed password can be shown and is sent hidden", async () => {
  const { page, complaints, close } = await open(browser);
  await page.goto(gallery.address("en", "sign-in"));
  assert.equal(await page.evaluate(() => document.activeElement.name), "email");
  await page.fill("[name=password]", "correct horse");
  await page.getByRole("button", { name: "Show" }).click();
  assert.equal(await page.getAttribute("[name=password]", "type"), "text");
  await page.getByRole("button", { name: "Hide" }).click();
  assert.equal(await page.getAttribute("[name=password]", "type"), "password");
  assert.deepEqual(complaints, []);
  await close();
});

test("undo counts down and goes away", async () => {
  const { page, close } = await open(browser);
  await page.clock.install();
  await page.goto(gallery.address("en", "apps-removed"));
  const undo = page.getByRole("button", { name: /^Undo/ });
  assert.equal(await undo.textContent(), "Undo (60)");
  await page.clock.runFor(4_100);
  assert.equal(await undo.textContent(), "Undo (56)");
  await page.clock.runFor(56_000);
  assert.equal(await undo.count(), 0);
  await close();
});
