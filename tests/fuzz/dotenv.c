/* A .env text in each of its three grammars; then the raw one must give back what it printed. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"

#include <string.h>

static void check_raw(struct arena *a, const struct env *env, const struct dotenv *first)
{
    AUTO_TEXT text = {0};
    struct diags *d = diags_new();
    struct dotenv again = {0};

    str_add(&text, "#\n"); /* a name that begins with a BOM does not begin the file */
    for (size_t i = 0; i < first->len; i++)
        if (first->entries[i].value)
            str_addf(&text, "%s=%s\r\n", first->entries[i].key, first->entries[i].value);
    if (dotenv_parse_raw(a, d, "e", str_text(&text), text.len, env, &again) == 0) {
        size_t n = 0;

        for (size_t i = 0; i < first->len; i++) {
            if (!first->entries[i].value)
                continue;
            FUZZ_CHECK(n < again.len && str_eq(again.entries[n].key, first->entries[i].key) &&
                           str_eq(again.entries[n].value, first->entries[i].value),
                       "entry %zu of\n%s", n, str_text(&text));
            n++;
        }
    }
    diags_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *a = arena_new();
    struct diags *d = diags_new();
    struct env *env = env_new(a), *seen = env_new(a);
    struct dotenv plain = {0}, service = {0}, raw = {0};
    const char *text = arena_strndup(a, (const char *)bytes, len);
    AUTO_TEXT messages = {0};
    int rc;

    env_set(env, "A", "a", loc_none());
    env_set(seen, "B", "$A", loc_none());
    fuzz_source(d, "e", text, len);
    rc = dotenv_parse(a, d, "e", text, len, env, seen, &plain);
    FUZZ_CHECK((rc < 0) == diags_has_errors(d), "%d", rc);
    dotenv_parse_env_file(a, d, "e", text, len, env, seen, &service);
    if (dotenv_parse_raw(a, d, "e", text, len, env, &raw) == 0)
        check_raw(a, env, &raw);
    fuzz_format(d, &messages);
    diags_free(d);
    arena_free(a);
    return 0;
}
