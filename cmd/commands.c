/* cmd/commands.c: the list of commands. Adding one is its line here, its file, its test. */
#include "cmd/command.h"
#include "core/base/str.h"

#define COMMANDS(COMMAND)                                                                          \
    COMMAND(build)                                                                                 \
    COMMAND(config)                                                                                \
    COMMAND(create)                                                                                \
    COMMAND(down)                                                                                  \
    COMMAND(exec)                                                                                  \
    COMMAND(explain)                                                                               \
    COMMAND(images)                                                                                \
    COMMAND(kill)                                                                                  \
    COMMAND(logs)                                                                                  \
    COMMAND(ls)                                                                                    \
    COMMAND(pause)                                                                                 \
    COMMAND(plan)                                                                                  \
    COMMAND(port)                                                                                  \
    COMMAND(ps)                                                                                    \
    COMMAND(pull)                                                                                  \
    COMMAND(restart)                                                                               \
    COMMAND(rm)                                                                                    \
    COMMAND(run)                                                                                   \
    COMMAND(scale)                                                                                 \
    COMMAND(start)                                                                                 \
    COMMAND(stop)                                                                                  \
    COMMAND(unpause)                                                                               \
    COMMAND(up)                                                                                    \
    COMMAND(version)                                                                               \
    COMMAND(why)

#define AS_EXTERN(name) extern const struct command cmd_##name;
COMMANDS(AS_EXTERN)

#define AS_ENTRY(name) &cmd_##name,
const struct command *const commands[] = {COMMANDS(AS_ENTRY) NULL};

const struct command *command_find(const char *name)
{
    for (const struct command *const *c = commands; *c; c++)
        if (str_eq((*c)->name, name))
            return *c;
    return NULL;
}
