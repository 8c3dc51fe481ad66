// What the memory itself allows: answers `copy BYTES` and `read BYTES` (a read pass and a copy) with milliseconds.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static volatile uint64_t sink;

static void read_pass(const uint64_t *x, size_t words) {
  uint64_t sum[8] = {0};
  for (size_t i = 0; i + 8 <= words; i += 8)
    for (int lane = 0; lane < 8; lane++) sum[lane] += x[i + lane];
  for (int lane = 0; lane < 8; lane++) sink += sum[lane];
}

int main(void) {
  char kind[16];
  size_t bytes, have = 0;
  char *x = NULL, *y = NULL;
  while (scanf("%15s %zu", kind, &bytes) == 2) {
    if (bytes != have) {
      free(x);
      free(y);
      x = aligned_alloc(64, bytes);
      y = aligned_alloc(64, bytes);
      if (x == NULL || y == NULL) return 1;
      memset(x, 1, bytes);
      memset(y, 2, bytes);
      have = bytes;
    }
    double best = 0;
    // The first makes caches and pages warm.
    for (int run = 0; run < 2; run++) {
      double start = now();
      if (kind[0] == 'r') read_pass((const uint64_t *)x, bytes / 8);
      memcpy(y, x, bytes);
      best = now() - start;
      sink += (unsigned char)y[bytes / 2];
    }
    printf("%.6f\n", best);
    fflush(stdout);
  }
  return 0;
}
