// Golden files: expected texts under tests/golden, compared whole.
#ifndef QHM_TESTS_GOLDEN_H
#define QHM_TESTS_GOLDEN_H

// The text equals tests/golden/<name>. If not, it is written to golden/<name>.new in the build
// folder and both paths are printed, so that `diff` and `cp` settle it.
void require_golden(const char *name, const char *text);

#endif
