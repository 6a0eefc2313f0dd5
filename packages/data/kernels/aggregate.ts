// The module of aggregations.

export { findLogFields } from "./aggregate-log";
export { addRows, rowsAdded } from "./aggregate-rows";
