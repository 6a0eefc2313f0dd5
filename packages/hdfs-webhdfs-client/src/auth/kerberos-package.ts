// SPNEGO by the npm package `kerberos`, which is loaded only when it is asked for: it is a native module that most users
// do not need.

/** What is used of the package. */
interface KerberosModule {
  readonly GSS_MECH_OID_SPNEGO: unknown;
  initializeClient(
    service: string,
    options: { readonly mechOID: unknown },
  ): Promise<{ step(challenge: string): Promise<string> }>;
}

/** In a variable, so that no compiler or bundler looks for a package that need not be there. */
const packageName: string = "kerberos";

async function loadKerberos(): Promise<KerberosModule> {
  try {
    const loaded = (await import(packageName)) as { readonly default?: KerberosModule } & KerberosModule;
    return loaded.default ?? loaded;
  } catch (cause) {
    const text = 'the package "kerberos" cannot be loaded (npm install kerberos)';
    throw new Error(text, { cause });
  }
}

/** Make a token for `HTTP@host` from the process's credentials (`kinit`, or KRB5_CLIENT_KTNAME). @returns base64 */
export async function negotiateByKerberosPackage(service: string): Promise<string> {
  const kerberos = await loadKerberos();
  const client = await kerberos.initializeClient(service, { mechOID: kerberos.GSS_MECH_OID_SPNEGO });
  return await client.step("");
}
