// One deadline at a time: armed while the client waits for a server, disarmed while the server waits for the caller.
import type { WebHdfsClock } from "../clock.ts";

/** A timer that is re-armed for each wait. */
export interface IdleTimer {
  arm(ms: number, onFire: () => void): void;
  disarm(): void;
}

/** Make a disarmed timer. */
export function createIdleTimer(clock: WebHdfsClock): IdleTimer {
  let forget: (() => void) | undefined;
  const disarm = (): void => {
    forget?.();
    forget = undefined;
  };
  return {
    arm(ms, onFire) {
      disarm();
      forget = clock.after(ms, onFire);
    },
    disarm,
  };
}
