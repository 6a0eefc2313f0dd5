// The module of samples of metrics, and of rows that become pairs.

export { findSamples } from "./samples-find";
export { addRowPairs } from "./samples-pairs";
