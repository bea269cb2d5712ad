#include "drivers/docker/detach.h"

#include "core/base/str.h"

#include <string.h>
#include <strings.h>

static const struct detach_keys usual = {"\x10\x11", 2};

/* One key: a character, or "ctrl-" and a letter or one of @ [ \ ] ^ _. -1: none. */
static int parse_key(const char *text, size_t len)
{
    static const char ctrl[] = "ctrl-";
    unsigned char last = len ? (unsigned char)text[len - 1] : 0;

    if (len == 1)
        return last;
    if (len != sizeof ctrl || strncasecmp(text, ctrl, sizeof ctrl - 1) != 0)
        return -1;
    if (last >= 'a' && last <= 'z')
        return last - 'a' + 1;
    return last >= '@' && last <= '_' ? last - '@' : -1;
}

int detach_keys_parse(const char *text, struct detach_keys *ret)
{
    struct detach_keys keys = {.len = 0};

    *ret = usual;
    if (str_empty(text))
        return 0;
    for (const char *at = text;; at++) {
        size_t len = strcspn(at, ",");
        int key = parse_key(at, len);

        if (key < 0 || keys.len == DETACH_KEYS_MAX)
            return -1;
        keys.bytes[keys.len++] = (char)key;
        at += len;
        if (!*at)
            break;
    }
    *ret = keys;
    return 0;
}

bool detach_typed(const struct detach_keys *keys, size_t *held, const char *bytes, size_t len,
                  struct str *out)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != keys->bytes[*held]) {
            str_addn(out, keys->bytes, *held);
            *held = 0;
        }
        if (bytes[i] != keys->bytes[*held])
            str_addn(out, &bytes[i], 1);
        else if (++*held == keys->len)
            return true;
    }
    return false;
}
