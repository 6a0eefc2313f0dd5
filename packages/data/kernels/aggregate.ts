// The module of aggregations.

export { findJsonFields } from "./aggregate-json";
export { findLogFields } from "./aggregate-log";
export { addRows, countRows, rowsAdded } from "./aggregate-rows";
