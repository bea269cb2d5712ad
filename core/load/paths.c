/* core/load/paths.c: relative paths of a set. An included set's come out relative to
 * the including project's directory, and are resolved once more with that one's. */
#include "core/load/stages.h"

#include "core/schema/passes.h"

int stage_paths(struct load *l, struct node *model)
{
    return schema_paths(&l->schema, model);
}
