#include "cmd/app.h"

int main(int argc, char **argv, char **environment)
{
    return app_main(argc, argv, environment);
}
