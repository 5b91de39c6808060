/*
 * Runs commands one after another and prints what each took. posix_spawn of a small program costs a tenth of a
 * millisecond; a runtime that spawns costs more than what is measured.
 *
 *   spawn ROUNDS JOBS FILE
 *
 * FILE has a command per line, its words separated by tabs. Before the program may stand
 *   -e NAME=VALUE   the environment, instead of the runner's own; any number of them
 *   -i FILE         standard input, instead of /dev/null
 *   -a FILE         a part of standard input: all parts, in their order, are written to the file of -i before the start
 *   -o FILE         standard output, instead of /dev/null
 *   +               goes on with the command before it: one job, its commands in turn
 * JOBS = 1: for each command of each round a line
 *   INDEX WALL_NS USER_US SYS_US MAXRSS_KIB STATUS
 * JOBS > 1: the same commands, up to JOBS jobs at a time, and one line for each round, INDEX -1.
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

struct command {
  char **argv, **env, **parts;
  char *in, *out;
  int follows;
};

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long us(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

static void stop(const char *what) {
  perror(what);
  exit(2);
}

static struct command words(char *line) {
  int count = 2;
  for (char *c = line; *c; c++) count += *c == '\t';
  struct command made = {.argv = calloc(count, sizeof(char *))};
  char **env = calloc(count, sizeof *env), **parts = calloc(count, sizeof *parts);
  int arguments = 0, variables = 0, pieces = 0;
  for (char *word = strtok(line, "\t"); word; word = strtok(NULL, "\t")) {
    char option = arguments == 0 && word[0] == '-' && word[1] && !word[2] ? word[1] : 0;
    if (arguments == 0 && strcmp(word, "+") == 0) made.follows = 1;
    else if (option == 'e') env[variables++] = strtok(NULL, "\t");
    else if (option == 'i') made.in = strtok(NULL, "\t");
    else if (option == 'a') parts[pieces++] = strtok(NULL, "\t");
    else if (option == 'o') made.out = strtok(NULL, "\t");
    else made.argv[arguments++] = word;
  }
  if (variables) made.env = env;
  if (pieces) made.parts = parts;
  return made;
}

/* Puts a command's standard input together. */
static void compose(struct command *command) {
  if (!command->parts) return;
  static char buffer[1 << 16];
  int to = open(command->in, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (to < 0) stop(command->in);
  for (char **part = command->parts; *part; part++) {
    int from = open(*part, O_RDONLY);
    if (from < 0) stop(*part);
    for (ssize_t length; (length = read(from, buffer, sizeof buffer)) > 0;)
      if (write(to, buffer, length) != length) stop(command->in);
    close(from);
  }
  close(to);
}

static pid_t start(struct command *command) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, command->in ? command->in : "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, command->out ? command->out : "/dev/null",
                                   command->out ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY, 0600);
  pid_t pid;
  int error = posix_spawnp(&pid, command->argv[0], &files, NULL, command->argv, command->env ? command->env : environ);
  posix_spawn_file_actions_destroy(&files);
  if (error == 0) return pid;
  fprintf(stderr, "spawn: %s: %s\n", command->argv[0], strerror(error));
  exit(2);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int rounds = atoi(argv[1]), jobs = atoi(argv[2]);
  FILE *file = fopen(argv[3], "r");
  if (!file) stop(argv[3]);
  struct command *commands = NULL;
  int count = 0;
  char *line = NULL;
  size_t room = 0;
  for (ssize_t length; (length = getline(&line, &room, file)) > 0; line = NULL, room = 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    commands = realloc(commands, (count + 1) * sizeof *commands);
    commands[count++] = words(line);
  }

  for (int round = 0; round < rounds; round++) {
    if (jobs == 1) {
      for (int i = 0; i < count; i++) {
        int at = (i + round) % count, status;
        struct rusage used;
        compose(&commands[at]);
        long long from = now();
        wait4(start(&commands[at]), &status, 0, &used);
        long long to = now();
        printf("%d %lld %lld %lld %ld %d\n", at, to - from, us(used.ru_utime), us(used.ru_stime), used.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
      }
      continue;
    }
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    int slots = jobs ? jobs : 1, running = 0, failed = 0, next = 0;
    struct { pid_t pid; int at; } slot[slots];
    for (int i = 0; i < slots; i++) slot[i].pid = 0;
    long long from = now();
    do {
      for (int i = 0; i < slots && next < count; i++) {
        if (slot[i].pid) continue;
        slot[i].at = next;
        do next++; while (next < count && commands[next].follows);
        compose(&commands[slot[i].at]);
        slot[i].pid = start(&commands[slot[i].at]);
        running++;
      }
      int status;
      pid_t done = wait(&status);
      for (int i = 0; i < slots; i++) {
        if (slot[i].pid != done) continue;
        slot[i].pid = 0;
        running--;
        if (status != 0) {
          failed = 1;
        } else if (slot[i].at + 1 < count && commands[slot[i].at + 1].follows) {
          compose(&commands[++slot[i].at]);
          slot[i].pid = start(&commands[slot[i].at]);
          running++;
        }
        break;
      }
    } while (running > 0 || next < count);
    long long to = now();
    getrusage(RUSAGE_CHILDREN, &after);
    printf("-1 %lld %lld %lld %ld %d\n", to - from, us(after.ru_utime) - us(before.ru_utime),
           us(after.ru_stime) - us(before.ru_stime), after.ru_maxrss, failed);
  }
  return 0;
}
