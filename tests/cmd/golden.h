/* tests/cmd/golden.h: the program's output as text, for golden files. */
#ifndef TESTS_CMD_GOLDEN_H
#define TESTS_CMD_GOLDEN_H

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "tests/cmd/capture.h"
#include "tests/lib/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Runs `mcompose line` (words between blanks) in the directory; the exit code, then what was
 * written, is added to ret, the directory being @DIR@. `env` is NULL-terminated. */
static inline void golden_run(const char *dir, const char *line, char *const *env, struct str *ret)
{
    struct arena *a = arena_new();
    char *back = path_cwd(a), *here;
    char name[] = "mcompose", *argv[24] = {name};
    AUTO_STR words = strdup(line);
    AUTO_TEXT out = {0};
    AUTO_TEXT err = {0};
    struct capture to_out, to_err;
    int argc = 1, code;
    char *rest = words, *word;
    const char *at, *text;

    while ((word = strsep(&rest, " ")))
        if (*word)
            argv[argc++] = word;
    assert_int_equal(chdir(dir), 0);
    here = path_cwd(a);
    capture_start(&to_out, STDOUT_FILENO);
    capture_start(&to_err, STDERR_FILENO);
    code = app_main(argc, argv, env);
    capture_end(&to_err, &err);
    capture_end(&to_out, &out);
    assert_int_equal(chdir(back), 0);
    str_add(&out, str_text(&err));
    str_addf(ret, "$ mcompose %s\n", line);
    for (text = str_text(&out); (at = strstr(text, here)); text = at + strlen(here)) {
        str_addn(ret, text, (size_t)(at - text));
        str_add(ret, "@DIR@");
    }
    str_add(ret, text);
    str_addf(ret, "exit code %d\n", code);
    arena_free(a);
}

#endif
