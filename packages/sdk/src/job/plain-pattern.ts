// Regular expressions that are a fixed number of characters, each one of a set of ASCII: what kernels can look for. Their
// source is read with care, and what is not understood is no such pattern.

import type { PlainPattern } from "@millrace/data";
import { syntaxCharacters } from "./required-text.ts";

const placesMax = 256;
const codes = 128;
/** What stands for more than one character, or for none, or belongs to what stands before it. */
const otherSyntax = new Set("^$*+?(){}|]");

/**
 * Read a regular expression as such a pattern.
 *
 * @returns undefined for any other, for one that ignores case, and for one without a character that each match has.
 */
export function plainPattern({ source, flags }: RegExp): PlainPattern | undefined {
  if (/[imsvy]/u.test(flags)) return undefined;
  const places = placesOf(source);
  if (places === undefined || places.length > placesMax) return undefined;
  const [textAt, textEnd] = longestText(places);
  const text = Uint8Array.from(places.slice(textAt, textEnd), (place) => place.indexOf(1));
  return text.length === 0 ? undefined : { places, text, textAt };
}

function placesOf(source: string): Uint8Array[] | undefined {
  const places: Uint8Array[] = [];
  for (let at = 0; at < source.length;) {
    const read = source[at] === "[" ? readClass(source, at) : readCharacter(source, at);
    if (read === undefined) return undefined;
    places.push(read.set);
    at = read.end;
  }
  return places;
}

/** The first of the longest runs of places at which one character may stand. */
function longestText(places: readonly Uint8Array[]): readonly [begin: number, end: number] {
  let longest: readonly [number, number] = [0, 0];
  let begin = 0;
  for (const [index, place] of places.entries()) {
    if (!isOne(place)) begin = index + 1;
    else if (index + 1 - begin > longest[1] - longest[0]) longest = [begin, index + 1];
  }
  return longest;
}

function isOne(set: Uint8Array): boolean {
  return set.includes(1) && set.indexOf(1) === set.lastIndexOf(1);
}

interface ReadSet {
  readonly set: Uint8Array;
  /** Where it ends in the source. */
  readonly end: number;
}

function readCharacter(source: string, at: number): ReadSet | undefined {
  const character = source.charAt(at);
  if (character === "\\") return readEscape(source, at);
  if (character === ".") return { set: setOf((code) => code !== 10 && code !== 13), end: at + 1 };
  return otherSyntax.has(character) ? undefined : oneOf(character, at + 1);
}

/** An escape of one character, or of digits, of letters with digits, or of white space. */
function readEscape(source: string, at: number): ReadSet | undefined {
  const escaped = source[at + 1] ?? "";
  if (syntaxCharacters.has(escaped)) return oneOf(escaped, at + 2);
  const test = { d: /\d/u, w: /\w/u, s: /\s/u }[escaped];
  return test === undefined ? undefined : { set: setOf((code) => test.test(String.fromCharCode(code))), end: at + 2 };
}

function readClass(source: string, from: number): ReadSet | undefined {
  const isNegated = source[from + 1] === "^";
  const set = new Uint8Array(codes);
  for (let at = from + (isNegated ? 2 : 1); at < source.length;) {
    if (source[at] === "]") return { set: isNegated ? set.map((flag) => 1 - flag) : set, end: at + 1 };
    const first = readMember(source, at);
    if (first === undefined) return undefined;
    const isRange = source[first.end] === "-" && source[first.end + 1] !== "]";
    const last = isRange ? readMember(source, first.end + 1) : first;
    if (last === undefined || (isRange && !(isOne(first.set) && isOne(last.set)))) return undefined;
    addRange(set, first.set, last.set);
    at = last.end;
  }
  return undefined;
}

function readMember(source: string, at: number): ReadSet | undefined {
  if (source[at] === "\\") return readEscape(source, at);
  // Of a class within a class it is not known what it means.
  return source[at] === "[" ? undefined : oneOf(source[at] ?? "", at + 1);
}

/** Add what lies from one character to another; of the same set twice, that set. */
function addRange(set: Uint8Array, first: Uint8Array, last: Uint8Array): void {
  if (first !== last) set.fill(1, first.indexOf(1), last.indexOf(1) + 1);
  else for (const [code, flag] of first.entries()) if (flag === 1) set[code] = 1;
}

function oneOf(character: string, end: number): ReadSet | undefined {
  const wanted = character.charCodeAt(0);
  return wanted < codes ? { set: setOf((code) => code === wanted), end } : undefined;
}

function setOf(has: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: codes }, (_, code) => Number(has(code)));
}
