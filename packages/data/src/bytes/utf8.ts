// Text to UTF-8 and back, quick for the short ASCII strings that most keys are. The platform's encoder has the rest.

// Web platform, not Node: declared here because the layer's compiler settings know neither's types.
declare const TextEncoder: new () => { encodeInto(text: string, into: Uint8Array): { readonly written: number } };
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
// ignoreBOM keeps EF BB BF as U+FEFF: bytes that went in come out.
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Beyond this many characters a call of the native encoder (about 40 ns) is quicker than a loop.
const loopCharactersMax = 32;

/**
 * Write text at `at`; `bytes` has room for three bytes a character. Lone surrogates become EF BF BD.
 *
 * @returns the place after it.
 */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length > loopCharactersMax) return at + encoder.encodeInto(text, bytes.subarray(at)).written;
  let place = at;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return place + encoder.encodeInto(text.slice(index), bytes.subarray(place)).written;
    bytes[place++] = unit;
  }
  return place;
}

/** Read UTF-8. @throws {TypeError} when the bytes are not well-formed. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > loopCharactersMax) return strictDecoder.decode(bytes.subarray(start, end));
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return strictDecoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
