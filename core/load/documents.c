/* core/load/documents.c: Compose files as parsed documents; each file is read once. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/yaml/parse.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    struct entry *next;
    const char *file;
    const char *text; /* UTF-8, of diags; NULL: could not be read */
    size_t len;
    struct yaml_docs docs;
    int status;  /* of parsing */
    bool unused; /* docs were not handed out yet */
};

struct documents {
    struct entry *first;
};

static bool is_stdin(const char *file)
{
    return strcmp(file, "-") == 0;
}

const char *file_label(const struct load *l, const char *file)
{
    size_t len = l->cwd ? strlen(l->cwd) : 0;

    if (is_stdin(file))
        return "stdin";
    if (len > 1 && strncmp(file, l->cwd, len) == 0 && file[len] == '/')
        return file + len + 1;
    return file;
}

static bool is_remote(const char *named)
{
    return strstr(named, "://") || str_has_prefix(named, "oci:") || str_has_prefix(named, "git@") ||
           str_has_prefix(named, "github.com/");
}

bool why_unreadable(const char *named, const char *path, struct str *why)
{
    AUTO_ERR err = {0};
    struct stat st;

    if (stat(path, &st) == 0) {
        if (!S_ISDIR(st.st_mode))
            return false;
        str_addf(why, "read %s: is a directory", path);
    } else if (errno == ENOENT && is_remote(named)) {
        str_addf(why, "cannot read '%s': files are not fetched from repositories or registries",
                 named);
    } else {
        path_error(&err, "open", path);
        str_add(why, err_text(&err));
    }
    return true;
}

/* --- reading --- */

static int read_stdin(struct str *ret, struct err *err)
{
    char chunk[16 * 1024];

    for (;;) {
        ssize_t n = read(STDIN_FILENO, chunk, sizeof chunk);

        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return err_set(err, ERR_IO, loc_file("stdin"), "read stdin: %s", strerror(errno));
        if (n > 0)
            str_addn(ret, chunk, (size_t)n);
        if (ret->len > PATH_READ_MAX)
            return err_set(err, ERR_IO, loc_file("stdin"), "stdin: larger than %d bytes",
                           PATH_READ_MAX);
    }
}

static uint32_t unit_at(const unsigned char *s, bool big)
{
    return big ? (uint32_t)s[0] << 8 | s[1] : (uint32_t)s[1] << 8 | s[0];
}

/* UTF-16 with a byte order mark to UTF-8, so that positions and snippets are those of an editor. A
 * lone surrogate becomes U+FFFD. */
static void recode(struct str *text)
{
    const unsigned char *s = (const unsigned char *)str_text(text);
    AUTO_TEXT utf8 = {0};
    struct str old;
    bool big = text->len >= 2 && s[0] == 0xFE && s[1] == 0xFF;

    if (!big && !(text->len >= 2 && s[0] == 0xFF && s[1] == 0xFE)) {
        if (text->len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
            str_consume(text, 3);
        return;
    }
    for (size_t i = 2; i + 1 < text->len; i += 2) {
        uint32_t c = unit_at(s + i, big);
        uint32_t low = i + 3 < text->len ? unit_at(s + i + 2, big) : 0;

        if (c >= 0xD800 && c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD;
        }
        utf8_encode(c, &utf8);
    }
    old = *text;
    *text = utf8;
    utf8 = old;
}

static void read_entry(struct load *l, struct entry *e)
{
    const char *label = file_label(l, e->file);
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    if (is_stdin(e->file) ? read_stdin(&text, &err) < 0 : path_read(e->file, 0, &text, &err) < 0) {
        diags_err(l->diags, &err);
        return;
    }
    recode(&text);
    e->len = text.len;
    e->text = diags_source(l->diags, label, &text);
}

static int parse_entry(struct load *l, struct entry *e, struct yaml_docs *ret)
{
    int status = -1;

    *ret = (struct yaml_docs){0};
    if (e->text)
        status = yaml_parse(l->arena, l->diags, file_label(l, e->file), e->text, e->len, ret);
    if (status < 0)
        *ret = (struct yaml_docs){0};
    diags_next_pass(l->diags); /* of a value that is bad YAML nothing else is said */
    return status;
}

/* --- the list --- */

static struct entry *find(struct load *l, const char *file)
{
    if (!l->documents)
        l->documents = arena_alloc(l->arena, sizeof *l->documents);
    for (struct entry *e = l->documents->first; e; e = e->next)
        if (strcmp(e->file, file) == 0)
            return e;
    return NULL;
}

static struct entry *add(struct load *l, const char *file)
{
    struct entry *e = arena_alloc(l->arena, sizeof *e);

    e->file = arena_strdup(l->arena, file);
    e->next = l->documents->first;
    l->documents->first = e;
    read_entry(l, e);
    e->status = parse_entry(l, e, &e->docs);
    e->unused = true;
    return e;
}

const struct yaml_docs *peek_documents(struct load *l, const char *file)
{
    struct entry *e = find(l, file);

    if (!e)
        e = add(l, file);
    return e->status == 0 && e->unused ? &e->docs : NULL;
}

int load_documents(struct load *l, const char *file, struct yaml_docs *ret)
{
    struct entry *e = find(l, file);

    if (!e)
        e = add(l, file);
    *ret = (struct yaml_docs){0};
    if (!e->text || e->status < 0)
        return -1;
    if (e->unused) {
        e->unused = false;
        *ret = e->docs;
        return 0;
    }
    /* The stages have changed the trees, so make new ones; standard input
     * is empty the second time. */
    return is_stdin(file) ? 0 : parse_entry(l, e, ret);
}
