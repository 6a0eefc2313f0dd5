// Find the coordinator that a command is about, ask it, and let go of it.

import { loadConfig, configFiles } from "../config/load-config.ts";
import { findAccess, takeToken } from "./endpoint.ts";
import type { JobClient } from "./job-client.ts";
import { openClient } from "./open-client.ts";

/** Call `act` with a client of the coordinator that flags, variables and files name. */
export async function withClient<T>(
  flags: Readonly<Record<string, unknown>>,
  act: (client: JobClient) => Promise<T>,
): Promise<T> {
  const config = await loadConfig({
    flags: { coordinator: flags["coordinator"] as string | undefined },
    environment: process.env,
    files: configFiles(process.env),
  });
  const token = takeToken(process.env);
  const client = await openClient(findAccess("client", config.coordinator, { environment: process.env, token }));
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}
