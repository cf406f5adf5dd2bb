// A person with a browser that runs no script: it follows redirects, keeps cookies, and fills the forms that it is
// shown. It stops where it is sent away from the server: that is where the app takes over.

import { issuer } from "./sandbox.js";

const ALICE = { email: "alice@example.com", password: "alice" };

export class Person {
  #cookies = new Map();
  // The forms that were filled, by what was in them: `sign-in`, `consent`.
  filled = [];

  // Opens an address and does what it takes to come back to the app. Returns the URL or the request (for
  // `response_mode=form_post`) with which the browser leaves.
  async walk(address, { account = ALICE, decision = "allow", tick = true } = {}) {
    let at = await this.open(address);
    for (let step = 0; step < 6; step += 1) {
      if (at.left !== undefined) return at.left;
      const form = at.forms.find(({ fields, buttons }) => fields.has("password") || buttons.includes("decision"));
      if (form === undefined) throw new Error(`no way on from ${at.url}: ${at.status} ${heading(at.html)}`);
      const signIn = form.fields.has("password");
      this.filled.push(signIn ? "sign-in" : "consent");
      at = await this.send(form, signIn ? account : { decision }, tick ? form.boxes : []);
    }
    throw new Error(`still not back, at ${at.url}: ${heading(at.html)}`);
  }

  // Opens the page of a device, types the code unless the link has it, and answers. Returns the page at the end.
  async device(address, { account = ALICE, code, decision = "allow" } = {}) {
    let at = await this.open(address);
    for (let step = 0; step < 3; step += 1) {
      const form = at.forms.find(({ fields }) => fields.has("password") || fields.has("user_code"));
      if (form === undefined) break;
      if (form.fields.has("password")) {
        this.filled.push("sign-in");
        at = await this.send(form, account);
      } else if (form.buttons.includes("decision")) {
        this.filled.push("device");
        at = await this.send(form, { decision }, form.boxes);
      } else {
        this.filled.push("code");
        at = await this.send(form, code === undefined ? {} : { user_code: code });
      }
    }
    return at.html;
  }

  open(address) {
    return this.#follow(new URL(address), { method: "GET" });
  }

  // Sends a form with what it holds, what is filled in, and the boxes that are ticked.
  send(form, filled, ticked = []) {
    const body = new URLSearchParams([...form.fields, ...ticked]);
    for (const [name, value] of Object.entries(filled)) body.set(name, value);
    return this.#follow(form.action, { method: "POST", body, headers: { origin: form.action.origin } });
  }

  async #follow(address, init) {
    let url = address;
    for (let hop = 0; hop < 10; hop += 1) {
      if (url.origin !== issuer) return { left: url };
      const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie: this.#cookie() } });
      this.#keep(answer);
      const location = answer.headers.get("location");
      if (location === null) return page(url, answer.status, await answer.text());
      url = new URL(location, url);
      // RFC 9110 15.4.4: after 303 a browser asks with GET, and after 302 all of them do.
      if (answer.status !== 307 && answer.status !== 308) init = { method: "GET" };
    }
    throw new Error(`redirected without end, at ${url}`);
  }

  #keep(answer) {
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";");
      const [name, ...value] = pair.trim().split("=");
      const gone = attributes.some((attribute) => attribute.trim().toLowerCase() === "max-age=0");
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, value.join("="));
    }
  }

  #cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

// A page and its forms. One whose form leads elsewhere and asks for nothing is an answer to the app (form_post).
function page(url, status, html) {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag, inner]) => form(url, attributes(tag), inner));
  const away = forms.find(({ action }) => action.origin !== issuer);
  if (away !== undefined) {
    return { left: new Request(away.action, { method: "POST", body: new URLSearchParams([...away.fields]) }) };
  }
  return { url, status, html, forms };
}

function form(url, { action = "" }, inner) {
  const inputs = [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, tag]) => attributes(tag));
  const pair = ({ name, value = "" }) => [name, value];
  const isBox = ({ type }) => type === "checkbox";
  return {
    action: new URL(action, url),
    fields: new Map(inputs.filter((input) => !isBox(input)).map(pair)),
    boxes: inputs.filter(isBox).map(pair),
    buttons: [...inner.matchAll(/<button\b([^>]*)>/g)].map(([, tag]) => attributes(tag).name),
  };
}

function attributes(tag) {
  return Object.fromEntries([...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value = ""]) => [name, plain(value)]));
}

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

// What the escapes in a text of HTML stand for.
export function plain(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (NAMED[name] ?? whole);
  });
}

function heading(html) {
  return html.match(/<h1[^>]*>(.*?)<\/h1>/s)?.[1] ?? html.slice(0, 200);
}
