// Bytes that Hadoop 3.4.2 wrote, in base64. Each is a fact; tests need no Hadoop. What wrote them, with Hadoop's jars on the
// class path: for texts
//
//   CompressionOutputStream s = codec.createOutputStream(out);
//   s.write("a line of a line of a line\n".repeat(4).getBytes(UTF_8)); s.close();
//
// and for SequenceFiles, with io.seqfile.compress.blocksize = 40 and, uncompressed, a metadata text made-by = hadoop,
//
//   Writer w = SequenceFile.createWriter(conf, file(path), keyClass(LongWritable.class), valueClass(Text.class),
//       syncInterval(60), compression(type, codec));
//   for (int i = 0; i < 6; i++) w.append(new LongWritable(i * -1000000000L), new Text("\u00fc" + i));

/** What the texts below hold. */
export const hadoopText = "a line of a line of a line\n".repeat(4);

/** Content of a stream of each codec, and an empty one. */
export const hadoopTexts = {
  zlib: { text: "eJxLVMjJzEtVyE9TSERjcaELUCwFAG9fIr0=", empty: "eJwDAAAAAAE=" },
  gzip: { text: "H4sIAAAAAAAAAEtUyMnMS1XIT1NIRGNxoQtQLAUAI1pNA2wAAAA=", empty: "H4sIAAAAAAAAAAMAAAAAAAAAAAA=" },
  bzip2: {
    text: "QlpoOTFBWSZTWVB0XJ0AABXRAAAQQAAjJaAAMQZMQFSo3qGmiik/FFOkwYSkwnw8LuSKcKEgoOi5Og==",
    empty: "QlpoORdyRThQkAAAAAA=",
  },
  snappy: { text: "AAAAbAAAABlsJGEgbGluZSBvZiA+CgAACj4RABkl2hsA", empty: "AAAAAA==" },
  lz4: { text: "AAAAbAAAAB6sYSBsaW5lIG9mIAoAHAoRAAYlAA8bAB9QbGluZQo=", empty: "AAAAAA==" },
} as const;

/** Pairs that the SequenceFiles below hold. */
export const hadoopPairs = Array.from({ length: 6 }, (_none, index) => ({
  key: index === 0 ? 0 : index * -1_000_000_000,
  value: `\u00fc${index}`,
}));

