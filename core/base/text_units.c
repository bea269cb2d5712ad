/* core/base/text_units.c: durations, byte sizes and times. */
#include "core/base/text.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/str.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int fail(struct str *why, const char *fmt, const char *what, const char *where)
{
    if (why) {
        str_add(why, fmt);
        str_add(why, what);
        str_add(why, where);
    }
    return -1;
}

/* ---- durations ---- */

#define SECOND 1000000000u

static const struct {
    const char *name;
    uint64_t ns;
} duration_units[] = {
    {"ns", 1},
    {"us", 1000},
    {"\u00b5s", 1000}, /* micro sign */
    {"\u03bcs", 1000}, /* Greek mu */
    {"ms", 1000000},
    {"s", SECOND},
    {"m", 60ull * SECOND},
    {"h", 3600ull * SECOND},
    {"d", 24ull * 3600 * SECOND},
    {"w", 7 * 24ull * 3600 * SECOND},
};

static uint64_t unit_ns(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(duration_units); i++) {
        if (strlen(duration_units[i].name) == len && !memcmp(duration_units[i].name, name, len))
            return duration_units[i].ns;
    }
    return 0;
}

static int bad_duration(struct str *why, const char *text)
{
    return fail(why, "time: invalid duration \"", text, "\"");
}

/* Adds to *ns the part at *s, "1.5h", and moves on past it. */
static int parse_part(const char **s, const char *text, uint64_t *ns, struct str *why)
{
    const char *p = *s;
    uint64_t whole = 0, fraction = 0, unit, part;
    double scale = 1;
    bool digits = false, exact = true;
    size_t len;

    for (; is_digit(*p); p++, digits = true) {
        if (whole > INT64_MAX / 10)
            return bad_duration(why, text);
        whole =
            whole * 10 + (uint64_t)(*p - '0'); /* may pass INT64_MAX by a little: checked below */
    }
    if (*p == '.') {
        for (p++; is_digit(*p); p++, digits = true) {
            /* as many as Go takes, which are more than matter: the last nanosecond depends on them
             */
            exact = exact && fraction <= INT64_MAX / 10;
            if (exact) {
                fraction = fraction * 10 + (uint64_t)(*p - '0');
                scale *= 10;
            }
        }
    }
    if (!digits)
        return bad_duration(why, text);
    len = strcspn(p, ".0123456789");
    if (!len)
        return fail(why, "time: missing unit in duration \"", text, "\"");
    unit = unit_ns(p, len);
    if (!unit) {
        if (why)
            str_addf(why, "time: unknown unit \"%.*s\" in duration \"%s\"", (int)len, p, text);
        return -1;
    }
    part = (uint64_t)((double)fraction * ((double)unit / scale)); /* below one unit */
    if (whole > (INT64_MAX - part) / unit || whole * unit + part > INT64_MAX - *ns)
        return bad_duration(why, text);
    *ns += whole * unit + part;
    *s = p + len;
    return 0;
}

int duration_parse(const char *s, int64_t *ret, struct str *why)
{
    const char *text = s;
    bool negative = *s == '-';
    uint64_t ns = 0;

    if (*s == '-' || *s == '+')
        s++;
    if (!*s)
        return bad_duration(why, text);
    if (strcmp(s, "0") == 0) {
        *ret = 0;
        return 0;
    }
    while (*s) {
        if (parse_part(&s, text, &ns, why) < 0)
            return -1;
    }
    *ret = negative ? -(int64_t)ns : (int64_t)ns;
    return 0;
}

