// `emit` works only while a user function runs. A gate knows which one does.

/** The user functions during which the gate is open or, for `partition`, has to know that nothing may be emitted. */
export type UserFunctionName = "map" | "combine" | "reduce" | "partition";

/** Tell whether `emit` may be called. The host opens it around each call of user code; each `emit` checks it. */
export class EmitGate {
  /** The function that runs now, or undefined between two. Set by the host, a plain field for speed. */
  running: UserFunctionName | undefined = undefined;
}
