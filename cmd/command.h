/* cmd/command.h: what a command is: one table of options, one function. style: nothing about an
 * option is written twice; parsing, --help and completions come from the table.
 *
 * A command's run() starts its work and returns; the loop does the rest; the command ends by
 * calling app_finish() exactly once (app.h). Adding a command is its file, its line in commands.c,
 * its test. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "core/model/model.h" /* struct strings, struct opt_bool, struct opt_int */

#include <stdbool.h>
#include <stddef.h>

struct app;
struct arena;
struct err;
struct str;

enum opt_kind {
    OPT_KIND_END,
    OPT_KIND_FLAG,    /* bool; --name, --name=false */
    OPT_KIND_TRI,     /* struct opt_bool: knows whether it was given */
    OPT_KIND_STRING,  /* const char *; NULL: not given */
    OPT_KIND_INT,     /* struct opt_int */
    OPT_KIND_LIST,    /* struct strings, repeatable, no comma splitting */
    OPT_KIND_IGNORED, /* accepted for scripts that pass it; no effect */
};

struct opt {
    enum opt_kind kind;
    char letter;      /* 0: none */
    const char *name; /* long name */
    size_t offset;    /* in the args struct */
    const char *type; /* shown in help: "string", "int", "stringArray"; NULL for flags */
    const char *help;
    const char *def; /* X of "(default X)" in help, just as shown; NULL. It is not stored. */
    bool hidden;
};

#define OPT_FLAG(l, n, T, m, h)                                                                    \
    {                                                                                              \
        OPT_KIND_FLAG, l, n, offsetof(T, m), NULL, h, NULL, false                                  \
    }
#define OPT_TRI(l, n, T, m, h)                                                                     \
    {                                                                                              \
        OPT_KIND_TRI, l, n, offsetof(T, m), NULL, h, NULL, false                                   \
    }
#define OPT_STRING(l, n, T, m, type_, h)                                                           \
    {                                                                                              \
        OPT_KIND_STRING, l, n, offsetof(T, m), type_, h, NULL, false                               \
    }
#define OPT_INT(l, n, T, m, h)                                                                     \
    {                                                                                              \
        OPT_KIND_INT, l, n, offsetof(T, m), "int", h, NULL, false                                  \
    }
#define OPT_LIST(l, n, T, m, type_, h)                                                             \
    {                                                                                              \
        OPT_KIND_LIST, l, n, offsetof(T, m), type_, h, NULL, false                                 \
    }
#define OPT_STRING_DEF(l, n, T, m, type_, d, h)                                                    \
    {                                                                                              \
        OPT_KIND_STRING, l, n, offsetof(T, m), type_, h, d, false                                  \
    }
#define OPT_IGNORED(l, n)                                                                          \
    {                                                                                              \
        OPT_KIND_IGNORED, l, n, 0, NULL, "", NULL, true                                            \
    }
#define OPT_END                                                                                    \
    {                                                                                              \
        OPT_KIND_END, 0, NULL, 0, NULL, NULL, NULL, false                                          \
    }

/* How many positional arguments a command takes; docker compose's error texts depend on it. */
enum arity { ARGS_ANY, ARGS_NONE, ARGS_MIN_1, ARGS_MIN_2 };

struct command {
    const char *name;
    const char *usage; /* after "docker compose": "up [OPTIONS] [SERVICE...]" */
    const char *summary;
    const struct opt *opts;
    size_t args_size; /* of the struct the options fill */
    enum arity arity;
    bool stop_at_positional; /* run, exec: what follows the service belongs to the command */
    bool hidden;
    bool bare; /* works whatever the environment and the options before the command say */
    /* Starts the work. `args` is zeroed, then filled; both live as long as the app. */
    void (*run)(struct app *app, void *args, const struct strings *rest);
};

extern const struct command *const commands[]; /* NULL-terminated, alphabetical */
const struct command *command_find(const char *name);

/* opts.c. */
enum opts_mode {
    OPTS_MIXED, /* options and positionals in any order */
    OPTS_STOP,  /* run, exec: what follows the first positional is taken as it is */
    OPTS_ROOT,  /* stops before the first positional, the command */
};

/* Options that are valid everywhere. */
struct opts_common {
    bool help;
    bool short_help; /* it was -h, which docker compose calls deprecated */
    bool dry_run;
    const char *unknown; /* after an error: the option that is not known, "--progress" or "-f" */
};

/* Parses argv from `at`; fills args; puts positionals into ret (arena). Errors are docker compose's
 * texts: returns -1 with err set. `common` is added to, never reset. */
int opts_parse(struct arena *a, const struct opt *opts, enum opts_mode mode, int argc, char **argv,
               int *at, void *args, struct strings *ret, struct opts_common *common,
               struct err *err);
/* opts_words.c: what opts_parse() would make `args` and `rest` of again. Only what was given. */
struct strings opts_words(struct arena *a, const struct opt *opts, const void *args,
                          const struct strings *rest);
/* The positionals' number against what the command takes. */
int opts_check_arity(const struct command *c, const struct strings *rest, struct err *err);

/* help.c: what --help prints. columns: of the terminal, 80 when there is none. */
void help_command(const struct command *c, int columns, struct str *out);
void help_root(int columns, struct str *out);

/* app.c: options that stand before the command. */
extern const struct opt root_opts[];

#endif
