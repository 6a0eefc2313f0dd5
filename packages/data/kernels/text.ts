// The module of texts.

export { countWords, wordsCounted } from "./words";
export { findNonAscii, splitLines } from "./lines";
export { findTextOrNonAscii } from "./search";
