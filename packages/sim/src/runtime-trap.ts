// While a seed runs, nothing may ask the real clock, draw real random numbers or set real timers: the globals that do
// are replaced by stubs that throw. So a machine that cheats is found by the first seed.

const trapped = [
  "Date",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "fetch",
  "WeakRef",
  "FinalizationRegistry",
] as const;

/** Run `act` with the trap set. @throws what `act` throws, after the globals are back. */
export function withTrap<T>(act: () => T): T {
  const globals = globalThis as unknown as Record<string, unknown>;
  const kept = trapped.map((name) => [name, globals[name]] as const);
  const keptRandom = Math.random;
  const keptNow = performance.now.bind(performance);
  for (const name of trapped) globals[name] = forbid(name);
  Math.random = forbid("Math.random") as () => number;
  performance.now = forbid("performance.now") as () => number;
  try {
    return act();
  } finally {
    for (const [name, value] of kept) globals[name] = value;
    Math.random = keptRandom;
    performance.now = keptNow;
  }
}

function forbid(name: string): unknown {
  function refuse(): never {
    throw new Error(`Cannot use "${name}": a simulated step may not reach outside`);
  }
  if (name === "Date") refuse.now = refuse;
  return refuse;
}
