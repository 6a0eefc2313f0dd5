// The rows of one key of a join, as bytes: values of the first input are kept, those of the second pass by. A value is a
// byte that names its input, then text.

import { ByteSink } from "../bytes/byte-sink.ts";
import type { JoinKind, JoinPlan, JoinTarget } from "./join-plan.ts";

/** The pairs of one group after the other. */
export interface GroupPairs {
  /** Go to the group's next pair. @returns false after the last. */
  readonly nextPair: () => boolean;
  /** Append the encoded value of that pair. */
  readonly appendValue: (sink: ByteSink) => void;
  /** Append the encoded key of the group. */
  readonly appendKey: (sink: ByteSink) => void;
}

/** Where a group is that someone else has begun. */
export interface BegunGroup {
  /** Texts of the first input. */
  readonly kept: Iterable<Uint8Array>;
  /** Whether pairs of the second input have been used, with all rows of theirs. */
  readonly hasSecond: boolean;
}

/** Write the rows of groups. */
export class JoinedGroup {
  readonly #pairs: GroupPairs;
  readonly #plan: JoinPlan;
  readonly #target: JoinTarget;
  readonly #key = new ByteSink(256);
  readonly #first = new ByteSink(4_096);
  /** Where each kept value ends. */
  readonly #ends: number[] = [];
  /** The value at hand of the second input. */
  readonly #second = new ByteSink(256);
  /** Whether there is one at hand. */
  #isSecond = false;

  constructor(pairs: GroupPairs, plan: JoinPlan, target: JoinTarget) {
    this.#pairs = pairs;
    this.#plan = plan;
    this.#target = target;
  }

  /** Encoded key of the group. */
  get key(): Uint8Array {
    return this.#key.view();
  }

  /** Write the rows of a group, whose pairs are not all read then. @throws what `refuse` of the target does. */
  write(begun?: BegunGroup): void {
    this.#key.clear();
    this.#pairs.appendKey(this.#key);
    this.#first.clear();
    this.#ends.length = 0;
    for (const text of begun?.kept ?? []) this.#keepText(text);
    const hasSecond = begun?.hasSecond === true;
    this.#keepFirst();
    if (hasSecond) this.#goOn();
    else this.#writeRows(this.#plan.kind);
  }

  /** Rows of the first input alone are written, or never are. */
  #goOn(): void {
    const { kind } = this.#plan;
    if (this.#isSecond && kind !== "semi" && kind !== "anti") this.#writeRows(kind);
  }

  #keepText(text: Uint8Array): void {
    this.#first.writeByte(0);
    this.#first.writeBytes(text);
    this.#ends.push(this.#first.length);
  }

  /** Read the values of the first input, and one of the second. */
  #keepFirst(): void {
    const { bytesMax, overheadBytes } = this.#plan.limits;
    const first = this.#first;
    this.#isSecond = false;
    while (this.#pairs.nextPair()) {
      const begin = first.length;
      this.#pairs.appendValue(first);
      if (first.bytes[begin] !== 0) {
        this.#second.clear();
        this.#second.writeBytes(first.bytes, begin, first.length);
        this.#isSecond = true;
        return;
      }
      if (first.length + (this.#ends.length + 1) * overheadBytes > bytesMax) this.#target.refuse(this.#ends.length);
      this.#ends.push(first.length);
    }
  }

  /** What is not read of the second input, who goes from group to group passes over. */
  #writeRows(kind: JoinKind): void {
    const isAlone = this.#ends.length === 0;
    if (kind === "semi" || kind === "anti") {
      if (this.#isSecond === (kind === "semi")) this.#writeFirst();
    } else if (!this.#isSecond) {
      if (kind === "left" || kind === "outer") this.#writeFirst();
    } else if (!isAlone || kind === "right" || kind === "outer") this.#writeBoth(isAlone);
  }

  #writeFirst(): void {
    let begin = 0;
    for (const end of this.#ends) {
      this.#target
        .begin(this.#key.bytes, this.#key.length)
        .add(this.#first.bytes, begin + 1, end)
        .end();
      begin = end;
    }
  }

  #writeBoth(isAlone: boolean): void {
    const [target, key, first, second] = [this.#target, this.#key, this.#first, this.#second];
    for (let hasMore = true; hasMore; hasMore = this.#nextSecond()) {
      if (isAlone) target.begin(key.bytes, key.length).add(second.bytes, 1, second.length).end();
      let begin = 0;
      for (const end of this.#ends) {
        target
          .begin(key.bytes, key.length)
          .add(first.bytes, begin + 1, end)
          .add(second.bytes, 1, second.length)
          .end();
        begin = end;
      }
    }
  }

  #nextSecond(): boolean {
    if (!this.#pairs.nextPair()) return false;
    this.#second.clear();
    this.#pairs.appendValue(this.#second);
    return true;
  }
}
