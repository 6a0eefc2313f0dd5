import { expect, test } from "vitest";
import { kernelBenches } from "../../kernels/all-kernels.ts";
import { lineBench } from "../../kernels/line-bench.ts";
import { compareKernel, createSideMemories, formatKernels, measureKernel } from "../../kernels/measure-kernels.ts";
import type { KernelBench } from "../../kernels/kernel-bench.ts";

const memories = createSideMemories();
const options = { batchBytes: 32 * 1024, seed: 3 };

test.each(kernelBenches.map((bench) => [bench.name, bench] as const))(
  "the kernel of %s gives what its twin gives",
  (_, bench) => {
    compareKernel(bench, options, memories);
  },
);

test("compareKernel() refuses what differs", () => {
  const wrong: KernelBench = {
    name: "wrong",
    about: "differs",
    prepare: () => ({
      bytes: 1,
      open: (memory) => ({
        pass: () => undefined,
        answer: () => (memory === memories.kernel ? "a" : "b"),
      }),
    }),
  };
  expect(() => {
    compareKernel(wrong, options, memories);
  }).toThrow('Cannot trust the kernel of "wrong": it gives a and its twin b');
});

test("measureKernel() measures both sides, and gives their memory back", async () => {
  const figures = await measureKernel(lineBench, options, memories);
  expect(figures.kernel.passes).toBeGreaterThanOrEqual(3);
  expect(figures.ratio).toBeCloseTo(figures.twin.medianMs / figures.kernel.medianMs);
  expect([memories.kernel.isLent, memories.twin.isLent]).toEqual([false, false]);
  expect(formatKernels([figures])).toContain("lines");
});
