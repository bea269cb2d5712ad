/* core/exec/plugin.h: plugins of the docker command: programs called docker-NAME. */
#ifndef CORE_EXEC_PLUGIN_H
#define CORE_EXEC_PLUGIN_H

struct strings;

/* The path of the first that can be run in `dirs`; the caller frees it. NULL: there is none. */
char *plugin_find(const struct strings *dirs, const char *name);

/* The same for any program, in the PATH of `environment`, or itself when it is a path. */
char *program_find(char *const *environment, const char *name);

#endif
