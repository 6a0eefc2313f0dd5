import { describe, expect, it } from "vitest";
import type { TaskView, WaitView } from "@millrace/core";
import { textsBeside } from "../../src/commands/task.ts";

const wait = (reason: string, text: string): WaitView => ({ reason, text, deadlineInMs: 1 });
const task = (waits?: WaitView): TaskView => ({
  stage: 0,
  task: 0,
  state: "waiting",
  attempts: [],
  ...(waits === undefined ? {} : { wait: waits }),
});

describe("textsBeside()", () => {
  const ofJob = [wait("storage", "storage is slow"), wait("no-slot", "12 task(s) wait, 2 attempt(s) run")];

  it("gives once what the notes of tasks only hint at", () => {
    const tasks = [task(wait("no-slot", "waits for a slot")), task(wait("no-slot", "waits for a slot"))];
    expect(textsBeside(ofJob, tasks)).toEqual(["12 task(s) wait, 2 attempt(s) run"]);
  });

  it("gives nothing that a note says in full, or that no listed task waits for", () => {
    expect(textsBeside(ofJob, [task(), task(wait("storage", "storage is slow"))])).toEqual([]);
  });
});
