// The module of runs: sorting, writing and merging them.

export { countSlots, fillPairs, fillSlots, sortEntries } from "./sorting";
export { writePairs } from "./pairs";
export { slotsToLog, writeFolded } from "./folding";
export { murmurBlocks } from "./digest";
export { mergeOn } from "./merging";
export { addLines, addRecords } from "./collect";
export { spreadSlots } from "./growing";
