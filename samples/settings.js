// Where the samples look for people, and for invoices. By default in the sandbox.

const issuer = process.env.ISSUER ?? "http://127.0.0.1:8080";

export const settings = {
  issuer,
  api: process.env.API ?? `${issuer}/demo/v1/invoices`,
  scope: process.env.SCOPE ?? "openid email https://demo.carnet.dev/auth/invoices.read",
};

// On this machine there is no TLS, and the browser trusts it all the same.
export const onThisMachine = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(issuer).hostname);
