// Access logs for tests: the same lines for the same seed, with everything that a grouping meets.

/** A request as it is written, for plain computations. */
export interface Hit {
  readonly host: string;
  readonly user: string | null;
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number | null;
  readonly userAgent: string | null;
  readonly line: string;
}

const agents = ["Mozilla/5.0 (X11; Linux)", "curl/8.1", "bot  one", null];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Make requests over a week. @param random - numbers in [0, 1). */
export function makeHits(count: number, random: () => number): readonly Hit[] {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  return Array.from({ length: count }, () => {
    const hit = {
      host: `10.0.0.${Math.floor(random() * 20)}`,
      user: random() < 0.5 ? null : `user-${Math.floor(random() * 5)}`,
      time: Date.UTC(2024, 2, 28) + Math.floor(random() * 7 * 86_400) * 1_000,
      method: pick(["GET", "GET", "POST", "HEAD"]),
      path: `/${pick(["a", "b", "c", "é"])}/${Math.floor(random() * 30)}`,
      status: pick([200, 200, 200, 304, 404, 500]),
      bytes: random() < 0.2 ? null : Math.floor(random() * 1e6),
      userAgent: pick(agents),
    };
    return { ...hit, line: lineOf(hit) };
  });
}

function lineOf(hit: Omit<Hit, "line">): string {
  const date = new Date(hit.time);
  const two = (of: number): string => String(of).padStart(2, "0");
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const time = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
  return `${hit.host} - ${hit.user ?? "-"} [${time}] "${hit.method} ${hit.path} HTTP/1.1" ${hit.status} ${hit.bytes ?? "-"} "-" "${hit.userAgent ?? "-"}"`;
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
