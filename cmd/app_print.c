/* cmd/app_print.c: everything that is written to stdout and stderr goes through here. */
#include "cmd/app_inner.h"

#include "cmd/input.h"
#include "cmd/progress.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/json/write.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* As a program that has never heard of SIGPIPE: `mcompose logs | head` ends quietly. */
static void reader_left(int fd)
{
    if (fd != STDOUT_FILENO)
        return;
    input_restore();
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

static int stdout_error; /* errno of the first write that failed */

int app_check_stdout(struct app *app)
{
    if (!stdout_error)
        return 0;
    app_note(app, "write /dev/stdout: %s", strerror(stdout_error));
    return -1;
}

void app_write(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);

        if (n >= 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN) {
            struct pollfd p = {fd, POLLOUT, 0};

            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            if (errno == EPIPE)
                reader_left(fd);
            if (fd == STDOUT_FILENO && !stdout_error)
                stdout_error = errno;
            return;
        }
    }
}

int app_columns(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void app_out(const char *text, size_t len)
{
    app_write(STDOUT_FILENO, text, len);
}

void app_outf(const char *fmt, ...)
{
    AUTO_TEXT text = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    app_out(str_text(&text), text.len);
}

void app_to_stderr(struct app *app, const struct str *text)
{
    if (!text->len)
        return;
    progress_pause(app->view);
    app_write(STDERR_FILENO, str_text(text), text->len);
}

void app_note(struct app *app, const char *fmt, ...)
{
    AUTO_TEXT text = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    str_addc(&text, '\n');
    app_to_stderr(app, &text);
}

bool app_color(const struct app *app)
{
    if (!str_empty(app_getenv(app, "NO_COLOR")))
        return false;
    return app->ansi == ANSI_ALWAYS || (app->ansi == ANSI_AUTO && app->stdout_tty);
}

/* ---- levels ---- */

static void local_time(struct str *out)
{
    time_t now = time(NULL);
    struct tm tm;
    long minutes;

    localtime_r(&now, &tm);
    str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    minutes = tm.tm_gmtoff / 60;
    if (minutes)
        str_addf(out, "%c%02ld:%02ld", minutes < 0 ? '-' : '+', labs(minutes) / 60,
                 labs(minutes) % 60);
    else
        str_addc(out, 'Z');
}

static void log_json(const char *level, const char *text, struct str *out)
{
    AUTO_TEXT time = {0};
    struct json_writer w;

    local_time(&time);
    json_write_init(&w, out, 0);
    json_write_open(&w, '{');
    json_write_key(&w, "level");
    json_write_str(&w, level);
    json_write_key(&w, "msg");
    json_write_str(&w, text);
    json_write_key(&w, "time");
    json_write_str(&w, str_text(&time));
    json_write_close(&w, '}');
}

static void log_terminal(struct app *app, const char *level, const char *text, struct str *out)
{
    bool warning = str_eq(level, "warning");
    const char *word = warning ? "WARN" : str_eq(level, "info") ? "INFO" : "ERRO";
    const char *color = warning ? "33" : str_eq(level, "info") ? "36" : "31";
    unsigned long long seconds = (uv_hrtime() - app->inner->started_ns) / 1000000000u;

    if (str_empty(app_getenv(app, "NO_COLOR")))
        str_addf(out, "\033[%sm%s\033[0m", color, word);
    else
        str_add(out, word);
    str_addf(out, "[%04llu] %-44s ", seconds, text);
}

void app_log(struct app *app, const char *level, const char *text)
{
    AUTO_TEXT out = {0};

    if (app->progress == PROGRESS_MODE_JSON) {
        log_json(level, text, &out);
    } else if (app->stderr_tty) {
        log_terminal(app, level, text, &out);
    } else {
        str_add(&out, "time=\"");
        local_time(&out);
        str_addf(&out, "\" level=%s msg=", level);
        go_quote(text, &out);
    }
    str_addc(&out, '\n');
    app_to_stderr(app, &out);
}

void app_warn(struct app *app, const char *fmt, ...)
{
    AUTO_TEXT text = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    app_log(app, "warning", str_text(&text));
}

void app_info(struct app *app, const char *fmt, ...)
{
    AUTO_TEXT text = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    app_log(app, "info", str_text(&text));
}

/* ---- errors ---- */

static void json_error(const char *text, struct str *out)
{
    struct json_writer w;

    json_write_init(&w, out, 0);
    json_write_open(&w, '{');
    json_write_key(&w, "error");
    json_write_bool(&w, true);
    if (!str_empty(text)) {
        json_write_key(&w, "message");
        json_write_str(&w, text);
    }
    json_write_close(&w, '}');
    str_addc(out, '\n');
}

/* An error without a place in a file: docker compose's form, the bare text. */
void app_error_text(struct app *app, const char *text)
{
    AUTO_TEXT out = {0};

    if (app->progress == PROGRESS_MODE_JSON)
        json_error(text, &out);
    else
        str_addf(&out, "%s\n", text);
    app_to_stderr(app, &out);
}

static int exit_code(const struct app *app, const struct err *err)
{
    if (err->code == ERR_CANCELED && app->interrupts)
        return 130;
    if (err->code == ERR_FAILED && err->status > 0 && err->status < 256)
        return err->status;
    return 1;
}

/* What the user knows (it was his Ctrl-C) is not told again; the summary says what is left. */
void app_print_error(struct app *app, const struct err *err)
{
    progress_end(app->view, NULL);
    app->view = NULL;
    if (exit_code(app, err) == 130) {
        /* nothing */
    } else if (!str_empty(err->loc.file)) {
        diags_err(app->diags, err);
        app_print_diags(app);
    } else {
        app_error_text(app, err_text(err));
    }
    if (app->progress != PROGRESS_MODE_JSON) {
        app_to_stderr(app, &app->inner->evidence);
        app_to_stderr(app, &app->inner->leftover);
    }
    str_clear(&app->inner->evidence);
    str_clear(&app->inner->leftover);
}

void app_fail(struct app *app, const struct err *err)
{
    if (app->finished)
        return;
    app_print_error(app, err);
    app_finish(app, exit_code(app, err));
}
