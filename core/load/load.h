/* core/load/load.h: from files, environment and command line to the model.
 *
 * load.c lists the stages in order; each is tree in, tree out, one file each (stages.h). All
 * problems of all files are reported in one run. Nothing is fetched from a network. */
#ifndef CORE_LOAD_LOAD_H
#define CORE_LOAD_LOAD_H

#include "core/model/model.h" /* struct strings */

#include <stdbool.h>

struct diags;
struct env;
struct err;
struct node;
struct project;

/* Bytes a project may take, whatever its files are: ten thousand services of twenty lines take two
 * thirds of it, as do a thousand that read a file of a hundred variables each. */
enum { LOAD_MEMORY = 160 * 1024 * 1024 };

struct load_options {
    /* The command line; NULL or empty: not given. */
    struct strings files;     /* -f; "-" is standard input */
    struct strings env_files; /* --env-file */
    struct strings profiles;  /* --profile */
    const char *project_name;
    const char *project_directory;
    bool compatibility;
    bool strict;        /* what would be a warning for having no effect is an error */
    bool all_resources; /* keep networks, volumes... that no selected service uses */

    /* config's switches */
    bool no_interpolate, no_normalize, no_path_resolution, no_consistency, no_env_resolution;

    /* Services named on the command line: they and what they depend on stay enabled, the rest is
     * disabled. Empty: all active ones. Names may be shell patterns. */
    struct strings services;
    bool no_deps;     /* only the named ones */
    bool keep_others; /* naming a service enables it, and disables no other */

    /* The world; borrowed for the call. */
    char *const *environ; /* "K=V", NULL-terminated */
    const char *cwd;      /* absolute */
};

/* The files a command line means, before anything is parsed: used by
 * commands which can do without. */
bool load_has_files(const struct load_options *o);

/* Loads and checks everything. Returns the project, or NULL when there were errors (all of them are
 * in diags, in docker compose's words where scripts match those). Warnings
 * are in diags either way. */
struct project *load_project(const struct load_options *o, struct diags *diags);

/* The project's name alone, for commands that need no model (-p, else COMPOSE_PROJECT_NAME, else
 * the model): NULL after reporting. The result lives in `a`. */
struct arena;
const char *load_project_name(struct arena *a, const struct load_options *o, struct diags *diags);

/* Warns about what the files ask of a cluster, and one engine has no use for. */
void load_warn_no_effect(const struct project *p, struct diags *diags);

/* Runs the stages up to and including `stage` ("parse", "interpolate", "merge", ...) and gives the
 * tree: for --no-interpolate, tests and debugging. Stage names are in load.c. */
struct node *load_tree(const struct load_options *o, const char *stage, struct diags *diags,
                       struct arena *a);

#endif
