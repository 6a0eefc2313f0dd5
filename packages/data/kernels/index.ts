// What the module gives.

export { countWords, wordsCounted } from "./words";
export { findNonAscii, splitLines } from "./lines";
