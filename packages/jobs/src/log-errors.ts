// What went wrong, and how often: lines of any log, grouped by what is the same in them. Shipped as `log-errors`. No type
// syntax in a shipped job: its file is run as it stands.

import { jsonLines, textLines } from "@millrace/formats";
import {
  boolean,
  chain,
  count,
  defineJob,
  fields,
  first,
  int,
  last,
  object,
  optional,
  pattern,
  records,
  text,
  tuple,
} from "@millrace/sdk";

/** Characters of a template and of a sample: a line of megabytes is known by its begin. */
const charactersMax = 1000;

/** What differs between lines of one kind, in the order in which it is masked. */
const masks = [
  { form: /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?/gu, mask: "<time>" },
  { form: /\b\d\d\/[A-Z][a-z][a-z]\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?/gu, mask: "<time>" },
  { form: /\b[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d/gu, mask: "<time>" },
  { form: /\b\d\d:\d\d:\d\d(?:[.,]\d+)?/gu, mask: "<time>" },
  { form: /"(?:[^"\\]|\\.)*"/gu, mask: "<text>" },
  { form: /(?<![\p{L}\d])'(?:[^'\\]|\\.)*'(?![\p{L}\d])/gu, mask: "<text>" },
  { form: /\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b/gu, mask: "<id>" },
  { form: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.]*\w)/gu, mask: "<ip>" },
  {
    form: /(?<![\w:.])(?=[a-fA-F:]*\d)(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])/gu,
    mask: "<ip>",
  },
  { form: /\b0[xX][0-9a-fA-F]+\b/gu, mask: "<hex>" },
  // Letters and digits mixed, such as a commit or a trace; words of hexadecimal letters alone stay.
  { form: /\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}\b/gu, mask: "<hex>" },
  { form: /(?<![\p{L}_\d])[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?/gu, mask: "<n>" },
  { form: /(?<=[\p{L}_])\d+/gu, mask: "<n>" },
];

/** A line with what differs between lines of its kind masked. */
const templateOf = (line = "") => masks.reduce((text, { form, mask }) => text.replace(form, mask), line);

/** The begin of a text, without half a character at its end. */
const cut = (line = "") => (line.length > charactersMax ? line.slice(0, charactersMax).toWellFormed() : line);

const sampled = { first: optional(text()), last: optional(text()) };
const templates = records(object({ key: text(), value: object({ count: int(), ...sampled }) }));

const grouped = defineJob({
  name: "log-errors-templates",
  params: {
    pattern: pattern({
      default: "\\b(?:errors?|fatal|crit(?:ical)?|emerg|panic|exceptions?|fail(?:ed|ure)?|traceback)\\b",
      about: "a JavaScript regular expression: only lines in which it is found",
    }),
    ignoreCase: boolean({ default: true, about: "whether A matches a" }),
  },
  setup: ({ params }) => new RegExp(params.pattern, params.ignoreCase ? "iu" : "u"),
  input: textLines(),
  map: (line, emit, { state }) => {
    if (!state.test(line)) return;
    const sample = cut(line);
    emit(cut(templateOf(sample)), { first: sample, last: sample });
  },
  reduce: fields({ count: count(), first: first(text()), last: last(text()) }),
  output: templates,
});

/**
 * Count lines of a log that tell of an error by their templates, in which times, addresses, ids, hexadecimal and other
 * numbers and quoted texts are masked: rows of count, template and the first and last such line of the input, the most
 * frequent first, equally frequent ones by the bytes of the template, in one part file.
 */
const ranked = defineJob({
  name: "log-errors",
  params: { top: int({ default: 1000, min: 1, max: 100_000, about: "how many templates to write" }) },
  setup: () => ({ written: 0 }),
  input: templates,
  key: tuple(int(), text()),
  value: object(sampled),
  map: ({ key, value }, emit) => emit([-value.count, key], { first: value.first, last: value.last }),
  reduces: 1,
  reduce: ([negative, template], samples, emit, { params, state }) => {
    state.written += 1;
    if (state.written > params.top) return;
    for (const sample of samples) emit({ count: -negative, template, ...sample });
  },
  output: jsonLines(),
});

export default chain(grouped, ranked);
