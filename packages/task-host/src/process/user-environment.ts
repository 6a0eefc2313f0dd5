// The environment of user code: a fixed, small list. What a daemon has in its own (tokens, NODE_OPTIONS, LD_PRELOAD) is
// no business of a job, and a job's result must not depend on the locale or zone of a machine.

/** Variables that are passed on when they are set. */
const passedOn = ["PATH", "HOME", "TMPDIR", "MILLRACE_FAILPOINTS"] as const;

/** Make the environment of a host. @param own - the environment of this process. */
export function userEnvironment(own: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const environment: Record<string, string> = { LANG: "C.UTF-8", TZ: "UTC" };
  for (const name of passedOn) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
