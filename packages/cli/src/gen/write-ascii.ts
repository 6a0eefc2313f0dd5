// Writing text into a buffer, byte by byte: generators write no strings.

/** Write a whole number from 0 in decimal. @returns the place after it. */
export function writeNumber(into: Uint8Array, offset: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  let rest = value;
  for (let index = digits - 1; index >= 0; index -= 1) {
    into[offset + index] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return offset + digits;
}

/** Copy bytes: a loop, which for so few is quicker than a call. @returns the place after them. */
export function append(into: Uint8Array, offset: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index += 1) into[offset + index] = bytes[index] ?? 0;
  return offset + bytes.length;
}

/** Characters of ASCII as bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
