/* cmd/config_variables.h: `config --variables`: the variables a model
 * uses, before interpolation. */
#ifndef CMD_CONFIG_VARIABLES_H
#define CMD_CONFIG_VARIABLES_H

struct arena;
struct err;
struct node;
struct str;

/* format: NULL or "table", "json", "yaml". */
int config_variables(struct arena *a, const struct node *tree, const char *format, struct str *out,
                     struct err *err);

#endif
