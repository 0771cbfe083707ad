/* A disk that fails at the n-th call that would change a file below FAULT_FOLDER. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int left, error, calls;
static char folder[PATH_MAX];

void fault_arm(const char *where, int n, int what) {
    snprintf(folder, sizeof folder, "%s", where);
    left = n; error = what; calls = 0;
}

int fault_calls(void) { return calls; }

static int hits(const char *path) {
    char whole[PATH_MAX];
    if (!folder[0] || !path) return 0;
    if (path[0] != '/') return 0;
    snprintf(whole, sizeof whole, "%s", path);
    if (strncmp(whole, folder, strlen(folder))) return 0;
    calls++;
    return left > 0 && --left == 0;
}

static int hits_file(int file) {
    char link[64], path[PATH_MAX];
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return hits(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define GUARD(test) if (test) { errno = error; return -1; }

ssize_t write(int f, const void *b, size_t n) { GUARD(hits_file(f)) return REAL(write)(f, b, n); }
ssize_t pwrite(int f, const void *b, size_t n, off_t o) { GUARD(hits_file(f)) return REAL(pwrite)(f, b, n, o); }
ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) { GUARD(hits_file(f)) return REAL(pwrite64)(f, b, n, o); }
int fsync(int f) { GUARD(hits_file(f)) return REAL(fsync)(f); }
int fdatasync(int f) { GUARD(hits_file(f)) return REAL(fdatasync)(f); }
int rename(const char *a, const char *b) { GUARD(hits(b)) return REAL(rename)(a, b); }
int renameat(int d, const char *a, int e, const char *b) { GUARD(hits(b)) return REAL(renameat)(d, a, e, b); }
int link(const char *a, const char *b) { GUARD(hits(b)) return REAL(link)(a, b); }
int linkat(int d, const char *a, int e, const char *b, int g) { GUARD(hits(b)) return REAL(linkat)(d, a, e, b, g); }
int mkdir(const char *p, mode_t m) { GUARD(hits(p)) return REAL(mkdir)(p, m); }

static mode_t mode_of(int flags, va_list more) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}
#define WRITES(flags) ((flags) & (O_CREAT | O_WRONLY | O_RDWR))
int open(const char *p, int flags, ...) {
    va_list more; va_start(more, flags); mode_t mode = mode_of(flags, more); va_end(more);
    GUARD(WRITES(flags) && hits(p)) return REAL(open)(p, flags, mode);
}
int open64(const char *p, int flags, ...) {
    va_list more; va_start(more, flags); mode_t mode = mode_of(flags, more); va_end(more);
    GUARD(WRITES(flags) && hits(p)) return REAL(open64)(p, flags, mode);
}
