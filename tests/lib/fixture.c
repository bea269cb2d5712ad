#include "tests/lib/fixture.h"

#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/model/model.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fixture_init(struct fixture *f)
{
    const char *tmp = getenv("TMPDIR");

    *f = (struct fixture){0};
    snprintf(f->dir, sizeof f->dir, "%s/mcompose-XXXXXX", tmp && strlen(tmp) < 32 ? tmp : "/tmp");
    if (!mkdtemp(f->dir))
        abort();
    f->environ[0] = (char *)"HOME=/home/user";
    f->diags = diags_new();
    f->options.environ = f->environ;
    f->options.cwd = f->dir;
    f->options.files.items = f->files;
    f->options.services.items = f->services;
    f->options.project_name = "test";
}

static void make_dirs(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

void fixture_file(struct fixture *f, const char *name, const char *text)
{
    AUTO_TEXT path = {0};
    AUTO_FILE out = NULL;

    str_addf(&path, "%s/%s", f->dir, name);
    make_dirs(path.data);
    out = fopen(path.data, "we");
    if (!out || fputs(text, out) < 0)
        abort();
    if (!strchr(name, '/') && str_has_suffix(name, ".yaml")) {
        assert(f->options.files.len < ARRAY_LEN(f->files));
        f->files[f->options.files.len++] = name;
    }
}

struct project *fixture_load(struct fixture *f)
{
    f->project = load_project(&f->options, f->diags);
    return f->project;
}

struct project *fixture_compose(struct fixture *f, const char *text)
{
    fixture_init(f);
    fixture_file(f, "compose.yaml", text);
    return fixture_load(f);
}

void text_replace(struct str *text, const char *from, const char *to)
{
    struct str made = {0};
    const char *at = str_text(text), *next;

    while ((next = strstr(at, from))) {
        str_addn(&made, at, (size_t)(next - at));
        str_add(&made, to);
        at = next + strlen(from);
    }
    str_add(&made, at);
    str_done(text);
    *text = made;
}

const char *fixture_messages(struct fixture *f)
{
    AUTO_TEXT dir = {0};
    AUTO_TEXT start = {0};

    str_clear(&f->text);
    for (size_t i = 0; i < diags_count(f->diags); i++) {
        const struct diag *g = diags_at(f->diags, i);

        if (g->loc.file && g->loc.line)
            str_addf(&f->text, "%s:%u:%u: ", g->loc.file, g->loc.line, g->loc.col);
        else if (g->loc.file)
            str_addf(&f->text, "%s: ", g->loc.file);
        str_addf(&f->text, "%s: ", g->severity == SEVERITY_ERROR ? "error" : "warning");
        str_addf(&f->text, "%s%s%s", g->path ? g->path : "", g->path ? ": " : "", g->msg);
        for (size_t k = 0; k < g->note_count; k++)
            str_addf(&f->text, "%s%s", k ? "; " : " (", g->notes[k].msg);
        if (g->hint)
            str_addf(&f->text, "%s%s", g->note_count ? "; " : " (", g->hint);
        str_add(&f->text, g->hint || g->note_count ? ")" : "");
        str_addc(&f->text, '\n');
    }
    /* A file name starts a line; elsewhere the directory is part of a message. */
    str_addf(&dir, "%s/", f->dir);
    str_addf(&start, "\n%s", str_text(&dir));
    if (str_has_prefix(str_text(&f->text), str_text(&dir)))
        str_consume(&f->text, dir.len);
    text_replace(&f->text, str_text(&start), "\n");
    text_replace(&f->text, f->dir, "@DIR@");
    return str_text(&f->text);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void fixture_done(struct fixture *f)
{
    project_free(f->project);
    diags_free(f->diags);
    str_done(&f->text);
    nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
