/* core/base/text_float.c: floats with the fewest digits, written as Go does. */
#include "core/base/text.h"

#include "core/base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 0.d1d2d3... times ten to the point. */
struct digits {
    char text[20];
    int len;
    int point;
    bool negative;
};

/* Rounds to `count` digits. Whatever stands for the decimal point is skipped, so LC_NUMERIC is no
 * matter. */
static void round_to(double v, int count, struct digits *ret)
{
    char buf[40]; /* d.ddde-xxx: 17 digits need 25 */
    const char *s = buf;

    snprintf(buf, sizeof buf, "%.*e", count - 1, fabs(v));
    for (ret->len = 0; *s && *s != 'e'; s++) {
        if (*s >= '0' && *s <= '9')
            ret->text[ret->len++] = *s;
    }
    ret->point = (int)strtol(s + 1, NULL, 10) + 1;
    while (ret->len > 1 && ret->text[ret->len - 1] == '0')
        ret->len--;
    ret->negative = signbit(v) != 0;
}

static double read_back(const struct digits *d, int bits)
{
    char buf[40]; /* 17 digits, e, sign, 4 digits: no point in it, so strtod depends on no locale */

    snprintf(buf, sizeof buf, "%.*se%d", d->len, d->text, d->point - d->len);
    return bits == 32 ? (double)strtof(buf, NULL) : strtod(buf, NULL);
}

/* One up in the last of `count` digits. */
static void bump(struct digits *d, int count)
{
    while (d->len < count)
        d->text[d->len++] = '0';
    while (d->len > 0 && d->text[d->len - 1] == '9')
        d->len--;
    if (d->len) {
        d->text[d->len - 1]++;
    } else {
        d->text[d->len++] = '1';
        d->point++;
    }
}

/* At powers of two the doubles below lie closer than those above: the nearest decimal may then be
 * too far below while the next one up still reads back. */
static void shortest(double v, int bits, struct digits *ret)
{
    int most = bits == 32 ? 9 : 17;

    for (int count = 1; count <= most; count++) {
        round_to(v, count, ret);
        if (read_back(ret, bits) == fabs(v))
            return;
        bump(ret, count);
        if (read_back(ret, bits) == fabs(v))
            return;
    }
}

static void add_plain(const struct digits *d, struct str *out)
{
    if (d->point <= 0) {
        str_add(out, "0.");
        str_repeat(out, '0', (size_t)-d->point);
        str_addn(out, d->text, (size_t)d->len);
    } else if (d->point >= d->len) {
        str_addn(out, d->text, (size_t)d->len);
        str_repeat(out, '0', (size_t)(d->point - d->len));
    } else {
        str_addn(out, d->text, (size_t)d->point);
        str_addc(out, '.');
        str_addn(out, d->text + d->point, (size_t)(d->len - d->point));
    }
}

static void add_exponent(const struct digits *d, char style, struct str *out)
{
    int exponent = d->point - 1;

    str_addc(out, d->text[0]);
    if (d->len > 1) {
        str_addc(out, '.');
        str_addn(out, d->text + 1, (size_t)d->len - 1);
    }
    if (style == 'j' && exponent < 0 && exponent > -10) /* encoding/json drops this zero only */
        str_addf(out, "e%d", exponent);
    else
        str_addf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

static const char *no_number(double v, char style)
{
    if (style == 'j')
        return "null";
    if (isnan(v))
        return style == 'y' ? ".nan" : "NaN";
    if (v > 0)
        return style == 'y' ? ".inf" : "+Inf";
    return style == 'y' ? "-.inf" : "-Inf";
}

void float_format(double v, int bits, char style, struct str *out)
{
    int low = style == 'j' ? -6 : -4, high = style == 'j' ? 21 : 6;
    struct digits d;

    if (bits == 32)
        v = (double)(float)v;
    if (isnan(v) || isinf(v)) {
        str_add(out, no_number(v, style));
        return;
    }
    shortest(v, bits, &d);
    if (d.negative)
        str_addc(out, '-');
    if (v != 0 && (d.point - 1 < low || d.point - 1 >= high))
        add_exponent(&d, style, out);
    else if (v != 0)
        add_plain(&d, out);
    else
        str_addc(out, '0');
}
