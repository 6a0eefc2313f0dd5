// Whether this machine has MIT's Kerberos server. What is missing is told in a sentence, as find-tools.ts does.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that make a realm and serve it. */
export interface KdcTools {
  readonly krb5kdc: string;
  readonly kdb5Util: string;
  readonly kadminLocal: string;
}

/** What was found, or what is missing and what to do about it. */
export type KdcSearch =
  | { readonly kind: "found"; readonly tools: KdcTools }
  | { readonly kind: "missing"; readonly reason: string };

/** Where distributions put servers, which is not in everybody's PATH. */
const serverDirectories = ["/usr/sbin", "/usr/local/sbin", "/usr/lib/mit/sbin"] as const;

/** Look for the programs in PATH and where servers lie. @param environment variables of the process. */
export function findKdc(environment: Readonly<Record<string, string | undefined>>): KdcSearch {
  const directories = [...(environment["PATH"] ?? "").split(delimiter), ...serverDirectories];
  const [krb5kdc, kdb5Util, kadminLocal] = ["krb5kdc", "kdb5_util", "kadmin.local"].map((name) =>
    directories.map((directory) => join(directory, name)).find(isExecutable),
  );
  if (krb5kdc === undefined || kdb5Util === undefined || kadminLocal === undefined) {
    const reason = "there is no Kerberos server; install krb5-kdc and krb5-admin-server";
    return { kind: "missing", reason };
  }
  return { kind: "found", tools: { krb5kdc, kdb5Util, kadminLocal } };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
