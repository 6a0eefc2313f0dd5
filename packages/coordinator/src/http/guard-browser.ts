// What keeps pages of strangers away, checked before any route: the Host header must name loopback (DNS rebinding), an
// Origin must be our own, only reading methods exist, and answers carry headers that let a browser do nothing else.

import type { MiddlewareHandler } from "hono";
import { MillraceError, quote } from "@millrace/core";

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** Add the headers to every answer, errors included. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  for (const [name, value] of Object.entries(headers)) context.header(name, value);
  await next();
};

/** Refuse what a browser would send for somebody else, and every method that could change something. */
export const guardBrowser: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (method !== "GET" && method !== "HEAD") {
    return context.json(
      { error: { code: "E_USAGE", message: `Cannot ${method}: this interface only reads; use the millrace command` } },
      405,
      { Allow: "GET, HEAD" },
    );
  }
  const host = context.req.header("host") ?? "";
  if (!loopbackHost.test(host)) {
    return context.json(
      {
        error: {
          code: "E_USAGE",
          message: `Cannot answer for the host ${quote(host, 64)}: not a name of this machine's loopback; use 127.0.0.1`,
        },
      },
      421,
    );
  }
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) || site === "cross-site" || site === "same-site";
  if (foreign)
    throw new MillraceError(
      "E_FORBIDDEN",
      `Cannot answer the page ${quote(origin ?? "of another site", 64)}: requests come from the coordinator's own page alone; open that`,
    );
  return next();
};
