// What happened in a run, as text: the last lines for people, and a hash over all of them, so that two runs of one
// seed can be compared.

const linesKept = 100;

/** Collect a run's lines. */
export class Trace {
  private readonly lines: string[] = [];
  private at = 0;
  private low = 0x811c9dc5;
  private high = 0x9e3779b9;
  /** How many lines there were. */
  count = 0;
  /** Called with each line, for `--trace`. */
  listener: ((line: string) => void) | undefined;

  /** Add a line with its virtual time. */
  add(atMs: number, line: string): void {
    const text = `${String(atMs).padStart(7)} ${line}`;
    this.hash(text);
    this.lines[this.at] = text;
    this.at = (this.at + 1) % linesKept;
    this.count += 1;
    this.listener?.(text);
  }

  /** Mix text into the hash without keeping it as a line. FNV-1a in two lanes of 32 bits. */
  hash(text: string): void {
    let low = this.low;
    let high = this.high;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b) ^ (low >>> 16);
    }
    this.low = low;
    this.high = high;
  }

  /** The last lines, oldest first. The caller owns the array. */
  last(): string[] {
    return [...this.lines.slice(this.at), ...this.lines.slice(0, this.at)];
  }

  /** 16 hexadecimal digits over all lines so far. */
  digest(): string {
    return hex(this.high) + hex(this.low);
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
