// Rows of 100 bytes by their first 10: a radix pass by 16 bits into one list for each thread's range of keys, then each
// range by its prefixes, written as one part.

#include "threads.h"

#define ROW 100

struct entry {
  uint64_t prefix;
  uint32_t row;
  uint32_t tail;
};

static struct entry *entries;
static size_t row_count;
static size_t begins[65537];

static inline struct entry entry_of(size_t row) {
  const uint8_t *key = input + row * ROW;
  uint64_t prefix;
  uint16_t tail;
  memcpy(&prefix, key, 8);
  memcpy(&tail, key + 8, 2);
  return (struct entry){__builtin_bswap64(prefix), (uint32_t)row, __builtin_bswap16(tail)};
}

static int compare(const void *left, const void *right) {
  const struct entry *a = left, *b = right;
  if (a->prefix != b->prefix) return a->prefix < b->prefix ? -1 : 1;
  if (a->tail != b->tail) return a->tail < b->tail ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static void place_rows(void) {
  size_t *counts = allocate(65536 * sizeof *counts);
  for (size_t row = 0; row < row_count; row++) counts[entry_of(row).prefix >> 48]++;
  for (size_t bucket = 0; bucket < 65536; bucket++) {
    begins[bucket + 1] = begins[bucket] + counts[bucket];
    counts[bucket] = begins[bucket];
  }
  for (size_t row = 0; row < row_count; row++) {
    struct entry entry = entry_of(row);
    entries[counts[entry.prefix >> 48]++] = entry;
  }
  free(counts);
}

static void *sort_share(void *argument) {
  intptr_t index = (intptr_t)argument;
  // Two parts for a thread, four in all on two.
  for (intptr_t part = 2 * index; part < 2 * index + 2; part++) {
    FILE *file = open_part(getenv("OUT"), part);
    size_t first = 65536 * (size_t)part / (2 * (size_t)thread_count);
    size_t last = 65536 * ((size_t)part + 1) / (2 * (size_t)thread_count);
    for (size_t bucket = first; bucket < last; bucket++) {
      qsort(entries + begins[bucket], begins[bucket + 1] - begins[bucket], sizeof *entries, compare);
      for (size_t at = begins[bucket]; at < begins[bucket + 1]; at++) {
        if (at + 8 < row_count) __builtin_prefetch(input + (size_t)entries[at + 8].row * ROW);
        fwrite_unlocked(input + (size_t)entries[at].row * ROW, ROW, 1, file);
      }
    }
    if (fclose(file) != 0) stop("output");
  }
  return NULL;
}

int main(void) {
  open_input();
  row_count = input_size / ROW;
  entries = allocate(row_count * sizeof *entries);
  place_rows();
  for_each_thread(sort_share);
  return 0;
}
