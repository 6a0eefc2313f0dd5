// Checked access to the JSON of a reply: what is not there or not of the type is told by its name, not found out later.

/** Say which part of a reply is not what WebHDFS sends. The call that reads the reply makes a `WebHdfsError` of it. */
export class ReplyShapeError extends Error {
  override readonly name = "ReplyShapeError";
}

/** A place in the JSON of a reply. */
export class Reply {
  readonly value: unknown;
  readonly #at: string;

  constructor(value: unknown, at = "reply") {
    this.value = value;
    this.#at = at;
  }

  /** Go to a field that must be there. */
  get(name: string): Reply {
    const found = this.find(name);
    if (found === undefined) throw new ReplyShapeError(`"${this.#at}" has no field "${name}"`);
    return found;
  }

  /** Go to a field, if there is one that is not null. */
  find(name: string): Reply | undefined {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw new ReplyShapeError(`"${this.#at}" is not an object`);
    }
    if (!Object.hasOwn(this.value, name)) return undefined;
    const value = (this.value as Record<string, unknown>)[name];
    return value === undefined || value === null ? undefined : new Reply(value, `${this.#at}.${name}`);
  }

  string(): string {
    if (typeof this.value !== "string") throw new ReplyShapeError(`"${this.#at}" is not a string`);
    return this.value;
  }

  /** A number; longs beyond 2^53 have lost their last digits in JSON already. */
  number(): number {
    if (typeof this.value !== "number") throw new ReplyShapeError(`"${this.#at}" is not a number`);
    return this.value;
  }

  /** A count or length: a whole number from 0 that is exact. A file of -1 bytes would be read without an error. */
  count(): number {
    const value = this.number();
    if (!Number.isSafeInteger(value) || value < 0) throw new ReplyShapeError(`"${this.#at}" is ${value}, no count`);
    return value;
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") throw new ReplyShapeError(`"${this.#at}" is not true or false`);
    return this.value;
  }

  items(): readonly Reply[] {
    if (!Array.isArray(this.value)) throw new ReplyShapeError(`"${this.#at}" is not a list`);
    return this.value.map((item, index) => new Reply(item, `${this.#at}[${index}]`));
  }

  strings(): readonly string[] {
    return this.items().map((item) => item.string());
  }

  /** Fields of an object, in the order of the reply. */
  entries(): readonly (readonly [string, Reply])[] {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw new ReplyShapeError(`"${this.#at}" is not an object`);
    }
    return Object.entries(this.value).map(([name, value]) => [name, new Reply(value, `${this.#at}.${name}`)]);
  }
}
