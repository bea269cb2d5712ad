/* Durations, byte sizes, times and numbers: what is printed reads as what was printed. */
#include "tests/fuzz/fuzz.h"

#include "core/base/str.h"
#include "core/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_duration(const char *text)
{
    AUTO_TEXT why = {0};
    AUTO_TEXT out = {0};
    int64_t ns, again;

    if (duration_parse(text, &ns, &why) < 0) {
        FUZZ_CHECK(why.len, "no word of what is wrong with '%s'", text);
        return;
    }
    duration_format(ns, &out);
    FUZZ_CHECK(duration_parse(str_text(&out), &again, NULL) == 0 && again == ns,
               "'%s' is %lld, prints as '%s'", text, (long long)ns, str_text(&out));
    str_clear(&out);
    duration_human(ns, &out);
}

static void check_bytes(const char *text)
{
    AUTO_TEXT why = {0};
    AUTO_TEXT out = {0};
    int64_t n, again;

    if (bytes_parse(text, &n, &why) < 0) {
        FUZZ_CHECK(why.len, "no word of what is wrong with '%s'", text);
        return;
    }
    str_addf(&out, "%lld", (long long)n);
    FUZZ_CHECK(bytes_parse(str_text(&out), &again, NULL) == 0 && again == n,
               "'%s' is %lld, which reads as %lld", text, (long long)n, (long long)again);
    str_clear(&out);
    bytes_human_decimal((double)n, 4, &out);
    bytes_human_binary((double)n, &out);
}

static void check_time(const char *text)
{
    AUTO_TEXT out = {0};
    int64_t sec, again;
    int32_t nsec;

    if (time_parse_rfc3339(text, &sec, &nsec) < 0)
        return;
    time_format_rfc3339(sec, &out);
    FUZZ_CHECK(time_parse_rfc3339(str_text(&out), &again, &nsec) == 0 && again == sec,
               "'%s' is %lld, prints as '%s'", text, (long long)sec, str_text(&out));
}

static void check_number(const char *text)
{
    static const char styles[] = "vyj";
    double v, again;

    if (str_to_double(text, &v) < 0)
        return;
    for (size_t i = 0; i < sizeof styles - 1; i++) {
        AUTO_TEXT out = {0};

        float_format(v, 64, styles[i], &out);
        FUZZ_CHECK(!isfinite(v) || (str_to_double(str_text(&out), &again) == 0 && again == v),
                   "'%s' prints as '%s'", text, str_text(&out));
        float_format((float)v, 32, styles[i], &out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT quoted = {0};

    str_addn(&text, (const char *)bytes, len);
    check_duration(str_text(&text));
    check_bytes(str_text(&text));
    check_time(str_text(&text));
    check_number(str_text(&text));
    go_quote(str_text(&text), &quoted);
    utf8_width(str_text(&text));
    utf8_len(str_text(&text));
    return 0;
}
