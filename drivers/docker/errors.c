#include "core/base/text.h"
#include "core/json/json.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"

#include <string.h>

enum { TEXT_MAX = 500 };

static enum err_code code_of(int status)
{
    switch (status) {
    case 404:
        return ERR_NOT_FOUND;
    case 409:
        return ERR_CONFLICT;
    case 501:
        return ERR_UNSUPPORTED;
    default:
        return ERR_ENGINE;
    }
}

/* A body that is no JSON, fit for one line of a message: printable, trimmed, not too long. */
static void add_plain(const struct http_answer *a, struct str *out)
{
    size_t len = a->len;
    bool utf8 = utf8_valid(a->body, a->len);

    while (len && strchr(" \t\r\n", a->body[len - 1]))
        len--;
    for (size_t i = 0; i < len && i < TEXT_MAX; i++) {
        unsigned char c = (unsigned char)a->body[i];

        str_addc(out, c < ' ' || c == 0x7f ? ' ' : c >= 0x80 && !utf8 ? '?' : a->body[i]);
    }
    if (len > TEXT_MAX)
        str_add(out, "...");
}

static bool is_html(const struct http_answer *a)
{
    return strstr(a->content_type, "html") || (a->len && a->body[0] == '<');
}

int answer_error(const struct http_answer *a, struct err *err)
{
    AUTO_JSON body = a->len && a->body[0] == '{' ? json_parse(a->body, a->len, NULL) : NULL;
    const char *message = json_get_str(body, "message", NULL);
    AUTO_TEXT text = {0};

    if (!str_empty(message))
        str_add(&text, message);
    else if (a->len == 0)
        str_addf(&text, "status %d without a message", a->status);
    else if (is_html(a))
        str_addf(&text, "status %d with a page of HTML: is that a Docker engine?", a->status);
    else
        add_plain(a, &text);
    while (text.len && text.data[text.len - 1] == '\n')
        str_cut(&text, text.len - 1);
    if (strstr(str_text(&text), "HTTP request to an HTTPS server"))
        str_add(&text, "\n* Are you trying to connect to a TLS-enabled daemon without TLS?");
    err_set(err, code_of(a->status), loc_none(), "Error response from daemon: %s", str_text(&text));
    if (err)
        err->status = a->status;
    return -1;
}

struct json *answer_json(const struct http_answer *a, struct err *err)
{
    AUTO_ERR why = {0};
    AUTO_TEXT plain = {0};
    struct json *j = json_parse(a->body, a->len, &why);

    if (j)
        return j;
    if (is_html(a))
        str_add(&plain, "a page of HTML");
    else
        add_plain(a, &plain);
    err_set(err, ERR_ENGINE, loc_none(), "the engine's answer is no JSON: %s: '%s'", err_text(&why),
            str_text(&plain));
    return NULL;
}

struct json *answer_list(const struct http_answer *a, struct err *err)
{
    struct json *j = answer_json(a, err);

    if (!json_is_object(j))
        return j;
    json_free(j);
    err_set(err, ERR_ENGINE, loc_none(), "the engine's answer is no list");
    return NULL;
}