/** SequenceFiles of these pairs by compression and codec. */
export const hadoopSequenceFiles = {
  none:
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAAAAAAAAQdtYWRl" +
    "LWJ5BmhhZG9vcOVIb6YG/lJh9xA7ZUcK0kn/////5Uhvpgb+UmH3EDtlRwrSSQAAAAwAAAAIAAAAAAAAAAADw7wwAAAADAAAAAj/" +
    "////xGU2AAPDvDEAAAAMAAAACP////+IymwAA8O8Mv/////lSG+mBv5SYfcQO2VHCtJJAAAADAAAAAj/////TS+iAAPDvDMAAAAM" +
    "AAAACP////8RlNgAA8O8NAAAAAwAAAAI/////tX6DgADw7w1",
  "record zlib":
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAEAKm9yZy5hcGFj" +
    "aGUuaGFkb29wLmlvLmNvbXByZXNzLkRlZmF1bHRDb2RlYwAAAACXjS1/ZOZhAvhuSE756nHh/////5eNLX9k5mEC+G5ITvnqceEA" +
    "AAAUAAAACAAAAAAAAAAAeJxjPrzHAAAEAQGzAAAAFAAAAAj/////xGU2AHicYz68xxAABAIBtAAAABQAAAAI/////4jKbAB4nGM+" +
    "vMcIAAQDAbX/////l40tf2TmYQL4bkhO+epx4QAAABQAAAAI/////00vogB4nGM+vMcYAAQEAbYAAAAUAAAACP////8RlNgAeJxj" +
    "PrzHBAAEBQG3AAAAFAAAAAj////+1foOAHicYz68xxQABAYBuA==",
  "block zlib":
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAEBKm9yZy5hcGFj" +
    "aGUuaGFkb29wLmlvLmNvbXByZXNzLkRlZmF1bHRDb2RlYwAAAACveVvtSfAfDkKkbwFokZJF/////695W+1J8B8OQqRvAWiRkkUE" +
    "DHic4+Dg4AAAAFQAIRt4nGNggID/QHAk1QxMd5zKAdO++osYAN5YEDAMeJxjYWFhAQAALAARFXicYz68x4D58B5DIDYCYmMAOMoG" +
    "z/////+veVvtSfAfDkKkbwFokZJFAgp4nOPgAAAAGgARF3ic+////3/BKTcYgNS/q7/4GABprQtSCnicY2EBAAAOAAkQeJxjPrzH" +
    "hPnwHlMADuMDbg==",
  "block bzip2":
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAEBKG9yZy5hcGFj" +
    "aGUuaGFkb29wLmlvLmNvbXByZXNzLkJaaXAyQ29kZWMAAAAAW6Bq9U6OsY4mPfcOUMzfw/////9boGr1To6xjiY99w5QzN/DBCZC" +
    "Wmg5MUFZJlNZY5RwXAAAAkAAQEAgADCAQQWLuSKcKEgxyjguAEdCWmg5MUFZJlNZaM/sHAAAAN1UxAAAAIEAAAICBABAEAAEEAAA" +
    "oAAxA0DQGjUabU2ikBwvctHGcl/gAh6LuSKcKEg0Z/YOACZCWmg5MUFZJlNZFUyL6AAAAkAARAAgADCAQQWLuSKcKEgKpkX0ADJC" +
    "Wmg5MUFZJlNZRuxg4gAAAEgMCAB4AAAECAAgADEMAJTRiPecChQ8XckU4UJBG7GDiP////9boGr1To6xjiY99w5QzN/DAiVCWmg5" +
    "MUFZJlNZUwg1aAAAAEAAAEAgADCMI2F3JFOFCQUwg1aANkJaaDkxQVkmU1nrzKRCAAAIYCLAASAABAACQAARoAAiAabUIMmIOx6h" +
    "hEqPF3JFOFCQ68ykQiVCWmg5MUFZJlNZqWjM9wAAAEAABAAgADCMI2F3JFOFCQqWjM9wL0JaaDkxQVkmU1k6VRFwAAAASAwIAAYA" +
    "AAQIACAAMM0AkBJTGOLuSKcKEgdKoi4A",
  "block snappy":
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAEBKW9yZy5hcGFj" +
    "aGUuaGFkb29wLmlvLmNvbXByZXNzLlNuYXBweUNvZGVjAAAAABmxvpvw5UfUb6zOnSWcbzr/////GbG+m/DlR9RvrM6dJZxvOgQO" +
    "AAAABAAAAAYEDAgICAgkAAAAIAAAABwgAAANARj/////xGU2BQgsiMpsAP////9NL6IADgAAAAQAAAAGBAwEBAQEGgAAABAAAAAS" +
    "EDwDw7wwA8O8MQPDvDIDw7wz/////xmxvpvw5UfUb6zOnSWcbzoCDAAAAAIAAAAEAgQICBoAAAAQAAAAEhA8/////xGU2AD////+" +
    "1foOAAwAAAACAAAABAIEBAQSAAAACAAAAAoIHAPDvDQDw7w1",
  "block lz4":
    "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAEBJm9yZy5hcGFj" +
    "aGUuaGFkb29wLmlvLmNvbXByZXNzLkx6NENvZGVjAAAAAL8OYgdH2EUDXWRn8h8Veyz/////vw5iB0fYRQNdZGfyHxV7LAQNAAAA" +
    "BAAAAAVACAgICCMAAAAgAAAAGxMAAQBx/////8RlNggAwIjKbAD/////TS+iAA0AAAAEAAAABUAEBAQEGgAAABAAAAAS8AEDw7ww" +
    "A8O8MQPDvDIDw7wz/////78OYgdH2EUDXWRn8h8VeywCCwAAAAIAAAADIAgIGgAAABAAAAAS8AH/////EZTYAP////7V+g4ACwAA" +
    "AAIAAAADIAQEEQAAAAgAAAAJgAPDvDQDw7w1",
} as const;

/** NullWritable and BytesWritable: the bytes 1, 2, 255, and none. */
export const hadoopNullBytes =
  "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5OdWxsV3JpdGFibGUib3JnLmFwYWNoZS5oYWRvb3AuaW8uQnl0ZXNXcml0YWJsZQAA" +
  "AAAAABhNqrSbjATgsV9Ef6yICeEAAAAHAAAAAAAAAAMBAv8AAAAEAAAAAAAAAAA=";

/** Text and IntWritable, compression by block, no record. */
export const hadoopEmptyBlocks =
  "U0VRBhlvcmcuYXBhY2hlLmhhZG9vcC5pby5UZXh0IG9yZy5hcGFjaGUuaGFkb29wLmlvLkludFdyaXRhYmxlAQEqb3JnLmFwYWNo" +
  "ZS5oYWRvb3AuaW8uY29tcHJlc3MuRGVmYXVsdENvZGVjAAAAANYNcMDlRaHbEXIZQ17AALI=";

/** Bytes of a text above. */
export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
