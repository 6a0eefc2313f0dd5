// Inputs that are numbers: the record of each is a line made from it alone, with words, bad records and poison among them.

const vocabulary = ["mill", "race", "water", "wheel", "a", "grinding", "\u00e4hre", "millstone"];

/** Where the parts of such an input lie. */
export const numbersUri = "numbers:";

/** The record of a number. */
export function lineOfNumber(number: number): string {
  const words = Array.from({ length: number % 5 }, (_, index) => vocabulary[(number * 3 + index * 5) % 8] ?? "");
  const mark = number % 11 === 7 ? "! " : number % 97 === 96 ? "?" : "";
  return mark + (number % 41 === 40 ? [...words, "poison"] : words).join(" ");
}

/** Records of the numbers from `offset` on. */
export function linesOfNumbers(offset: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => lineOfNumber(offset + index));
}
