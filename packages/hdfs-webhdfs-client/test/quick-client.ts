// A client whose delays pass at once: tests wait for things, not for times. Time-outs keep their length in real time.
import { createWebHdfsClient, type WebHdfsClient, type WebHdfsClientOptions, type WebHdfsClock } from "../src/index.ts";

/** Delays of retries, told from time-outs by their jitter: `random` makes them odd. */
const oddRandom = 0.4999;

/** What a test does when the client is about to wait for the n-th time (from 1); the client waits for it. */
export type OnDelay = (count: number) => Promise<void> | void;

/** A clock on which time-outs take as long as they say, and all delays asked for are noted and pass at once. */
function quickClock(delays: number[], timeouts: readonly number[], onDelay: OnDelay): WebHdfsClock {
  let skipped = 0;
  return {
    nowMs: () => performance.now() + skipped,
    after: (ms, callback) => {
      if (timeouts.includes(ms)) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      }
      let forgotten = false;
      delays.push(ms);
      const pass = async (): Promise<void> => {
        await onDelay(delays.length);
        skipped += ms;
        if (!forgotten) callback();
      };
      void pass();
      return () => {
        forgotten = true;
      };
    },
  };
}

/** A client for tests, and the delays that it took. */
export interface QuickClient {
  readonly hdfs: WebHdfsClient;
  readonly delays: readonly number[];
}

/** Make a client whose delays pass at once. */
export function quickClient(options: WebHdfsClientOptions, onDelay: OnDelay = () => undefined): QuickClient {
  const delays: number[] = [];
  const { connectTimeoutMs = 5000, idleTimeoutMs = 10_000, callTimeoutMs = 60_000 } = options;
  const clock = quickClock(delays, [connectTimeoutMs, idleTimeoutMs, callTimeoutMs], onDelay);
  const times = { connectTimeoutMs, idleTimeoutMs, callTimeoutMs };
  return { hdfs: createWebHdfsClient({ random: () => oddRandom, ...options, clock, ...times }), delays };
}
