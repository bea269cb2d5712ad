/* core/load/sources.h: the files of secrets and configs, for commands that put them into
 * containers.
 *
 * Those with an owner or a mode are copied, since a bind mount shows the host's: their content is
 * read into file_source.data. The others are mounted by the engine. What is wrong with a file is
 * noted in file_source.problem: it matters only when a container is made or started. */
#ifndef CORE_LOAD_SOURCES_H
#define CORE_LOAD_SOURCES_H

#include <stdbool.h>

struct project;

/* For all enabled services; files that were read before are not read again. `local`: the engine
 * sees the same files as we do, so those it is to mount must be there. */
void load_sources(struct project *p, bool local);

#endif
