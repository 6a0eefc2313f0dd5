// One file of Hadoop's configuration as XML: properties and includes in the order in which they stand. What they mean
// together is hadoop-configuration.ts's affair.

import { DOMParser } from "@xmldom/xmldom";
import type { Element } from "@xmldom/xmldom";

/** What stands in a configuration file, in its order. */
export type HadoopXmlEntry =
  /** `value` is undefined where the property has none: it then says nothing but, perhaps, that it is final. */
  | { readonly kind: "property"; readonly name: string; readonly value: string | undefined; readonly final: boolean }
  /** `xi:include`; with `optional` (an `xi:fallback`) what is missing is passed over. */
  | { readonly kind: "include"; readonly href: string; readonly optional: boolean };

/** Properties may be a file of their own that another includes, a list below `configuration`, or lists within it. */
const nestedElement = "configuration";

/**
 * Parse one file. External entities are never read.
 * @throws {Error} with a line for people when it is no XML, or not Hadoop's.
 * @see Hadoop's `Configuration.Parser`
 */
export function parseHadoopXml(text: string): readonly HadoopXmlEntry[] {
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== "warning") throw new Error(firstLine(message));
    },
  });
  const root = parser.parseFromString(text.replace(/^\uFEFF/u, ""), "text/xml").documentElement;
  if (root === null) throw new Error("it has no element");
  if (root.localName === "property") return readElement(root);
  if (root.localName !== nestedElement) throw new Error(`it begins with <${root.tagName}>, not <configuration>`);
  return readAll(root);
}

function readAll(parent: Element): readonly HadoopXmlEntry[] {
  return childElements(parent).flatMap(readElement);
}

function readElement(element: Element): readonly HadoopXmlEntry[] {
  const { localName } = element;
  if (localName === "property") return readProperty(element);
  if (localName === "include") return [readInclude(element)];
  return localName === nestedElement ? readAll(element) : [];
}

/** Hadoop also takes `<property name="…" value="…" final="…"/>`. */
function readProperty(element: Element): readonly HadoopXmlEntry[] {
  const name = (childText(element, "name") ?? element.getAttribute("name") ?? "").trim();
  if (name === "") return [];
  const value = childText(element, "value") ?? element.getAttribute("value") ?? undefined;
  const final = (childText(element, "final") ?? element.getAttribute("final") ?? "").trim() === "true";
  return [{ kind: "property", name, value, final }];
}

function readInclude(element: Element): HadoopXmlEntry {
  const href = element.getAttribute("href") ?? "";
  if (href === "") throw new Error("it has an include without href");
  const optional = childElements(element).some((child) => child.localName === "fallback");
  return { kind: "include", href, optional };
}

function childText(element: Element, name: string): string | undefined {
  return childElements(element).find((child) => child.localName === name)?.textContent ?? undefined;
}

function childElements(parent: Element): readonly Element[] {
  const elements: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === node.ELEMENT_NODE) elements.push(node as Element);
  }
  return elements;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
