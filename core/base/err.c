#include "core/base/err.h"

#include "core/base/mem.h"
#include "core/base/str.h"

struct loc loc_none(void)
{
    return (struct loc){0};
}

struct loc loc_file(const char *file)
{
    return (struct loc){.file = file};
}

/* The new text is made before the old one goes: the arguments may point into it. */
static void replace_msg(struct err *err, struct str *text)
{
    char *old = err->msg;

    err->msg = str_take(text);
    free(old);
}

int err_set(struct err *err, enum err_code code, struct loc loc, const char *fmt, ...)
{
    struct str text = {0};
    va_list ap;

    if (!err)
        return -1;
    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    replace_msg(err, &text);
    err->code = code;
    err->status = 0;
    err->loc = loc;
    return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
    struct str text = {0};
    va_list ap;

    if (!err)
        return -1;
    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    if (!str_empty(err->msg))
        str_addf(&text, ": %s", err->msg);
    replace_msg(err, &text);
    if (err->code == ERR_NONE)
        err->code = ERR_FAILED;
    return -1;
}

void err_done(struct err *err)
{
    if (!err)
        return;
    free(err->msg);
    *err = (struct err){0};
}

void err_move(struct err *to, struct err *from)
{
    if (to == from || !from)
        return;
    if (to) {
        free(to->msg);
        *to = *from;
    } else {
        free(from->msg);
    }
    *from = (struct err){0};
}

void err_copy(struct err *to, const struct err *from)
{
    char *old;

    if (!to || to == from)
        return;
    old = to->msg;
    *to = *from;
    to->msg = mem_strdup(from->msg);
    free(old);
}

const char *err_text(const struct err *err)
{
    if (!err || (err->code == ERR_NONE && !err->msg))
        return "no error";
    return err->msg ? err->msg : "unknown error";
}
