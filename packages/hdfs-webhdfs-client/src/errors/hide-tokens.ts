// Proxies and servers put the request's address into what they say of it, and so a delegation token that stood there.

/** Parameters with tokens, as they stand in a query or encoded in another's: base64 for URLs, and never as short as a name. */
const tokens = /(?<![a-z])(delegation|token)(=|%3d)[\w%-]{16,}/giu;

/** Leave the tokens out of a text from a server. */
export function hideTokens(text: string): string {
  return text.replaceAll(tokens, "$1$2…");
}
