// What every page must bear, whether it comes from the gallery or from a running server: the rules are
// functions of a Playwright page that is open at its address. Each returns what it found wrong.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const THEMES = ["light", "dark"];
export const WIDTHS = [1280, 360];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CARNET_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

// A new browser context: its own cookies, a theme, a width, perhaps without script, or under another name.
export async function open(browser, { theme = "light", width = 1280, script = true, agent } = {}) {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    javaScriptEnabled: script,
    reducedMotion: "reduce",
    ...(agent && { userAgent: agent }),
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints, close: () => context.close() };
}

// Looks at the page that is open and tells all that is wrong with it. With CARNET_SHOTS, a folder, a picture is kept.
export async function inspect({ page, complaints }, what, { theme, width }) {
  const wrong = [];
  for (const check of [accessibility, overflow, smallTargets]) {
    for (const found of await check(page)) wrong.push(`${what}: ${found}`);
  }
  for (const complaint of complaints.splice(0)) wrong.push(`${what}: ${complaint}`);
  const folder = process.env.CARNET_SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${what.replace(/\W+/g, "-")}-${theme}-${width}.png`, fullPage: true });
  return wrong;
}

// Every rule of axe-core, best practices too.
export async function accessibility(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`));
}

// WCAG 2.2 1.4.10: nothing is wider than the page.
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return [`the page is ${document.documentElement.scrollWidth} wide`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))];
  });
}

// WCAG 2.2 2.5.8: what can be pressed is 24 by 24 at least, except links in running text.
export function smallTargets(page) {
  return page.evaluate(() => {
    const pressed = document.querySelectorAll("button, input:not([type=hidden]), select, summary, nav a, a.button");
    return [...pressed]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width < 24 || box.height < 20 || (box.height < 24 && element.type !== "checkbox");
      })
      .filter((element) => !(element.type === "checkbox" && element.labels.length > 0))
      .map((element) => element.outerHTML.slice(0, 160));
  });
}

// Goes through the page with Tab, from the skip link on: a page may begin with the focus in a field.
// Returns what got the focus, in order, each once.
export async function tabOrder(page, most = 80) {
  await page.locator("a.skip").focus();
  const order = [];
  for (let step = 0; step < most; step += 1) {
    if (step > 0) await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const all = [...document.querySelectorAll("*")];
      const style = getComputedStyle(element);
      return {
        index: all.indexOf(element),
        is: element.getAttribute("name") ?? element.getAttribute("href") ?? element.tagName.toLowerCase(),
        value: element.tagName === "BUTTON" ? element.value : "",
        ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      };
    });
    if (at === null || order.some((known) => known.index === at.index)) break;
    order.push(at);
  }
  return order;
}
