/* A Dockerfile and, after a line of "=====", a .dockerignore. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/plan/dockerfile.h"
#include "drivers/docker/ignore.h"
#include "core/base/reference.h"

#include <string.h>

static void bases(struct arena *a, const char *text, size_t len)
{
    static const char *const targets[] = {NULL, "", "a", "1"};
    struct mapping_entry entries[] = {{.key = "A", .value = "a"}, {.key = "B", .value = NULL}};
    const struct mapping args = {.entries = entries, .len = ARRAY_LEN(entries)};

    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        struct strings images = dockerfile_images(a, text, len, &args, targets[i]);

        for (size_t k = 0; k < images.len; k++) {
            FUZZ_CHECK(*images.items[k], "an image without a name");
            reference_parse(a, images.items[k]);
        }
    }
}

static void ignores(const char *text, size_t len)
{
    static const char *const paths[] = {"a",    "a/b",       "a/b/c.txt", ".git", "node_modules/x",
                                        "aaaa", "Dockerfile"};
    AUTO_ERR err = {0};
    struct ignore *ig = ignore_parse(text, len, &err);

    FUZZ_CHECK(!ig == (err.code != ERR_NONE), "%s", err_text(&err));
    for (size_t i = 0; ig && i < ARRAY_LEN(paths); i++) {
        ignore_match(ig, paths[i]);
        ignore_may_take_below(ig, paths[i]);
    }
    ignore_free(ig);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_part parts[2];
    size_t count = fuzz_cut(bytes, len, parts, 2);
    struct arena *a = arena_new();

    bases(a, arena_strndup(a, parts[0].text, parts[0].len), parts[0].len);
    if (count > 1)
        ignores(arena_strndup(a, parts[1].text, parts[1].len), parts[1].len);
    arena_free(a);
    return 0;
}
