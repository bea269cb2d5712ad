/* tests/lib/golden.h: texts against files that hold what they should be. */
#ifndef TESTS_LIB_GOLDEN_H
#define TESTS_LIB_GOLDEN_H

/* Compares with testdata/<name>; GOLDEN_WRITE=1 writes it. Run from the top of the tree. */
void golden_check(const char *name, const char *text);

#endif
