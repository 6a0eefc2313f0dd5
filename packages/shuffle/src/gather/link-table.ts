// What is known of the ways to sources, by address, in bounded memory.

import { createLink, type LinkState } from "./link-coding.ts";

/** Know the links that were last asked for. */
export class LinkTable {
  readonly #links = new Map<string, LinkState>();
  readonly #linksMax: number;

  constructor(linksMax: number) {
    this.#linksMax = linksMax;
  }

  /** The link to an address, known or new. */
  of(address: string): LinkState {
    const link = this.#links.get(address) ?? createLink();
    // A map keeps its order: the one in front was asked for the longest ago.
    this.#links.delete(address);
    this.#links.set(address, link);
    if (this.#links.size > this.#linksMax) this.#links.delete(this.#links.keys().next().value ?? "");
    return link;
  }
}
