/* tests/lib/fixture.h: a directory with Compose files, and the project loaded from it.
 *
 *     struct fixture f;
 *     fixture_init(&f);
 *     fixture_file(&f, "compose.yaml", "services: {a: {image: x}}");
 *     fixture_load(&f);                  f.project is NULL when there were errors
 *     fixture_done(&f);                  frees all of it and removes the directory
 *
 * Options can be set in f.options before loading. The environment is f.environ: HOME alone, unless
 * set. */
#ifndef TESTS_LIB_FIXTURE_H
#define TESTS_LIB_FIXTURE_H

#include "core/base/str.h"
#include "core/load/load.h"

struct diags;
struct project;

struct fixture {
    char dir[64];
    struct diags *diags;
    struct load_options options;
    const char *files[8]; /* names given to fixture_file that end in .yaml, in order: -f each */
    const char *services[8];
    char *environ[16];
    struct project *project;
    struct str text; /* of fixture_messages */
};

void fixture_init(struct fixture *f);
void fixture_file(struct fixture *f, const char *name, const char *text);
struct project *fixture_load(struct fixture *f);
/* One line per problem: "compose.yaml:7:9: error: path: message (hint)". File names relative to the
 * directory; the directory in messages is written as @DIR@. */
const char *fixture_messages(struct fixture *f);
/* Loads one text as compose.yaml. */
struct project *fixture_compose(struct fixture *f, const char *text);
void fixture_done(struct fixture *f);

/* Every occurrence of `from` in the text becomes `to`. */
void text_replace(struct str *text, const char *from, const char *to);

#endif
