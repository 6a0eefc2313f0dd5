// The module of logs by the patterns of their servers.

export { findPatternFields } from "./patterns-find";
