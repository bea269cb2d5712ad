/* tests/fuzz/fuzz.h: what the fuzzers share. A fuzzer is one file here with libFuzzer's
 * LLVMFuzzerTestOneInput; what it starts from is in testdata/fuzz/<name>/.
 *
 * Files exist in memory only and have numbers for names, so that a fuzzer can find them:
 * "101" is the first, in the directory fuzz_dir(). */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "core/base/attr.h" /* PRINTF_LIKE */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diags;
struct load_options;
struct project;
struct str;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { FUZZ_FILES = 4 };

/* What must hold, and what it was when it does not. */
#define FUZZ_CHECK(cond, ...)                                                                      \
    do {                                                                                           \
        if (!(cond))                                                                               \
            fuzz_fail(#cond, __VA_ARGS__);                                                         \
    } while (0)
_Noreturn void fuzz_fail(const char *cond, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The parts of an input, cut at lines of "=====". Returns how many there are; the last has what is
 * left. */
struct fuzz_part {
    const char *text; /* not NUL-terminated */
    size_t len;
};
size_t fuzz_cut(const uint8_t *bytes, size_t len, struct fuzz_part *parts, size_t max);

const char *fuzz_dir(void);
const char *fuzz_file(size_t i, const char *text, size_t len); /* the name of file i, from 0 */

/* Options with nothing of this machine in them: `count` of the files that were made, project "p".
 */
void fuzz_options(struct load_options *o, size_t count);
/* Registers a text, so that problems are printed with what they mark. */
void fuzz_source(struct diags *d, const char *file, const char *text, size_t len);
/* Every problem as it is printed. */
void fuzz_format(struct diags *d, struct str *out);

#endif
