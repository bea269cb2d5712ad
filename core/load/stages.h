/* core/load/stages.h: what the loading stages share. One file per stage; load.c calls them in
 * order.
 *
 * Order within one set of files: for every document of every file: parse, interpolate and
 * cast, include, extends, reset, merge over what is there, unique, validate (schema), expand (short
 * forms), unique; then once: defaults, check (structure), paths, resolve (environment), normalise,
 * decode, consistency, select. */
#ifndef CORE_LOAD_STAGES_H
#define CORE_LOAD_STAGES_H

#include "core/base/err.h" /* struct loc */
#include "core/load/load.h"
#include "core/schema/attr.h" /* struct schema_ctx */

#include <stddef.h>

struct arena;
struct diags;
struct env;
struct map;
struct node;
struct str;

/* Where the value of a secret's or config's `environment` waits in the tree for decoding. Keys that
 * begin with x-# are ours: accepted everywhere, printed nowhere. */
#define VALUE_KEY "x-#value"
/* Of a service: what its env_file and label_file add to environment and labels, which stay as they
 * were written. */
#define ENV_FILE_KEY   "x-#environment"
#define LABEL_FILE_KEY "x-#labels"

/* One set of files that make one model: the project's, or those of one include. */
struct load {
    struct arena *arena;
    struct diags *diags;
    const struct load_options *opts;
    struct env *env;      /* variables of this set */
    struct env *root_env; /* of the project itself; env_file contents see this one */
    const char *cwd;
    const char *dir;        /* project directory of this set, absolute */
    const char *top_dir;    /* of the whole project */
    const char *name;       /* project name */
    struct strings files;   /* of this set, absolute or "-" */
    struct load *parent;    /* the including set; NULL for the project */
    struct loc included_at; /* where the include stands */
    struct schema_ctx schema;
    struct map *file_cache;      /* path -> parsed documents, for extends; shared by all sets */
    struct documents *documents; /* files read so far (documents.c); shared by all sets */
    size_t depth;                /* of includes */
    size_t includes;             /* so far, below the project's own set, where they are counted */
    const char *file;            /* of this set, being read: for cycles of includes */
};

/* inputs.c: environment, env files, files, project directory and name. */
int load_inputs(struct load *l);
/* documents.c: reads one file ("-" once), registers it with diags, parses it. 0 documents: empty
 * file. */
struct yaml_docs;
int load_documents(struct load *l, const char *file, struct yaml_docs *ret);
/* The same, to look at only: the next load_documents hands out these very trees. NULL after
 * reporting. */
const struct yaml_docs *peek_documents(struct load *l, const char *file);
/* A file's name as positions show it: relative when it is below the working directory. */
const char *file_label(const struct load *l, const char *file);
/* Whether there is no such file to read, and why, in docker compose's words; `path` is where
 * `named` leads. What docker compose would fetch from a repository or a registry is not fetched. */
bool why_unreadable(const char *named, const char *path, struct str *why);

/* files.c: all files of a set, document by document, merged into one canonical tree. NULL when
 * there is nothing in them; problems are in diags. */
struct node *load_set(struct load *l);
int stage_interpolate(struct load *l, struct node *doc); /* and cast, by the rows */
/* tags.c: the paths of !reset and !override of a document, taken out of it; and their effect on a
 * tree, or on the map of the one service `under` names. */
struct tag_paths;
struct tag_paths *tags_collect(struct load *l, struct node *doc);
struct tag_paths *tags_join(struct tag_paths *tags,
                            struct tag_paths *more); /* either may be NULL */
void tags_apply(const struct tag_paths *tags, struct node *model, const char *under);
/* extends.c: in place, for every service of the document. `file` as in l->files. */
int stage_extends(struct load *l, const char *file, const struct tag_paths *tags, struct node *doc);
/* include.c: what included files define is put into the document, under what itself says of the
 * same names; the attribute is taken out. */
int stage_include(struct load *l, const char *file, const struct tag_paths *tags, struct node *doc);
/* Makes one tree of another file's documents, without looking at its extends and include.
 * `ret_tags` are the file's. NULL after reporting, or when the file is empty. */
struct node *load_foreign(struct load *l, const char *file, struct tag_paths **ret_tags);

/* Once per set. */
int stage_defaults(struct load *l, struct node *model);
int stage_check(struct load *l, struct node *model); /* structure */
int stage_paths(struct load *l, struct node *model);
int stage_environment(struct load *l, struct node *model); /* list form against the set's env */
/* `text` in the place of `at`, where only the name of the variable stood. */
struct variable;
struct node *passed(struct load *l, const struct node *at, const char *name,
                    const struct variable *v, const char *text);
/* Once per project. */
int stage_normalize(struct load *l, struct node *model);
struct project *stage_decode(struct load *l, struct node *model);
int stage_consistency(struct load *l, struct project *p); /* */
int stage_enable(struct load *l,
                 struct project *p); /* profiles of services named on the command line */
int stage_env_files(struct load *l, struct project *p); /* env_file and label_file contents */
int stage_profiles(struct load *l, struct project *p);  /* disables what is not active */
int stage_select(struct load *l,
                 struct project *p); /* services of the command line, resources used */

#endif
