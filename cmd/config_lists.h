/* cmd/config_lists.h: what the parts of the command config share, and its lists: one thing of the
 * model, one a line. */
#ifndef CMD_CONFIG_LISTS_H
#define CMD_CONFIG_LISTS_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdio.h>

struct app;
struct node;
struct strings;

struct config_args {
    const char *format, *hash, *output;
    bool quiet, services, images, volumes, networks, models, profiles, variables, environment;
    bool no_interpolate, no_normalize, no_path_resolution, no_consistency, no_env_resolution;
    bool resolve_digests, lock_digests;
};

struct config {
    struct app *app;
    const struct config_args *args;
    struct node *tree; /* what the files say, before interpolation; NULL: the app's model counts */
    struct str out;
    FILE *file; /* of --output, from when there is something to write; NULL: stdout */
    struct err err;
};

/* What the files say. -1: the app is finished. */
int config_load_tree(struct config *c);

struct config_list {
    int (*print)(struct config *c); /* into c->out, also what comes before an error */
    bool from_tree;                 /* never from the model */
    bool takes_services;            /* those of the command line */
};

/* The list that is asked for; NULL: none is, but the whole model. */
const struct config_list *config_list(const struct config_args *a);

#endif
