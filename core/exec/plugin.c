#include "core/exec/plugin.h"

#include "core/base/str.h"
#include "core/model/model.h"

#include <string.h>
#include <unistd.h>

static char *in_dir(const char *dir, size_t len, const char *prefix, const char *name)
{
    AUTO_TEXT path = {0};

    if (!len)
        return NULL;
    str_addn(&path, dir, len);
    str_addf(&path, "/%s%s", prefix, name);
    return access(str_text(&path), X_OK) == 0 ? str_take(&path) : NULL;
}

char *plugin_find(const struct strings *dirs, const char *name)
{
    char *found = NULL;

    for (size_t i = 0; !found && !strchr(name, '/') && i < dirs->len; i++)
        found = in_dir(dirs->items[i], strlen(dirs->items[i]), "docker-", name);
    return found;
}

static const char *path_of_programs(char *const *environment)
{
    for (; environment && *environment; environment++)
        if (str_has_prefix(*environment, "PATH="))
            return *environment + strlen("PATH=");
    return "";
}

char *program_find(char *const *environment, const char *name)
{
    char *found = NULL;

    if (strchr(name, '/')) { /* a path, as a shell takes it */
        AUTO_TEXT path = {0};

        str_add(&path, name);
        return access(name, X_OK) == 0 ? str_take(&path) : NULL;
    }
    for (const char *at = path_of_programs(environment); !found && *at;) {
        size_t len = strcspn(at, ":");

        found = in_dir(at, len, "", name);
        at += len + (at[len] == ':');
    }
    return found;
}
