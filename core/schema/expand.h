/* core/schema/expand.h: short forms, named by the rows. */
#ifndef CORE_SCHEMA_EXPAND_H
#define CORE_SCHEMA_EXPAND_H

#include "core/schema/attr.h"

expand_fn expand_build;    /* string -> {context} */
expand_fn expand_command;  /* string -> list, split as a shell would split words (expand_words.c) */
expand_fn expand_contexts; /* build.additional_contexts: list of k=v -> map */
expand_fn expand_count;    /* all -> -1 */
expand_fn expand_depends_on;  /* list -> map; defaults of the map's values */
expand_fn expand_devices;     /* src:dst:perm (expand_volumes.c) */
expand_fn expand_env_file;    /* string or list -> list of {path, required} */
expand_fn expand_environment; /* expand_mapping, and no blank before the '=' */
expand_fn
    expand_external; /* a map of networks, volumes...: external: {name} -> external: true, name */
expand_fn expand_extra_hosts; /* map or list -> list of host=address (expand_hosts.c) */
expand_fn expand_file_refs;   /* secrets, configs: name -> {source} */
expand_fn expand_gpus;        /* all -> [{count: -1}] */
expand_fn expand_mapping;     /* list of k=v -> map; map values to text or null */
expand_fn expand_names;       /* list -> map of nulls */
expand_fn expand_ports;       /* expand_ports.c */
expand_fn expand_scalar;      /* number or boolean -> string */
expand_fn expand_scalar_list; /* list of numbers and strings -> list of strings */
expand_fn expand_ssh;         /* list of id[=path] -> map */
expand_fn expand_string_list; /* string -> list of one */
expand_fn expand_test;        /* healthcheck.test: string -> [CMD-SHELL, string] */
expand_fn expand_volumes;     /* expand_volumes.c */

#endif
