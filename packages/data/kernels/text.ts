// The module of texts.

export { countLetterWords, countWords, wordsCounted } from "./words";
export { findNonAscii, splitLines } from "./lines";
export { findTextOrNonAscii } from "./search";
export { findFourBytes, findInvalidUtf8 } from "./utf8";
