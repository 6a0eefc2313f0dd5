// For each status and minute of an access log hits, bytes and their 99th percentile; the 100 paths with the most bytes.
// Expects what the bench generates: no quote inside a field, sizes below 2^17, statuses of three digits.

#include "threads.h"

#define SIZES 65536
#define STAMP 17
#define TOP 100

struct minute {
  char stamp[STAMP + 1];
  uint32_t status, hits;
  uint64_t bytes;
  uint32_t *sizes;
  uint32_t used, room;
};
struct path {
  const uint8_t *begin;
  uint32_t length;
  uint64_t hash, bytes;
};
struct found {
  struct minute *minutes;
  size_t minute_mask, minute_count;
  struct path *paths;
  size_t path_mask;
};

static struct found found[THREADS_MAX];

static struct minute *minute_of(struct found *in, const char *stamp, uint32_t status) {
  size_t at = (hash_bytes((const uint8_t *)stamp, STAMP) + status) & in->minute_mask;
  for (;; at = (at + 1) & in->minute_mask) {
    struct minute *minute = &in->minutes[at];
    if (minute->hits == 0) {
      memcpy(minute->stamp, stamp, STAMP);
      minute->status = status;
      if (++in->minute_count > in->minute_mask / 2) fprintf(stderr, "too many minutes\n"), exit(1);
      return minute;
    }
    if (minute->status == status && memcmp(minute->stamp, stamp, STAMP) == 0) return minute;
  }
}

static struct path *path_of(struct found *in, const uint8_t *begin, uint32_t length, uint64_t hash) {
  for (size_t at = hash & in->path_mask;; at = (at + 1) & in->path_mask) {
    struct path *path = &in->paths[at];
    if (!path->begin) {
      *path = (struct path){begin, length, hash, 0};
      return path;
    }
    if (path->hash == hash && path->length == length && memcmp(path->begin, begin, length) == 0) return path;
  }
}

static void add_size(struct minute *minute, uint32_t size) {
  if (minute->used == minute->room) {
    minute->room = minute->room ? 2 * minute->room : 16;
    minute->sizes = realloc(minute->sizes, minute->room * sizeof *minute->sizes);
    if (!minute->sizes) stop("memory");
  }
  minute->sizes[minute->used++] = size;
  minute->bytes += size;
}

static void make_found(struct found *in) {
  in->minute_mask = (1 << 18) - 1;
  in->minutes = allocate((in->minute_mask + 1) * sizeof *in->minutes);
  in->path_mask = (1 << 17) - 1;
  in->paths = allocate((in->path_mask + 1) * sizeof *in->paths);
}

static void *scan(void *argument) {
  intptr_t index = (intptr_t)argument;
  struct found *in = &found[index];
  make_found(in);
  const uint8_t *at = input + line_begin(index), *end = input + line_begin(index + 1);
  struct minute *last = NULL;
  while (at < end) {
    const char *stamp = (const char *)memchr(at, '[', (size_t)(end - at)) + 1;
    const uint8_t *method = memchr(stamp, '"', 64);
    const uint8_t *path = (const uint8_t *)memchr(method, ' ', 16) + 1;
    const uint8_t *path_end = memchr(path, ' ', (size_t)(end - path));
    const uint8_t *field = (const uint8_t *)memchr(path_end, '"', 16) + 2;
    uint32_t status = (uint32_t)((field[0] - '0') * 100 + (field[1] - '0') * 10 + field[2] - '0');
    struct minute *minute = last;
    if (!minute || minute->status != status || memcmp(minute->stamp, stamp, STAMP) != 0)
      minute = minute_of(in, stamp, status);
    last = minute;
    minute->hits++;
    const uint8_t *digits = field + 4;
    uint32_t length = (uint32_t)(path_end - path);
    struct path *total = path_of(in, path, length, hash_bytes(path, length));
    if (*digits != '-') {
      uint32_t size = 0;
      for (; *digits != ' '; digits++) size = size * 10 + *digits - '0';
      add_size(minute, size);
      total->bytes += size;
    }
    const uint8_t *line_end = memchr(digits, '\n', (size_t)(end - digits));
    at = line_end ? line_end + 1 : end;
  }
  return NULL;
}

// The ceil(0.99 n)-th smallest.
static int64_t quantile(const uint32_t *sizes, uint32_t count, uint32_t *histogram) {
  if (count == 0) return -1;
  uint32_t most = 0;
  for (uint32_t index = 0; index < count; index++) {
    histogram[sizes[index] % SIZES]++;
    if (sizes[index] > most) most = sizes[index];
  }
  if (most >= SIZES) fprintf(stderr, "sizes above %d\n", SIZES), exit(1);
  uint32_t above = count - (uint32_t)(((uint64_t)count * 99 + 99) / 100);
  int64_t size = most;
  for (uint32_t seen = histogram[size]; seen <= above; seen += histogram[size]) size--;
  memset(histogram, 0, (most + 1) * sizeof *histogram);
  return size;
}

static int by_bytes(const void *left, const void *right) {
  const struct path *a = left, *b = right;
  return a->bytes < b->bytes ? 1 : a->bytes > b->bytes ? -1 : 0;
}

int main(void) {
  open_input();
  for_each_thread(scan);
  struct found *all = &found[0];
  for (int index = 1; index < thread_count; index++) {
    struct found *other = &found[index];
    for (size_t at = 0; at <= other->minute_mask; at++) {
      struct minute *from = &other->minutes[at];
      if (from->hits == 0) continue;
      struct minute *into = minute_of(all, from->stamp, from->status);
      into->hits += from->hits;
      for (uint32_t size = 0; size < from->used; size++) add_size(into, from->sizes[size]);
    }
    for (size_t at = 0; at <= other->path_mask; at++) {
      struct path *from = &other->paths[at];
      if (from->begin) path_of(all, from->begin, from->length, from->hash)->bytes += from->bytes;
    }
  }
  char folder[4096];
  snprintf(folder, sizeof folder, "%s/minutes", getenv("OUT"));
  FILE *file = open_part(folder, 0);
  uint32_t *histogram = allocate(SIZES * sizeof *histogram);
  for (size_t at = 0; at <= all->minute_mask; at++) {
    struct minute *minute = &all->minutes[at];
    if (minute->hits)
      fprintf(file, "%u\t%s\t%u\t%lu\t%ld\n", minute->status, minute->stamp, minute->hits, minute->bytes,
              (long)quantile(minute->sizes, minute->used, histogram));
  }
  if (fclose(file) != 0) stop("output");
  qsort(all->paths, all->path_mask + 1, sizeof *all->paths, by_bytes);
  snprintf(folder, sizeof folder, "%s/paths", getenv("OUT"));
  file = open_part(folder, 0);
  for (int at = 0; at < TOP && all->paths[at].begin; at++)
    fprintf(file, "%.*s\t%lu\n", (int)all->paths[at].length, all->paths[at].begin, all->paths[at].bytes);
  return fclose(file) == 0 ? 0 : 1;
}
