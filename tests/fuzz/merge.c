/* Several Compose files, each over the one before. With an empty file or itself over it, a file
 * means what it meant alone; lists may say a thing twice. */
#include "tests/fuzz/fuzz.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/load/load.h"
#include "core/render/render.h"

#include <string.h>

static bool load(size_t files, struct str *ret)
{
    struct load_options o;
    struct diags *d = diags_new();
    struct project *p;
    AUTO_TEXT messages = {0};

    fuzz_options(&o, files);
    p = load_project(&o, d);
    fuzz_format(d, &messages);
    FUZZ_CHECK(p || diags_has_errors(d), "no project and no error");
    if (p)
        render_json(p, ret, NULL, NULL);
    project_free(p);
    diags_free(d);
    return p != NULL;
}

static bool is_same(const struct json *a, const struct json *b);

static bool has(const struct json *list, const struct json *item)
{
    for (const struct json *j = json_first(list); j; j = json_next(j))
        if (is_same(j, item))
            return true;
    return false;
}

static bool lists_same(const struct json *a, const struct json *b)
{
    for (const struct json *j = json_first(a); j; j = json_next(j))
        if (!has(b, j))
            return false;
    for (const struct json *j = json_first(b); j; j = json_next(j))
        if (!has(a, j))
            return false;
    return true;
}

static bool is_same(const struct json *a, const struct json *b)
{
    AUTO_TEXT left = {0};
    AUTO_TEXT right = {0};

    if (json_is_array(a) && json_is_array(b))
        return lists_same(a, b);
    if (json_is_object(a) && json_is_object(b)) {
        for (const struct json *j = json_first(a); j; j = json_next(j))
            if (!is_same(j, json_key(b, json_name(j))))
                return false;
        return json_len(a) == json_len(b);
    }
    if (!a || !b)
        return a == b;
    json_print(a, &left);
    json_print(b, &right);
    return str_eq(str_text(&left), str_text(&right));
}

static void check_same(const char *what, const char *alone, const char *merged)
{
    AUTO_ERR err = {0};
    AUTO_JSON a = json_parse(alone, strlen(alone), &err);
    AUTO_JSON b = json_parse(merged, strlen(merged), &err);

    FUZZ_CHECK(is_same(a, b), "merged with %s\n%s\n--- and then ---\n%s", what, alone, merged);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char empty[] = "services: {}\n";
    struct fuzz_part parts[FUZZ_FILES];
    size_t count = fuzz_cut(bytes, len, parts, FUZZ_FILES);
    AUTO_TEXT alone = {0};
    AUTO_TEXT merged = {0};

    for (size_t i = 0; i < count; i++)
        fuzz_file(i, parts[i].text, parts[i].len);
    load(count, &merged);
    if (!load(1, &alone))
        return 0;
    str_clear(&merged);
    fuzz_file(1, empty, sizeof empty - 1);
    FUZZ_CHECK(load(2, &merged), "an empty file over it is an error");
    check_same("an empty file", str_text(&alone), str_text(&merged));
    str_clear(&merged);
    fuzz_file(1, parts[0].text, parts[0].len);
    if (load(2, &merged))
        check_same("itself", str_text(&alone), str_text(&merged));
    return 0;
}
