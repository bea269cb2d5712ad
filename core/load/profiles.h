/* core/load/profiles.h: what profiles.c and select.c share. */
#ifndef CORE_LOAD_PROFILES_H
#define CORE_LOAD_PROFILES_H

#include <stdbool.h>

struct service;
struct strings;

bool is_in_profiles(const struct service *s, const struct strings *profiles);

#endif
