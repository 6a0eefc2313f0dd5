// A file mapped into memory, threads that each do a share of the work, part files, a stop with a reason.

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS_MAX 64

static const uint8_t *input;
static size_t input_size;
static int thread_count;

static void stop(const char *reason) {
  perror(reason);
  exit(1);
}

static void *allocate(size_t bytes) {
  void *memory = calloc(1, bytes ? bytes : 1);
  if (!memory) stop("memory");
  return memory;
}

static void open_input(void) {
  const char *threads = getenv("THREADS");
  thread_count = threads ? atoi(threads) : 1;
  if (thread_count < 1 || thread_count > THREADS_MAX) thread_count = 1;
  int file = open(getenv("IN"), O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) stop("input");
  input_size = (size_t)status.st_size;
  input = mmap(NULL, input_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (input == MAP_FAILED) stop("map");
  close(file);
}

static void for_each_thread(void *(*work)(void *)) {
  pthread_t threads[THREADS_MAX];
  for (intptr_t index = 0; index < thread_count; index++)
    if (pthread_create(&threads[index], NULL, work, (void *)index) != 0) stop("thread");
  for (int index = 0; index < thread_count; index++) pthread_join(threads[index], NULL);
}

// Where the lines of a thread begin: behind the line end that follows its share of the bytes.
static size_t line_begin(intptr_t index) {
  if (index == 0) return 0;
  if (index == thread_count) return input_size;
  size_t at = input_size / (size_t)thread_count * (size_t)index;
  const uint8_t *end = memchr(input + at, '\n', input_size - at);
  return end ? (size_t)(end - input) + 1 : input_size;
}

static FILE *open_part(const char *folder, intptr_t index) {
  char path[4096];
  mkdir(folder, 0777);
  snprintf(path, sizeof path, "%s/part-%03ld", folder, (long)index);
  FILE *file = fopen(path, "w");
  if (!file) stop(path);
  setvbuf(file, NULL, _IOFBF, 1 << 20);
  return file;
}

static inline uint64_t mix(uint64_t value) {
  value ^= value >> 32;
  value *= 0xd6e8feb86659fd93ull;
  value ^= value >> 32;
  return value;
}

static inline uint64_t hash_bytes(const uint8_t *bytes, size_t length) {
  uint64_t hash = length * 0x9e3779b97f4a7c15ull, word;
  for (; length >= 8; bytes += 8, length -= 8) {
    memcpy(&word, bytes, 8);
    hash = mix(hash ^ word);
  }
  word = 0;
  memcpy(&word, bytes, length);
  return mix(hash ^ word ^ 0xa0761d6478bd642full);
}