/* value/unit with as many decimals as needed, up to `places`. */
static void add_fraction(struct str *out, uint64_t value, uint64_t unit, int places)
{
    uint64_t rest = value % unit;

    str_addf(out, "%" PRIu64, value / unit);
    if (!rest)
        return;
    while (rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    str_addf(out, ".%0*" PRIu64, places, rest);
}

void duration_format(int64_t ns, struct str *out)
{
    uint64_t n = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t minutes = n / SECOND / 60;

    if (ns < 0)
        str_addc(out, '-');
    if (n == 0) {
        str_add(out, "0s");
    } else if (n < 1000) {
        str_addf(out, "%" PRIu64 "ns", n);
    } else if (n < 1000000) {
        add_fraction(out, n, 1000, 3);
        str_add(out, "\u00b5s");
    } else if (n < SECOND) {
        add_fraction(out, n, 1000000, 6);
        str_add(out, "ms");
    } else {
        if (minutes >= 60)
            str_addf(out, "%" PRIu64 "h", minutes / 60);
        if (minutes)
            str_addf(out, "%" PRIu64 "m", minutes % 60);
        add_fraction(out, n % (60ull * SECOND), SECOND, 9);
        str_addc(out, 's');
    }
}

void duration_human(int64_t seconds, struct str *out)
{
    int64_t minutes = seconds / 60;
    int64_t hours = seconds / 3600 + (seconds % 3600 >= 1800); /* rounded */

    if (seconds < 1)
        str_add(out, "Less than a second");
    else if (seconds == 1)
        str_add(out, "1 second");
    else if (seconds < 60)
        str_addf(out, "%" PRId64 " seconds", seconds);
    else if (minutes == 1)
        str_add(out, "About a minute");
    else if (minutes < 60)
        str_addf(out, "%" PRId64 " minutes", minutes);
    else if (hours == 1)
        str_add(out, "About an hour");
    else if (hours < 48)
        str_addf(out, "%" PRId64 " hours", hours);
    else if (hours < 24 * 7 * 2)
        str_addf(out, "%" PRId64 " days", hours / 24);
    else if (hours < 24 * 30 * 2)
        str_addf(out, "%" PRId64 " weeks", hours / 24 / 7);
    else if (hours < 24 * 365 * 2)
        str_addf(out, "%" PRId64 " months", hours / 24 / 30);
    else
        str_addf(out, "%" PRId64 " years", seconds / 3600 / 24 / 365);
}

/* ---- byte sizes ---- */

static int bad_number(struct str *why, const char *text, const char *reason)
{
    if (why)
        str_addf(why, "strconv.ParseFloat: parsing \"%s\": %s", text, reason);
    return -1;
}

/* Go lets single underscores stand between digits. Copies the number without them. */
static int drop_underscores(const char *s, struct str *out)
{
    for (size_t i = 0; s[i]; i++) {
        if (s[i] != '_')
            str_addc(out, s[i]);
        else if (i == 0 || !is_digit(s[i - 1]) || !is_digit(s[i + 1]))
            return -1;
    }
    return 0;
}

static int parse_number(const char *s, size_t len, double *ret, struct str *why)
{
    AUTO_TEXT given = {0};
    AUTO_TEXT plain = {0};
    double v;

    str_addn(&given, s, len);
    if (drop_underscores(str_text(&given), &plain) < 0)
        return bad_number(why, str_text(&given), "invalid syntax");
    if (str_to_double(str_text(&plain), &v) < 0)
        return bad_number(why, str_text(&given),
                          errno == ERANGE ? "value out of range" : "invalid syntax");
    *ret = v;
    return 0;
}

/* The factor of a unit as written, or 0. */
static double unit_factor(const char *unit)
{
    static const char letters[] = "kmgtp";
    double factor = 1;
    const char *at;
    char first = unit[0] >= 'A' && unit[0] <= 'Z' ? (char)(unit[0] + 32) : unit[0];

    if (!first)
        return 1;
    if (first == 'b')
        return unit[1] ? 0 : 1;
    at = strchr(letters, first);
    if (!at || (unit[1] && strcasecmp(unit + 1, "b") != 0 && strcasecmp(unit + 1, "ib") != 0))
        return 0;
    for (; at >= letters; at--)
        factor *= 1024;
    return factor;
}

int bytes_parse(const char *s, int64_t *ret, struct str *why)
{
    const char *unit = s + strlen(s);
    double n, factor;
    long long plain;
    size_t len;

    /* as it stands: all digits count, where a double has only 53 bits, and -1 is a size */
    if (is_digit(s[*s == '-' || *s == '+']) && str_to_i64(s, &plain) == 0) {
        *ret = plain;
        return 0;
    }
    while (unit > s && !is_digit(unit[-1]) && unit[-1] != '.' && unit[-1] != ' ')
        unit--;
    errno = EINVAL;
    if (unit == s)
        return fail(why, "invalid size: '", s, "'");
    len = (size_t)(unit - s) - (unit[-1] == ' ');
    if (parse_number(s, len, &n, why) < 0)
        return -1;
    errno = EINVAL;
    factor = unit_factor(unit);
    if (n < 0)
        return fail(why, "invalid size: '", s, "'");
    if (factor < 1) {
        AUTO_TEXT lower = {0};

        str_add(&lower, unit);
        for (size_t i = 0; i < lower.len; i++) {
            if (lower.data[i] >= 'A' && lower.data[i] <= 'Z')
                lower.data[i] = (char)(lower.data[i] + 32);
        }
        return fail(why, "invalid suffix: '", strlen(unit) > 3 ? unit : lower.data, "'");
    }
    if (n * factor >= 0x1p63) {
        fail(why, "invalid size: '", s, "'");
        errno = ERANGE;
        return -1;
    }
    *ret = (int64_t)(n * factor);
    return 0;
}

static void bytes_human(double n, double base, const char *const *units, size_t count, int digits,
                        struct str *out)
{
    size_t i = 0;

    for (; n >= base && i + 1 < count; i++)
        n /= base;
    str_addf(out, "%.*g%s", digits, n, units[i]);
}

void bytes_human_decimal(double n, int digits, struct str *out)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};

    bytes_human(n, 1000, units, ARRAY_LEN(units), digits, out);
}

