// Joins lines of two inputs by a column. Shipped as `join`. No type syntax in a shipped job: its file is run as it stands.

import { textLines } from "@millrace/formats";
import { choice, defineJoin, eachCutLine, eachJoinedText, int, text } from "@millrace/sdk";

/**
 * Join lines as `join` of POSIX does. A line of the output has the key, then the other columns of a left line, then those
 * of a right one; where a side has no line of the key, its columns are left out. `semi` and `anti` write the left lines
 * that have, or have not, a line on the right. Lines without the column are counted in `join.malformed`. The left lines
 * of one key are kept in memory, those of the right are not.
 */
export default defineJoin({
  name: "join",
  params: {
    kind: choice("inner", "left", "right", "outer", "semi", "anti", {
      default: "inner",
      about: "which lines without a line on the other side are written",
    }),
    separator: text({ default: "\t", about: "what stands between columns; a tab when left out" }),
    leftColumn: int({ default: 1, min: 1, about: "the column of left lines to join by; 1 is the first" }),
    rightColumn: int({ default: 1, min: 1, about: "the column of right lines to join by; 1 is the first" }),
  },
  inputs: {
    left: {
      input: textLines(),
      value: text(),
      map: eachCutLine({ separator: "separator", column: "leftColumn", malformed: "join.malformed" }),
    },
    right: {
      input: textLines(),
      value: text(),
      map: eachCutLine({ separator: "separator", column: "rightColumn", malformed: "join.malformed" }),
    },
  },
  reduce: eachJoinedText({ kind: "kind" }),
  output: textLines(),
});
