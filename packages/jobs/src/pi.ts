// Estimates pi from points of a Halton sequence, as Hadoop's QuasiMonteCarlo does. Shipped as `pi`. No type syntax in a
// shipped job: its file is run as it stands.

import { numbers, textTable } from "@millrace/formats";
import { chain, defineJob, fields, int, object, records, sum, text } from "@millrace/sdk";

// Digits of the indexes in both bases: 2^63 and 3^40 are beyond any index.
const digitCounts = [63, 40];
const bases = [2, 3];

/** One coordinate of the sequence from index `start` on: each call gives the next. The same roundings as Hadoop's. */
function halton(dimension = 0, start = 0) {
  const base = bases[dimension] ?? 2;
  const weights = [0].slice(1);
  const digits = [0].slice(1);
  let value = 0;
  let rest = start;
  for (let at = 0; at < (digitCounts[dimension] ?? 0); at++) {
    const weight = (weights[at - 1] ?? 1) / base;
    const digit = rest % base;
    weights.push(weight);
    digits.push(digit);
    rest = (rest - digit) / base;
    value += digit * weight;
  }
  return () => {
    for (let at = 0; at < digits.length; at++) {
      const digit = (digits[at] ?? 0) + 1;
      value += weights[at] ?? 0;
      digits[at] = digit % base;
      if (digit < base) break;
      value -= weights[at - 1] ?? 1;
    }
    return value;
  };
}

const sums = records(object({ key: text(), value: object({ inside: int(), points: int() }) }));

/** Count the points of each map that lie inside the circle of radius 0.5 around the middle of the unit square. */
const points = defineJob({
  name: "pi-points",
  params: {
    maps: int({ default: 10, min: 1, max: 1_000_000, about: "how many pieces of the sequence, spread over tasks" }),
    samples: int({ default: 100, min: 1, max: 1_000_000_000, about: "how many points each piece has" }),
  },
  input: numbers("maps"),
  map: (map, emit, { params }) => {
    const { samples } = params;
    const nextX = halton(0, map * samples);
    const nextY = halton(1, map * samples);
    let inside = 0;
    for (let sample = 0; sample < samples; sample++) {
      const x = nextX() - 0.5;
      const y = nextY() - 0.5;
      if (x * x + y * y <= 0.25) inside++;
    }
    emit("", { inside, points: samples });
  },
  reduce: fields({ inside: sum(int()), points: sum(int()) }),
  output: sums,
});

/** One row: the estimate, the points inside, all points. */
const estimate = defineJob({
  name: "pi",
  input: sums,
  map: ({ value }, emit) => emit([(4 * value.inside) / value.points, value.inside, value.points]),
  output: textTable(),
});

export default chain(points, estimate);