void bytes_human_binary(double n, struct str *out)
{
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB", "TiB",
                                        "PiB", "EiB", "ZiB", "YiB"};

    bytes_human(n, 1024, units, ARRAY_LEN(units), 4, out);
}

/* ---- times ---- */

/* Reads exactly `digits` digits at *s and then the character `then` (0:
 * whatever). -1 if not there. */
static int read_field(const char **s, int digits, char then)
{
    int n = 0;

    for (; digits > 0; digits--, (*s)++) {
        if (!is_digit(**s))
            return -1;
        n = n * 10 + (**s - '0');
    }
    if (then) {
        if (**s != then)
            return -1;
        (*s)++;
    }
    return n;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01. Years start in March here, so that the leap day
 * is the last of its year. */
static int64_t days_from_date(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int read_fraction(const char **s, int32_t *ret_nsec)
{
    int32_t nsec = 0;
    int digits = 0;

    if (**s != '.' && **s != ',') {
        *ret_nsec = 0;
        return 0;
    }
    for ((*s)++; is_digit(**s); (*s)++, digits++) {
        if (digits < 9)
            nsec = nsec * 10 + (**s - '0');
    }
    if (!digits)
        return -1;
    for (; digits < 9; digits++)
        nsec *= 10;
    *ret_nsec = nsec;
    return 0;
}

/* "Z" or "+02:00", at the end of the text. Seconds east of Greenwich. */
static int read_offset(const char *s, int *ret)
{
    int sign = *s == '-' ? -1 : 1;
    int hours, minutes;

    *ret = 0;
    if ((*s == 'Z' || *s == 'z') && !s[1])
        return 0;
    if (*s != '+' && *s != '-')
        return -1;
    s++;
    hours = read_field(&s, 2, ':');
    minutes = hours < 0 ? -1 : read_field(&s, 2, 0);
    if (minutes < 0 || hours > 23 || minutes > 59 || *s)
        return -1;
    *ret = sign * (hours * 3600 + minutes * 60);
    return 0;
}

int time_parse_rfc3339(const char *s, int64_t *ret_sec, int32_t *ret_nsec)
{
    int year, month, day, hour, minute, second, offset;
    int32_t nsec;

    if ((year = read_field(&s, 4, '-')) < 0 || (month = read_field(&s, 2, '-')) < 1 || month > 12 ||
        (day = read_field(&s, 2, 0)) < 1 || day > month_days(year, month))
        return -1;
    if (*s != 'T' && *s != 't' && *s != ' ')
        return -1;
    s++;
    if ((hour = read_field(&s, 2, ':')) < 0 || hour > 23 || (minute = read_field(&s, 2, ':')) < 0 ||
        minute > 59 || (second = read_field(&s, 2, 0)) < 0 || second > 60)
        return -1;
    if (read_fraction(&s, &nsec) < 0 || read_offset(s, &offset) < 0)
        return -1;
    *ret_sec =
        days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *ret_nsec = nsec;
    return 0;
}

void time_format_rfc3339(int64_t sec, struct str *out)
{
    int64_t days = sec / 86400 - (sec % 86400 < 0), left = sec - days * 86400;
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;

    str_addf(out,
             "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64 ":%02" PRId64 "Z",
             yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1, left / 3600,
             left / 60 % 60, left % 60);
}

void mode_format(int64_t mode, struct str *out)
{
    if (mode < 0)
        str_addf(out, "0-%llo", (unsigned long long)-mode);
    else
        str_addf(out, "0%llo", (unsigned long long)mode);
}
