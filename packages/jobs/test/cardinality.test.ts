import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import cardinality from "../src/cardinality.ts";

interface Outputs {
  readonly metrics: readonly { readonly metric: string; readonly series: number; readonly samples: number }[];
  readonly labels: readonly {
    readonly label: string;
    readonly series: number;
    readonly values: number;
    readonly samples: number;
  }[];
}

const count = async (lines: readonly string[], params: Readonly<Record<string, string>> = {}): Promise<Outputs> =>
  (await testJob(cardinality, { input: lines, params })).outputs as unknown as Outputs;

describe("cardinality", () => {
  const lines = [
    'a{x="1",y="1"} 1 1',
    'a{y="1",x="1"} 2 2',
    'a{x="2",y="1"} 1 1',
    'a{x="2",y="",} 1 1',
    String.raw`b{x="\"}y=\"3\""} 1 1`,
    "b 1 1",
    "# EOF",
  ];

  it("counts series and samples of metrics, and values of labels", async () => {
    const { metrics, labels } = await count(lines);
    expect(metrics.toSorted((a, b) => (a.metric < b.metric ? -1 : 1))).toEqual([
      { metric: "a", series: 3, samples: 4 },
      { metric: "b", series: 2, samples: 2 },
    ]);
    expect(labels.toSorted((a, b) => (a.label < b.label ? -1 : 1))).toEqual([
      { label: "x", series: 4, values: 3, samples: 5 },
      { label: "y", series: 2, values: 1, samples: 3 },
    ]);
  });

  it("takes no longer for very long names without labels", async () => {
    // Each took a second when labels were looked for from every character on.
    const names = Array.from({ length: 60 }, (_, index) => `${"a".repeat(20_000)}${index}`);
    const { metrics, labels } = await count([...names.map((name) => `${name} 1 1`), 'c{_1="x",x2y="z=\\",a=,}"} 1 1']);
    expect(metrics.length).toBe(61);
    expect(labels.map(({ label }) => label).toSorted()).toEqual(["_1", "x2y"]);
  });

  it("counts only metrics whose names match", async () => {
    const { metrics, labels } = await count(lines, { metric: "^b$" });
    expect(metrics).toEqual([{ metric: "b", series: 2, samples: 2 }]);
    expect(labels).toEqual([{ label: "x", series: 1, values: 1, samples: 1 }]);
  });
});
