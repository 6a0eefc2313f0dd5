// What user code threw, as text. It can be anything: null, an object whose getters throw, a Proxy, a message of 100 MB.
// Nothing here throws, and nothing keeps more than the bound.

import { limits } from "@millrace/core";

/** Something thrown, described. */
export interface DescribedThrown {
  /** `TypeError: x is not a function`, at most `limits.errorTextBytesMax` characters. */
  readonly message: string;
  /** The lines below the message, as V8 made them; empty when there is no stack. */
  readonly frames: readonly string[];
}

// A stack is looked at this far: the message stands in it again, and frames follow.
const stackCharactersMax = 64 * 1024;

/** Describe anything that was thrown. Never throws; user code may run (getters), and whatever it throws is ignored. */
export function describeThrown(thrown: unknown): DescribedThrown {
  if (typeof thrown !== "object" || thrown === null) {
    return { message: `${describePrimitive(thrown)} was thrown, not an Error`, frames: [] };
  }
  const name = readText(thrown, "name");
  const message = readText(thrown, "message");
  const stack = readText(thrown, "stack");
  const head = [name ?? "Error", message].filter((text) => text !== undefined && text !== "").join(": ");
  return { message: cut(head, limits.errorTextBytesMax), frames: framesOf(stack, message) };
}

function readText(thrown: object, property: string): string | undefined {
  try {
    const value: unknown = Reflect.get(thrown, property);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function framesOf(stack: string | undefined, message: string | undefined): readonly string[] {
  if (stack === undefined) return [];
  // Frames follow the message, which can itself be long or look like frames.
  const begin = message !== undefined && message !== "" ? stack.indexOf(message) : -1;
  const after = begin < 0 ? 0 : begin + (message?.length ?? 0);
  return stack
    .slice(after, after + stackCharactersMax)
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}

function describePrimitive(value: unknown): string {
  if (typeof value === "string") return `The text ${JSON.stringify(cut(value, 256))}`;
  if (typeof value === "symbol" || typeof value === "function") return `A ${typeof value}`;
  return String(value).slice(0, 64);
}

/** Cut text to a number of characters, marking that it was cut. */
export function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}
