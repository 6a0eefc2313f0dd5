// SPNEGO by the npm package `kerberos`, which is loaded only when it is asked for: it is a native module that most users
// do not need.
import { createRequire } from "node:module";
import type { Negotiation } from "../client-options.ts";

/** What is used of the package. */
interface KerberosModule {
  readonly GSS_MECH_OID_SPNEGO: unknown;
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_C_SEQUENCE_FLAG: number;
  initializeClient(
    service: string,
    options: { readonly mechOID: unknown; readonly flags: number },
  ): Promise<{ step(challenge: string): Promise<string> }>;
}

/** In a variable, so that no compiler or bundler looks for a package that need not be there. */
const packageName: string = "kerberos";

/** Beside this package or above it, else where NODE_PATH says, which `import` does not look at. */
function loadKerberos(): KerberosModule {
  try {
    return createRequire(import.meta.url)(packageName) as KerberosModule;
  } catch (cause) {
    const reason =
      (cause as { readonly code?: unknown }).code === "MODULE_NOT_FOUND" ? "is not there" : "does not load";
    throw new Error(
      `the package "kerberos" ${reason} (npm install kerberos; it is compiled where no binary fits, with the headers of Kerberos: libkrb5-dev)`,
      { cause },
    );
  }
}

/**
 * Begin to negotiate with `HTTP@host` from the process's credentials: the ticket cache of `kinit`, or the keytab of
 * KRB5_CLIENT_KTNAME. The server is asked to prove itself.
 * @throws when the package is not there, or there are no credentials
 */
export async function negotiateByKerberosPackage(service: string): Promise<Negotiation> {
  const kerberos = loadKerberos();
  const client = await kerberos.initializeClient(service, {
    mechOID: kerberos.GSS_MECH_OID_SPNEGO,
    flags: kerberos.GSS_C_MUTUAL_FLAG | kerberos.GSS_C_SEQUENCE_FLAG,
  });
  return {
    token: await client.step(""),
    verify: async (answer) => {
      await client.step(answer);
    },
  };
}
