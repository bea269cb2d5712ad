#include "tests/lib/golden.h"

#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

void golden_check(const char *name, const char *text)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT want = {0};
    AUTO_ERR err = {0};

    str_addf(&path, "testdata/%s", name);
    if (getenv("GOLDEN_WRITE")) {
        AUTO_FILE f = fopen(str_text(&path), "we");

        assert_non_null(f);
        fputs(text, f);
        return;
    }
    if (path_read(str_text(&path), 0, &want, &err) < 0)
        fail_msg("%s (make golden writes it)", err_text(&err));
    if (!str_eq(text, str_text(&want)))
        fail_msg("%s differs; it is now:\n%s", str_text(&path), text);
}
