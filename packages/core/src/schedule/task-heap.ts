// A priority queue of task indexes: the task with most bytes first, the lower index among equals.
// Entries are never searched for: whoever takes one checks whether it still waits.

/** A binary heap of task indexes. */
export interface TaskHeap {
  readonly entries: number[];
  /** Work of each task, by index; a reduce stage has none and goes by index. */
  readonly bytesOf: (task: number) => number;
}

/** Make an empty heap. */
export function createTaskHeap(bytesOf: (task: number) => number): TaskHeap {
  return { entries: [], bytesOf };
}

/** Add a task. Logarithmic. */
export function pushTask(heap: TaskHeap, task: number): void {
  const { entries } = heap;
  let index = entries.push(task) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!goesBefore(heap, index, parent)) return;
    swap(entries, index, parent);
    index = parent;
  }
}

/** Look at the first task. @returns undefined when the heap is empty. */
export function peekTask(heap: TaskHeap): number | undefined {
  return heap.entries[0];
}

/** Take the first task out. Logarithmic. @returns undefined when the heap is empty. */
export function popTask(heap: TaskHeap): number | undefined {
  const { entries } = heap;
  const first = entries[0];
  const last = entries.pop();
  if (first === undefined || last === undefined || entries.length === 0) return first;
  entries[0] = last;
  sink(heap);
  return first;
}

function sink(heap: TaskHeap): void {
  const { entries } = heap;
  let index = 0;
  for (;;) {
    let best = index;
    for (const child of [2 * index + 1, 2 * index + 2]) {
      if (child < entries.length && goesBefore(heap, child, best)) best = child;
    }
    if (best === index) return;
    swap(entries, index, best);
    index = best;
  }
}

function goesBefore(heap: TaskHeap, a: number, b: number): boolean {
  const first = heap.entries[a] ?? 0;
  const second = heap.entries[b] ?? 0;
  const difference = heap.bytesOf(first) - heap.bytesOf(second);
  return difference === 0 ? first < second : difference > 0;
}

function swap(entries: number[], a: number, b: number): void {
  const kept = entries[a] ?? 0;
  entries[a] = entries[b] ?? 0;
  entries[b] = kept;
}
