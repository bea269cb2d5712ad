#include "core/yaml/resolve.h"

#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
    const char *at, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool skip(struct cursor *c, char want)
{
    if (c->at == c->end || *c->at != want)
        return false;
    c->at++;
    return true;
}

/* One digit or two; `exact` demands two. */
static bool number(struct cursor *c, bool exact, int max, int *ret)
{
    if (c->at == c->end || !is_digit(*c->at))
        return false;
    *ret = *c->at++ - '0';
    if (c->at < c->end && is_digit(*c->at))
        *ret = *ret * 10 + (*c->at++ - '0');
    else if (exact)
        return false;
    return *ret <= max;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool date(struct cursor *c, struct timestamp *t)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (c->end - c->at < 5)
        return false;
    for (int i = 0; i < 4; i++, c->at++) {
        if (!is_digit(*c->at))
            return false;
        t->year = t->year * 10 + (*c->at - '0');
    }
    if (!skip(c, '-') || !number(c, false, 12, &t->month) || t->month < 1 || !skip(c, '-') ||
        !number(c, false, 31, &t->day) || t->day < 1)
        return false;
    return t->day <= days[t->month - 1] + (t->month == 2 && is_leap(t->year));
}

/* Go takes a comma as well, and any number of digits, of which nine count. */
static void fraction(struct cursor *c, struct timestamp *t)
{
    long unit = 100000000;

    if (c->end - c->at < 2 || (*c->at != '.' && *c->at != ',') || !is_digit(c->at[1]))
        return;
    for (c->at++; c->at < c->end && is_digit(*c->at); c->at++, unit /= 10)
        t->nanosecond += (*c->at - '0') * unit;
}

static bool clock(struct cursor *c, struct timestamp *t)
{
    if (!number(c, false, 23, &t->hour) || !skip(c, ':') || !number(c, false, 59, &t->minute) ||
        !skip(c, ':') || !number(c, false, 59, &t->second))
        return false;
    fraction(c, t);
    return true;
}

static bool zone(struct cursor *c, struct timestamp *t)
{
    int hours, minutes;
    bool west;

    if (skip(c, 'Z'))
        return true;
    west = skip(c, '-');
    if ((!west && !skip(c, '+')) || !number(c, true, 24, &hours) || !skip(c, ':') ||
        !number(c, true, 60, &minutes))
        return false;
    t->offset = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool timestamp_parse(const char *text, size_t len, struct timestamp *ret)
{
    struct cursor c = {.at = text, .end = text + len};
    struct timestamp t = {0};

    if (!date(&c, &t))
        return false;
    if (c.at < c.end) {
        bool spaced = *c.at == ' ';

        if (!spaced && *c.at != 'T' && *c.at != 't')
            return false;
        c.at++;
        while (spaced && skip(&c, ' ')) {
            /* Go takes any number of them */
        }
        if (!clock(&c, &t) || (!spaced && !zone(&c, &t)))
            return false;
    }
    *ret = t;
    return c.at == c.end;
}

void timestamp_format(const struct timestamp *t, struct str *out)
{
    str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", t->year, t->month, t->day, t->hour, t->minute,
             t->second);
    if (t->nanosecond) {
        str_addf(out, ".%09ld", t->nanosecond);
        while (out->data[out->len - 1] == '0')
            str_cut(out, out->len - 1);
    }
    if (t->offset)
        str_addf(out, "%c%02d:%02d", t->offset < 0 ? '-' : '+', abs(t->offset) / 60,
                 abs(t->offset) % 60);
    else
        str_addc(out, 'Z');
}
