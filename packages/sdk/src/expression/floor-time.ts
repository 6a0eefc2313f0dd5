// Stretches of time: minutes, days, weeks, by the clock of a zone.

import { MillraceError, quote } from "@millrace/core";
import { type DurationUnit, type ExpressionNode, isOptionalExpression, widthMs } from "@millrace/data";
import { checkProperties } from "../job/definition-checks.ts";
import { kindOf } from "../job/kind-of.ts";
import type { Param } from "../param/param.ts";
import { type Expr, createExpr } from "./expr.ts";
import { type Making, describeValue, isParam, refuseExpression, takeExpression } from "./operand.ts";
import { checkTimeZone } from "./time-zone.ts";

const making: Making = { name: "floorTime" };

/** A width of time: `"5m"`. Days are `d`, weeks `w`, minutes `m`. */
export type Duration = `${bigint}${DurationUnit}`;

/**
 * The begin of the stretch of time in which a time lies. Stretches are counted from 1970-01-01, weeks from a Monday.
 *
 * In a zone a clock on the wall is floored: `"1d"` gives its midnight, so that a day has 23 or 25 hours when clocks are
 * set. Where a clock is set forward over the begin of a stretch, the stretch begins where it was set; where it is set
 * back and shows the begin twice, a stretch of up to an hour begins each time, a longer one the first time.
 *
 * @param width - `ms`, `s`, `m` (minutes), `h`, `d` or `w`, such as `"15m"`; or a `choice()` of such.
 * @param options - `zone`: an IANA name such as `"Europe/Berlin"`; UTC when absent.
 * @throws {MillraceError} E_JOB_INVALID for a width that is none, and for a zone that does not exist.
 * @example
 * ```ts
 * groupBy: { day: floorTime(log.time, "1d", { zone: "Europe/Berlin" }) },
 * ```
 */
export function floorTime<M extends null>(
  value: Expr<"time", M>,
  width: Duration | Param<Duration>,
  options: { readonly zone?: string } = {},
): Expr<"time", M> {
  const node = takeExpression(making, value, "time");
  if (typeof options !== "object" || options === null)
    refuseExpression(making, `its options are ${kindOf(options)}; give { zone: "Europe/Berlin" }, or leave them out`);
  checkProperties("it", options, ["zone"], (reason) => refuseExpression(making, reason));
  const { zone = "UTC" } = options;
  if (typeof zone !== "string")
    refuseExpression(making, `its zone is ${kindOf(zone)}; name one such as "Europe/Berlin"`);
  if (zone !== "UTC") checkTimeZone(zone);
  const floored = (by: unknown): ExpressionNode => ({ node: "floorTime", value: node, width: parseDuration(by), zone });
  if (!isParam(width)) return createExpr("time", floored(width));
  const { type, choices } = width.description;
  if (type !== "choice" || choices === undefined)
    return refuseExpression(making, `its width is a parameter that is a ${type}; make it a choice() of widths`);
  const of = Object.fromEntries(choices.map((choice) => [choice, floored(choice)]));
  const optional = isOptionalExpression(node);
  return createExpr("time", { node: "choose", parameter: width, of, wire: "time", optional });
}

function parseDuration(width: unknown): { readonly count: number; readonly unit: DurationUnit } {
  const match = /^([1-9]\d*)(ms|s|m|h|d|w)$/u.exec(typeof width === "string" ? width : "");
  const parsed = { count: Number(match?.[1]), unit: match?.[2] as DurationUnit };
  if (match !== null && Number.isSafeInteger(widthMs(parsed))) return parsed;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot floor times to ${typeof width === "string" ? quote(width) : describeValue(width)}: it is no width of time; write a whole number and ms, s, m, h, d or w, such as "5m"`,
  );
}
