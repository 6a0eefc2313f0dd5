import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../src/event-queue.ts";

test("EventQueue gives acts by time, and acts of one time in the order in which they came", () => {
  assert(
    property(array(integer({ min: 0, max: 9 })), (times) => {
      const queue = new EventQueue();
      const ran: [number, number][] = [];
      times.forEach((time, index) => queue.push(time, () => void ran.push([time, index])));
      for (let act = queue.pop(); act !== undefined; act = queue.pop()) act();
      const sorted = times
        .map((time, index): [number, number] => [time, index])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(ran).toEqual(sorted);
      expect(queue.size).toBe(0);
    }),
  );
});

test("EventQueue takes acts while it gives others", () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  queue.push(5, () => void ran.push("five"));
  queue.push(1, () => queue.push(3, () => void ran.push("three")));
  for (let act = queue.pop(); act !== undefined; act = queue.pop()) act();
  expect(ran).toEqual(["three", "five"]);
});
