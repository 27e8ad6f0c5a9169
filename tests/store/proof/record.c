/* Records what a process does to the files below one folder, for the proof of power cuts.
 *
 * Loaded with LD_PRELOAD. PROOF_ROOT names the folder, PROOF_LOG the file that takes the record.
 * PROOF_KILL=N kills the process with SIGKILL right after its N-th recorded change.
 * One lock is held around each call and its entry, so that the log has the order of the calls.
 * Nothing here allocates, and everything goes to the kernel directly, never through libc again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, CLOSE, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, MKDIR, RMDIR, MARK, DUP, STRANGE };

struct __attribute__((packed)) entry {
    uint8_t kind;
    int32_t fd;
    int64_t offset; /* of a write; flags of an open; length of a truncation; the copy of a dup */
    uint32_t first, second, data; /* bytes that follow: two names and what was written */
};

#define FDS 4096
static ino_t inode_of[FDS]; /* 0: not ours */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int log_fd = -1;
static long kill_at = 0, changes = 0;

__attribute__((constructor)) static void begin(void)
{
    const char *folder = getenv("PROOF_ROOT"), *file = getenv("PROOF_LOG"), *at = getenv("PROOF_KILL");
    if (!folder || !file)
        return;
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    kill_at = at ? atol(at) : 0;
    int opened = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (opened >= 0) {
        log_fd = (int)syscall(SYS_fcntl, opened, F_DUPFD_CLOEXEC, (long)900);
        if (log_fd < 0)
            log_fd = opened;
        else
            syscall(SYS_close, opened);
    }
    unsetenv("PROOF_LOG"); /* programs that this one starts are not recorded */
}

static void put(const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        long done = syscall(SYS_write, log_fd, at, length);
        if (done <= 0)
            syscall(SYS_kill, getpid(), SIGABRT);
        at += done;
        length -= (size_t)done;
    }
}

static void tell(uint8_t kind, int fd, int64_t offset, const char *first, const char *second,
                 const struct iovec *parts, int count, size_t length)
{
    int kept = errno;
    struct entry made = {kind, fd, offset, first ? (uint32_t)strlen(first) : 0,
                         second ? (uint32_t)strlen(second) : 0, (uint32_t)length};
    put(&made, sizeof made);
    if (first)
        put(first, made.first);
    if (second)
        put(second, made.second);
    for (int part = 0; part < count && length; part++) {
        size_t some = parts[part].iov_len < length ? parts[part].iov_len : length;
        put(parts[part].iov_base, some);
        length -= some;
    }
    if (kind != OPEN && kind != CLOSE && kind != DUP && kind != MARK && ++changes == kill_at)
        syscall(SYS_kill, getpid(), SIGKILL);
    errno = kept;
}

static int below(const char *path)
{
    return log_fd >= 0 && strncmp(path, root, root_length) == 0 &&
           (path[root_length] == '/' || path[root_length] == 0);
}

/* The absolute name of what a call names; no symbolic links are followed. */
static const char *absolute(int folder, const char *path, char *into)
{
    if (path[0] == '/')
        return path;
    char link[64];
    ssize_t length;
    if (folder == AT_FDCWD) {
        length = syscall(SYS_getcwd, into, PATH_MAX) - 1;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        length = syscall(SYS_readlinkat, AT_FDCWD, link, into, PATH_MAX - 1);
    }
    if (length < 0)
        length = 0;
    snprintf(into + length, PATH_MAX - (size_t)length, "/%s", path);
    return into;
}

static int ours(int fd)
{
    if (log_fd < 0 || fd < 0 || fd >= FDS || !inode_of[fd])
        return 0;
    struct stat found;
    int kept = errno;
    int same = fstat(fd, &found) == 0 && found.st_ino == inode_of[fd];
    errno = kept;
    if (!same)
        inode_of[fd] = 0;
    return same;
}

