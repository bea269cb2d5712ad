/* core/base/banned.h: calls that hide truncation, overflow or shared state do not compile here. The
 * build includes this file before every source file, after the system headers it needs. */
#ifndef CORE_BASE_BANNED_H
#define CORE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison system popen

#endif
