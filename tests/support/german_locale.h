// A locale whose decimal point is a comma, made by cmake/QhmModule.cmake in the build folder.
#ifndef QHM_TESTS_GERMAN_LOCALE_H
#define QHM_TESTS_GERMAN_LOCALE_H

#include "support/checks.h"

#include <locale.h>

static inline void enter_german_locale(void)
{
    char half[16];
    setenv("LOCPATH", QHM_BINARY_DIR "/locales", 1);
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        fail_msg("no German locale in %s/locales: is the package locales installed?",
                 QHM_BINARY_DIR);
    snprintf(half, sizeof half, "%.1f", 0.5);
    assert_string_equal(half, "0,5"); // or the test would test nothing
}

static inline void leave_german_locale(void)
{
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}

#endif
