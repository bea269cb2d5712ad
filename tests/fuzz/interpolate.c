/* One text with ${} in it. Without a dollar it stays as it is; what a doubled dollar gives is the
 * text that was doubled. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/interpolate.h"

#include <string.h>

static void check_escaped(struct interpolation *in, const char *text)
{
    AUTO_TEXT doubled = {0};
    AUTO_TEXT got = {0};

    for (const char *s = text; *s; s++) {
        str_addc(&doubled, *s);
        if (*s == '$')
            str_addc(&doubled, '$');
    }
    FUZZ_CHECK(interpolate_text(in, loc_none(), "p", str_text(&doubled), &got, NULL) == 0, "%s",
               text);
    FUZZ_CHECK(str_eq(str_text(&got), text), "'%s' gives '%s'", text, str_text(&got));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *a = arena_new();
    struct diags *d = diags_new();
    struct env *env = env_new(a);
    struct interpolation in = {.arena = a, .diags = d, .env = env};
    const char *text = arena_strndup(a, (const char *)bytes, len);
    AUTO_TEXT out = {0};
    AUTO_TEXT messages = {0};
    struct interpolated what = {0};
    int rc;

    env_set(env, "A", "$A", loc_none());
    env_set(env, "EMPTY", "", loc_none());
    env_set(env, "PASSWORD", "p", loc_none());
    rc = interpolate_text(&in, loc_none(), "services.a.image", text, &out, &what);
    fuzz_format(d, &messages);
    FUZZ_CHECK((rc < 0) == diags_has_errors(d), "%d\n%s", rc, str_text(&messages));
    if (!strchr(text, '$'))
        FUZZ_CHECK(rc == 0 && str_eq(str_text(&out), text), "'%s' gives '%s'", text,
                   str_text(&out));
    check_escaped(&in, text);
    diags_free(d);
    arena_free(a);
    return 0;
}
