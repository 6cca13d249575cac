/* Lets one call to the system fail, for the tests of what a failing disk does to the store.
 *
 * Preloaded into a process of ours. Calls on files below GUANSOU_FAULT_DIR are counted: opening, writing, truncating, syncing,
 * renaming. The one numbered GUANSOU_FAULT_AT fails with GUANSOU_FAULT_ERRNO, where the call can fail so; with
 * GUANSOU_FAULT_STAYS all later ones do, too. At the end of the process the count is written to GUANSOU_FAULT_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fail_at = -1;
static int fail_with, stays;
static char dir[PATH_MAX];

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("GUANSOU_FAULT_DIR");
    if (!text || strlen(text) >= sizeof dir) return;
    strcpy(dir, text);
    fail_at = number("GUANSOU_FAULT_AT");
    fail_with = (int)number("GUANSOU_FAULT_ERRNO");
    stays = (int)number("GUANSOU_FAULT_STAYS");
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("GUANSOU_FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld", atomic_load(&calls));
    fclose(file);
}

static int is_ours(const char *path) {
    return dir[0] && strncmp(path, dir, strlen(dir)) == 0;
}

static int is_ours_open(int fd) {
    char link[64], path[PATH_MAX];
    if (!dir[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return is_ours(path);
}

/* Whether this call, which can fail with EIO and what else is given, fails. */
static int fails(int other, int another) {
    long n = atomic_fetch_add(&calls, 1) + 1;
    int now = n == fail_at || (stays && fail_at > 0 && n > fail_at);
    if (!now || (fail_with != EIO && fail_with != other && fail_with != another)) return 0;
    errno = fail_with;
    return 1;
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

#define OPEN(name)                                                                  \
    int name(const char *path, int flags, ...) {                                    \
        va_list rest;                                                               \
        va_start(rest, flags);                                                      \
        mode_t mode = va_arg(rest, mode_t);                                         \
        va_end(rest);                                                               \
        if (is_ours(path) && fails(EMFILE, (flags & O_CREAT) ? ENOSPC : 0)) return -1; \
        return REAL(name, path, flags, mode);                                       \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                \
    int name(int at, const char *path, int flags, ...) {                            \
        va_list rest;                                                               \
        va_start(rest, flags);                                                      \
        mode_t mode = va_arg(rest, mode_t);                                         \
        va_end(rest);                                                               \
        if (is_ours(path) && fails(EMFILE, (flags & O_CREAT) ? ENOSPC : 0)) return -1; \
        return REAL(name, at, path, flags, mode);                                   \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t n) {
    if (is_ours_open(fd) && fails(ENOSPC, 0)) return -1;
    return REAL(write, fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    if (is_ours_open(fd) && fails(ENOSPC, 0)) return -1;
    return REAL(writev, fd, parts, n);
}

/* A disk that fills up takes the beginning of a write. */
#define PWRITE(name, offset)                                     \
    ssize_t name(int fd, const void *bytes, size_t n, offset at) { \
        if (is_ours_open(fd) && fails(ENOSPC, 0)) {              \
            if (fail_with != ENOSPC || n < 2) return -1;         \
            (void)!REAL(name, fd, bytes, n / 2, at);             \
            errno = ENOSPC;                                      \
            return -1;                                           \
        }                                                        \
        return REAL(name, fd, bytes, n, at);                     \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FILE(name, parameters, other, ...)                    \
    int name parameters {                                        \
        if (is_ours_open(fd) && fails(other, 0)) return -1;      \
        return REAL(name, __VA_ARGS__);                          \
    }
ON_FILE(fsync, (int fd), 0, fd)
ON_FILE(fdatasync, (int fd), 0, fd)
ON_FILE(sync_file_range, (int fd, off64_t at, off64_t n, unsigned flags), ENOSPC, fd, at, n, flags)
ON_FILE(ftruncate, (int fd, off_t n), ENOSPC, fd, n)
ON_FILE(ftruncate64, (int fd, off64_t n), ENOSPC, fd, n)

int rename(const char *from, const char *to) {
    if (is_ours(from) && fails(ENOSPC, 0)) return -1;
    return REAL(rename, from, to);
}
