// What a server of Hadoop says of itself, by its `/jmx` page.

import { get } from "node:http";

/** Attributes of a bean. */
export type Bean = Readonly<Record<string, unknown>>;

const askTimeoutMs = 2_000;

/** Ask for one bean. @param address `host:port`. @returns undefined while the server does not answer or has none. */
export async function readJmx(address: string, bean: string): Promise<Bean | undefined> {
  try {
    const text = await fetchText(`http://${address}/jmx?qry=${bean}`);
    return (JSON.parse(text) as { readonly beans?: readonly Bean[] }).beans?.[0];
  } catch {
    return undefined;
  }
}

async function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(askTimeoutMs), agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
