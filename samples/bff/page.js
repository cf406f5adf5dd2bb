// The page knows who is signed in and what the invoices are, and no token.

const element = (id) => document.getElementById(id);
const ask = (path, method = "GET") => fetch(path, { method, headers: { "x-from-page": "1" } });

async function show() {
  const answer = await ask("/api/me");
  const who = answer.ok ? await answer.json() : undefined;
  element("who").textContent = who ? `Signed in as ${who.email}.` : "Nobody is signed in.";
  element("sign-in").hidden = Boolean(who);
  element("read").hidden = element("sign-out").hidden = !who;
  element("invoices").replaceChildren();
}

async function read() {
  const answer = await ask("/api/invoices");
  if (!answer.ok) return (element("wrong").textContent = `The invoices cannot be read: ${answer.status}.`);
  const { invoices } = await answer.json();
  element("invoices").replaceChildren(
    ...invoices.map((invoice) => Object.assign(document.createElement("li"), { textContent: `${invoice.id}: ${invoice.customer}` })),
  );
}

element("read").addEventListener("click", read);
element("sign-out").addEventListener("click", () => ask("/logout", "POST").then(show));
await show();
