/* The stream that carries stdout and stderr in one: cut anywhere, the same comes out. */
#include "tests/fuzz/fuzz.h"

#include "core/base/err.h"
#include "core/base/str.h"
#include "drivers/docker/frames.h"

#include <string.h>

struct told {
    struct str streams[3];
    size_t limit; /* wants no more after so many bytes; 0: takes all */
    size_t len;
};

static int on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct told *t = owner;

    FUZZ_CHECK(len && (s == STREAM_STDOUT || s == STREAM_STDERR), "%zu bytes for %d", len, (int)s);
    str_addn(&t->streams[s], bytes, len);
    t->len += len;
    return t->limit && t->len >= t->limit;
}

/* Returns what the last call said; 0: all was well, to the end. */
static int feed(const char *bytes, size_t len, size_t step, struct told *t, struct err *err)
{
    struct frames f = {0};
    int rc = 0;

    for (size_t at = 0; at < len && rc == 0; at += step)
        rc = frames_feed(&f, bytes + at, len - at < step ? len - at : step, on_output, t, err);
    if (rc == 0)
        rc = frames_end(&f, err);
    frames_done(&f);
    return rc;
}

static void done(struct told *t)
{
    for (size_t i = 0; i < ARRAY_LEN(t->streams); i++)
        str_done(&t->streams[i]);
}

/* The first byte says how it is cut, and when no more is wanted. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *stream = (const char *)bytes + 1;
    struct told whole = {0}, cut = {0};
    AUTO_ERR err = {0};
    AUTO_ERR again = {0};
    int rc;

    if (len < 1)
        return -1;
    rc = feed(stream, len - 1, len, &whole, &err);
    FUZZ_CHECK((rc < 0) == (err.code != ERR_NONE), "%d: %s", rc, err_text(&err));
    FUZZ_CHECK(feed(stream, len - 1, 1 + (bytes[0] & 15), &cut, &again) == rc &&
                   err.code == again.code,
               "cut in %d: %s", 1 + (bytes[0] & 15), err_text(&again));
    for (size_t i = 0; i < ARRAY_LEN(whole.streams); i++)
        FUZZ_CHECK(whole.streams[i].len == cut.streams[i].len &&
                       memcmp(str_text(&whole.streams[i]), str_text(&cut.streams[i]),
                              whole.streams[i].len) == 0,
                   "stream %zu differs", i);
    done(&whole);
    done(&cut);
    cut = (struct told){.limit = bytes[0]};
    err_done(&again);
    feed(stream, len - 1, 7, &cut, &again);
    done(&cut);
    return 0;
}
