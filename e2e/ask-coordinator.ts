// What a running coordinator says by HTTP, for tests that wait for a moment: a command for each look would take longer
// than the moment lasts, and its processor from the job that is looked at.

import { readFileSync } from "node:fs";
import { vi } from "vitest";

/** The environment of a client of the cluster. */
export type ClientEnvironment = Readonly<Record<"MILLRACE_ENDPOINT_FILE", string>>;

/** Where a coordinator is, as it wrote it. */
export interface EndpointFile {
  readonly address: string;
  readonly httpAddress: string;
  readonly readToken: string;
  readonly pid: number;
}

/** Between two looks. */
const intervalMs = 25;

/** What `workers` answers. */
export interface WorkersAnswer {
  readonly workers: readonly { readonly worker: string; readonly host: string; readonly state: string }[];
}

/** Read what the coordinator of a cluster wrote. @throws when there is none. */
export function readEndpoint(env: ClientEnvironment): EndpointFile {
  return JSON.parse(readFileSync(env.MILLRACE_ENDPOINT_FILE, "utf8")) as EndpointFile;
}

/**
 * Ask a route until the answer is what is waited for.
 * @param pick Gives undefined for an answer that is not.
 * @throws after 90 seconds, with the last answer.
 */
export async function whenAnswered<Picked>(
  env: ClientEnvironment,
  route: string,
  pick: (answer: unknown) => Picked | undefined,
): Promise<Picked> {
  const look = async (): Promise<Picked> => {
    const { httpAddress, readToken } = readEndpoint(env);
    const reply = await fetch(`http://${httpAddress}/api/v1/${route}`, {
      headers: { authorization: `Bearer ${readToken}` },
    });
    const text = await reply.text();
    const picked = reply.ok ? pick(JSON.parse(text) as unknown) : undefined;
    if (picked === undefined) throw new Error(`${route} answers ${reply.status} ${text}`);
    return picked;
  };
  return vi.waitFor(look, { timeout: 90_000, interval: intervalMs });
}
