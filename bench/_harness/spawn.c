/*
 * Runs commands one after another and prints what each took. posix_spawn of a small program costs a tenth of a
 * millisecond; a runtime that spawns costs more than what is measured.
 *
 *   spawn ROUNDS JOBS FILE
 *
 * FILE has a command per line, its words separated by tabs. JOBS = 1: for each command of each round a line
 *   INDEX WALL_NS USER_US SYS_US MAXRSS_KIB STATUS
 * JOBS > 1: the same commands, up to JOBS at a time, and one line for each round, INDEX -1.
 * JOBS = 0: one at a time, one line for each round. STATUS is 0, or 1 if any command failed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long us(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

static char **words(char *line) {
  int count = 2;
  for (char *c = line; *c; c++) count += *c == '\t';
  char **argv = calloc(count, sizeof *argv);
  int at = 0;
  for (char *word = strtok(line, "\t"); word; word = strtok(NULL, "\t")) argv[at++] = word;
  return argv;
}

static posix_spawn_file_actions_t quiet;

static pid_t start(char **argv) {
  pid_t pid;
  int error = posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ);
  if (error == 0) return pid;
  fprintf(stderr, "spawn: %s: %s\n", argv[0], strerror(error));
  exit(2);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int rounds = atoi(argv[1]), jobs = atoi(argv[2]);
  FILE *file = fopen(argv[3], "r");
  if (!file) return perror(argv[3]), 2;
  char ***commands = NULL;
  int count = 0;
  char *line = NULL;
  size_t room = 0;
  for (ssize_t length; (length = getline(&line, &room, file)) > 0; line = NULL, room = 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    commands = realloc(commands, (count + 1) * sizeof *commands);
    commands[count++] = words(line);
  }
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);

  for (int round = 0; round < rounds; round++) {
    if (jobs == 1) {
      for (int i = 0; i < count; i++) {
        int at = (i + round) % count, status;
        struct rusage used;
        long long from = now();
        wait4(start(commands[at]), &status, 0, &used);
        long long to = now();
        printf("%d %lld %lld %lld %ld %d\n", at, to - from, us(used.ru_utime), us(used.ru_stime), used.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
      }
      continue;
    }
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    int running = 0, failed = 0, status;
    long long from = now();
    for (int i = 0; i < count; i++) {
      for (; running >= (jobs ? jobs : 1); running--) failed |= wait(&status) < 0 || status != 0;
      start(commands[i]);
      running++;
    }
    for (; running > 0; running--) failed |= wait(&status) < 0 || status != 0;
    long long to = now();
    getrusage(RUSAGE_CHILDREN, &after);
    printf("-1 %lld %lld %lld %ld %d\n", to - from, us(after.ru_utime) - us(before.ru_utime),
           us(after.ru_stime) - us(before.ru_stime), after.ru_maxrss, failed);
  }
  return 0;
}