static void strange(const char *what, const char *path)
{
    tell(STRANGE, -1, 0, what, path, NULL, 0, 0);
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    pthread_mutex_lock(&lock);
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= 0 && fd < FDS && log_fd >= 0) {
        char link[64], name[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, name, sizeof name - 1);
        inode_of[fd] = 0;
        if (length > 0) {
            name[length] = 0;
            struct stat found;
            if (below(name) && fstat(fd, &found) == 0) {
                inode_of[fd] = found.st_ino;
                tell(OPEN, fd, flags, name, NULL, NULL, 0, 0);
            }
        }
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags)                                              \
    mode_t mode = 0;                                             \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                       \
        va_list more;                                            \
        va_start(more, flags);                                   \
        mode = va_arg(more, mode_t);                             \
        va_end(more);                                            \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_any(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_any(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd)
{
    pthread_mutex_lock(&lock);
    if (ours(fd))
        tell(CLOSE, fd, 0, NULL, NULL, NULL, 0, 0);
    if (fd >= 0 && fd < FDS)
        inode_of[fd] = 0;
    int done = fd == log_fd ? 0 : (int)syscall(SYS_close, fd);
    pthread_mutex_unlock(&lock);
    return done;
}

static int copied(int fd, int copy)
{
    if (copy >= 0 && copy < FDS && copy != fd) {
        inode_of[copy] = 0;
        if (ours(fd)) {
            inode_of[copy] = inode_of[fd];
            tell(DUP, fd, copy, NULL, NULL, NULL, 0, 0);
        }
    }
    return copy;
}

int dup(int fd)
{
    pthread_mutex_lock(&lock);
    int copy = copied(fd, (int)syscall(SYS_dup, fd));
    pthread_mutex_unlock(&lock);
    return copy;
}

int dup3(int fd, int wanted, int flags)
{
    pthread_mutex_lock(&lock);
    int copy = copied(fd, (int)syscall(SYS_dup3, fd, wanted, flags));
    pthread_mutex_unlock(&lock);
    return copy;
}

int dup2(int fd, int wanted) { return fd == wanted ? fd : dup3(fd, wanted, 0); }

int fcntl(int fd, int command, ...)
{
    va_list more;
    va_start(more, command);
    long given = va_arg(more, long);
    va_end(more);
    if (command != F_DUPFD && command != F_DUPFD_CLOEXEC)
        return (int)syscall(SYS_fcntl, fd, command, given);
    pthread_mutex_lock(&lock);
    int copy = copied(fd, (int)syscall(SYS_fcntl, fd, command, given));
    pthread_mutex_unlock(&lock);
    return copy;
}

int fcntl64(int fd, int command, ...)
{
    va_list more;
    va_start(more, command);
    long given = va_arg(more, long);
    va_end(more);
    return fcntl(fd, command, given);
}

static ssize_t write_any(int fd, const struct iovec *parts, int count, off_t offset, int placed)
{
    pthread_mutex_lock(&lock);
    ssize_t done = placed ? syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L)
                          : syscall(SYS_writev, fd, parts, count);
    if (done > 0 && ours(fd)) {
        int kept = errno;
        if (!placed)
            offset = syscall(SYS_lseek, fd, 0L, SEEK_CUR) - done;
        errno = kept;
        tell(WRITE, fd, offset, NULL, NULL, parts, count, (size_t)done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (log_fd < 0 || fd < 0 || fd >= FDS || !inode_of[fd])
        return syscall(SYS_write, fd, bytes, length);
    struct iovec part = {(void *)bytes, length};
    return write_any(fd, &part, 1, 0, 0);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_any(fd, parts, count, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    struct iovec part = {(void *)bytes, length};
    return write_any(fd, &part, 1, offset, 1);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return pwrite(fd, bytes, length, offset); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return write_any(fd, parts, count, offset, 1); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) { return write_any(fd, parts, count, offset, 1); }

static int sync_any(int fd, long number)
{
    pthread_mutex_lock(&lock);
    int done = (int)syscall(number, fd);
    if (done == 0 && ours(fd))
        tell(SYNC, fd, 0, NULL, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int fd) { return sync_any(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_any(fd, SYS_fdatasync); }

int ftruncate(int fd, off_t length)
{
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, fd, (long)length);
    if (done == 0 && ours(fd))
        tell(TRUNCATE, fd, length, NULL, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

int truncate(const char *path, off_t length)
{
    pthread_mutex_lock(&lock);
    char into[PATH_MAX];
    const char *name = absolute(AT_FDCWD, path, into);
    int done = (int)syscall(SYS_truncate, path, (long)length);
    if (done == 0 && below(name))
        tell(TRUNCATE, -1, length, name, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int truncate64(const char *path, off_t length) { return truncate(path, length); }

int renameat2(int from, const char *old, int to, const char *new, unsigned int flags)
{
    pthread_mutex_lock(&lock);
    char first[PATH_MAX], second[PATH_MAX];
    const char *before = absolute(from, old, first), *after = absolute(to, new, second);
    int done = (int)syscall(SYS_renameat2, from, old, to, new, flags);
    if (done == 0 && (below(before) || below(after)))
        tell(RENAME, -1, flags, before, after, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }

int unlinkat(int folder, const char *path, int flags)
{
    pthread_mutex_lock(&lock);
    char into[PATH_MAX];
    const char *name = absolute(folder, path, into);
    int done = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (done == 0 && below(name))
        tell(flags & AT_REMOVEDIR ? RMDIR : UNLINK, -1, 0, name, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path)
{
    int done = unlink(path);
    return done && errno == EISDIR ? rmdir(path) : done;
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    pthread_mutex_lock(&lock);
    char into[PATH_MAX];
    const char *name = absolute(folder, path, into);
    int done = (int)syscall(SYS_mkdirat, folder, path, mode);
    if (done == 0 && below(name))
        tell(MKDIR, -1, 0, name, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* What the record cannot hold is entered as strange, and the proof then fails by that name. */
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    void *made = (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
    if (fd < 0 || !(flags & MAP_SHARED) || !(protection & PROT_WRITE) || log_fd < 0)
        return made;
    pthread_mutex_lock(&lock);
    char link[64], name[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t found = syscall(SYS_readlinkat, AT_FDCWD, link, name, sizeof name - 1);
    if (found > 4) {
        name[found] = 0;
        if (below(name) && strcmp(name + found - 4, "-shm"))
            strange("mmap", name);
    }
    pthread_mutex_unlock(&lock);
    return made;
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    return mmap(at, length, protection, flags, fd, offset);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
    char into[PATH_MAX];
    int done = (int)syscall(SYS_linkat, from, old, to, new, flags);
    if (done == 0 && below(absolute(to, new, into)))
        strange("link", new);
    return done;
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    int done = (int)syscall(SYS_fallocate, fd, mode, (long)offset, (long)length);
    if (done == 0 && ours(fd))
        strange("fallocate", "");
    return done;
}
int fallocate64(int fd, int mode, off_t offset, off_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) ? errno : 0; }
int posix_fallocate64(int fd, off_t offset, off_t length) { return posix_fallocate(fd, offset, length); }

ssize_t copy_file_range(int from, off_t *start, int to, off_t *place, size_t length, unsigned int flags)
{
    ssize_t done = syscall(SYS_copy_file_range, from, start, to, place, length, flags);
    if (done > 0 && ours(to))
        strange("copy_file_range", "");
    return done;
}
ssize_t sendfile(int to, int from, off_t *start, size_t length)
{
    ssize_t done = syscall(SYS_sendfile, to, from, start, length);
    if (done > 0 && ours(to))
        strange("sendfile", "");
    return done;
}
ssize_t sendfile64(int to, int from, off_t *start, size_t length) { return sendfile(to, from, start, length); }

/* For the program under test: a line of its own, such as "batch 7 was acknowledged". */
void proof_mark(const char *text)
{
    if (log_fd < 0)
        return;
    struct iovec part = {(void *)text, strlen(text)};
    pthread_mutex_lock(&lock);
    tell(MARK, -1, 0, NULL, NULL, &part, 1, part.iov_len);
    pthread_mutex_unlock(&lock);
}
