// Values in messages: quoted and escaped, so that an odd path cannot break a line of a log, and cut, so that it ends.

/** 300 characters: room for any path a person would read; HDFS allows 8000. */
const charactersMax = 300;

/** Put a value in double quotes, with control characters escaped, cut at 300 characters. */
export function quote(value: string): string {
  return JSON.stringify(value.length > charactersMax ? `${value.slice(0, charactersMax)}…` : value);
}

/** What is kept of the end of a long line: there a message that quotes a long path says what is wrong with it. */
const tailCharacters = 100;

/** The first line of a text from a server, cut in its middle to 300 characters: Java puts stack traces into messages. */
export function firstLine(text: string): string {
  const line = (text.split(/[\r\n]/u, 1)[0] ?? "").replaceAll(/\p{Cc}/gu, " ").trim();
  if (line.length <= charactersMax) return line;
  return `${line.slice(0, charactersMax - tailCharacters)}…${line.slice(-tailCharacters)}`;
}

/** What a page says, without its markup, cut at 120 characters; empty if it says nothing. */
export function pageText(page: string): string {
  const start = page.slice(0, 10_000).replaceAll(/<style[\s\S]*?<\/style>|<[^>]*>/giu, " ");
  const text = start.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
