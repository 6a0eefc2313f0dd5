// How often each word occurs. Each thread has a table of its own; the tables are then joined by parts of the hashes.

#include "threads.h"

#define BATCH 64

struct slot {
  uint64_t hash;
  const uint8_t *word;
  uint32_t length;
  uint32_t count;
};
struct table {
  struct slot *slots;
  size_t mask, used;
};
struct word {
  uint64_t hash;
  const uint8_t *begin;
  uint32_t length;
};

static struct table tables[THREADS_MAX];

static struct table make_table(size_t slots) {
  return (struct table){allocate(slots * sizeof(struct slot)), slots - 1, 0};
}

static void add(struct table *table, struct word word, uint32_t count);

static void grow(struct table *table) {
  struct table larger = make_table(2 * (table->mask + 1));
  for (size_t at = 0; at <= table->mask; at++) {
    struct slot *slot = &table->slots[at];
    if (slot->word) add(&larger, (struct word){slot->hash, slot->word, slot->length}, slot->count);
  }
  free(table->slots);
  *table = larger;
}

static void add(struct table *table, struct word word, uint32_t count) {
  for (size_t at = word.hash & table->mask;; at = (at + 1) & table->mask) {
    struct slot *slot = &table->slots[at];
    if (!slot->word) {
      *slot = (struct slot){word.hash, word.begin, word.length, count};
      if (++table->used * 2 > table->mask) grow(table);
      return;
    }
    if (slot->hash == word.hash && slot->length == word.length && memcmp(slot->word, word.begin, word.length) == 0) {
      slot->count += count;
      return;
    }
  }
}

// Hash many, ask for their slots, then look: misses of the cache overlap.
static void add_batch(struct table *table, const struct word *words, int count) {
  for (int index = 0; index < count; index++) __builtin_prefetch(&table->slots[words[index].hash & table->mask]);
  for (int index = 0; index < count; index++) add(table, words[index], 1);
}

static inline int is_blank(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13); }

static void *count_words(void *argument) {
  intptr_t index = (intptr_t)argument;
  struct table *table = &tables[index];
  *table = make_table(1 << 20);
  struct word words[BATCH];
  int filled = 0;
  const uint8_t *at = input + line_begin(index), *end = input + line_begin(index + 1);
  while (at < end) {
    while (at < end && is_blank(*at)) at++;
    const uint8_t *begin = at;
    while (at < end && !is_blank(*at)) at++;
    if (at == begin) break;
    size_t length = (size_t)(at - begin);
    words[filled++] = (struct word){hash_bytes(begin, length), begin, (uint32_t)length};
    if (filled == BATCH) add_batch(table, words, filled), filled = 0;
  }
  add_batch(table, words, filled);
  return NULL;
}

// Join the words whose hash falls to this thread, and write them.
static void *join_tables(void *argument) {
  intptr_t index = (intptr_t)argument;
  struct table joined = make_table(1 << 16);
  for (int other = 0; other < thread_count; other++)
    for (size_t at = 0; at <= tables[other].mask; at++) {
      struct slot *slot = &tables[other].slots[at];
      if (slot->word && (slot->hash >> 40) % (uint64_t)thread_count == (uint64_t)index)
        add(&joined, (struct word){slot->hash, slot->word, slot->length}, slot->count);
    }
  FILE *file = open_part(getenv("OUT"), index);
  for (size_t at = 0; at <= joined.mask; at++) {
    struct slot *slot = &joined.slots[at];
    if (slot->word) fprintf(file, "%.*s\t%u\n", (int)slot->length, slot->word, slot->count);
  }
  if (fclose(file) != 0) stop("output");
  return NULL;
}

int main(void) {
  open_input();
  for_each_thread(count_words);
  for_each_thread(join_tables);
  return 0;
}
