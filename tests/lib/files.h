/* tests/lib/files.h: a few files in a directory, and the tree they make. */
#ifndef TESTS_LIB_FILES_H
#define TESTS_LIB_FILES_H

#define FILES_MAX 5

struct text_file {
    const char *name, *text; /* names that end in .yaml and hold no slash are given with -f */
};

/* What is there after the stage (load.c names them) is `want`: problems a line each, then the tree
 * in one line. The directory is written @DIR@. */
void files_check(const struct text_file files[FILES_MAX], const char *stage, const char *want);

#endif
