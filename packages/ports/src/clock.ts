// Time and randomness, handed in. Machines get times on events; drivers get this.

/** Tell the time and wait for it. Real, or virtual in the simulator. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary moment; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970, for people only: no decision reads it. */
  wallMs(): number;
  /** Call `act` once when `monotonicMs()` has reached `atMs`, never earlier. Any finite time is fine (no 2^31 trap). */
  callAt(atMs: number, act: () => void): Timer;
}

/** A call that has not happened yet. */
export interface Timer {
  cancel(): void;
}

/** Give bytes that nobody can guess. */
export interface Randomness {
  /** The caller owns the returned bytes. */
  bytes(count: number): Uint8Array;
}
