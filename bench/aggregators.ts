// What the tests of aggregators run a little of, in full: the law kit on random values, with the number of cases, and
// `distinct` against exact counts from 1 to 10 million.
// Run: node --conditions=millrace-source bench/aggregators.ts [cases of each aggregator] [greatest count]

import { distinctErrors } from "../packages/data/test/aggregate/distinct-errors.ts";
import { lawCases } from "../packages/data/test/aggregate/law-cases.ts";

const runs = Number(process.argv[2] ?? 5000);
const upTo = Number(process.argv[3] ?? 10_000_000);
/** The standard error that is stated for more than 1,024 values. */
const statedError = 0.0081;

function print(...cells: readonly (string | number)[]): void {
  console.log(cells.map((cell, index) => (index === 0 ? `${cell}`.padEnd(28) : `${cell}`.padStart(14))).join(""));
}

function runLaws(): void {
  print("aggregator", "cases", "foldings", "ms");
  let cases = 0;
  for (const { name, run } of lawCases) {
    const from = performance.now();
    run(runs);
    cases += runs;
    // Each case: one fold in order, one round trip, and 3 rounds of a shuffled fold, a tree of merges and a full cell.
    print(name, runs, runs * 11, Math.round(performance.now() - from));
  }
  print("all", cases, cases * 11, "");
}

function runDistinct(): void {
  const series = 4;
  const from = performance.now();
  const errors = distinctErrors({ counts: [1023, 1024, 1025], upTo, perDecade: 3, series });
  print("\nexact count", "mean error", "greatest");
  for (const exact of [...new Set(errors.map((each) => each.exact))].toSorted((a, b) => a - b)) {
    const here = errors.filter((each) => each.exact === exact).map((each) => each.error);
    const mean = here.reduce((total, error) => total + error, 0) / here.length;
    const greatest = Math.max(...here.map(Math.abs));
    print(exact, `${(mean * 100).toFixed(3)} %`, `${(greatest * 100).toFixed(3)} %`);
  }
  const sketched = errors.filter(({ exact }) => exact > 1024);
  const rms = Math.sqrt(sketched.reduce((total, { error }) => total + error ** 2, 0) / sketched.length);
  const greatest = Math.max(...sketched.map(({ error }) => Math.abs(error)));
  print("root mean square", `${(rms * 100).toFixed(3)} %`, `${(greatest * 100).toFixed(3)} %`);
  print("stated", `${(statedError * 100).toFixed(3)} %`, `4 × ${(statedError * 100).toFixed(2)} %`);
  print("seconds", ((performance.now() - from) / 1000).toFixed(1));
  if (rms > statedError * 1.5 || greatest > statedError * 4) process.exitCode = 1;
}

runLaws();
runDistinct();
