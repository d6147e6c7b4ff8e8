// Golden files.
#include "support/golden.h"

#include "base/files.h"
#include "base/memory.h"
#include "support/checks.h"

void require_golden(const char *name, const char *text)
{
    char golden[1024], fresh[1024];
    snprintf(golden, sizeof golden, "%s/tests/golden/%s", QHM_SOURCE_DIR, name);
    snprintf(fresh, sizeof fresh, "%s/golden/%s.new", QHM_BINARY_DIR, name);
    char *expected = NULL;
    size_t count = 0;
    if (qhm_file_read(golden, (size_t)1 << 20, &expected, &count) == QHM_OK &&
        strcmp(expected, text) == 0) {
        qhm_release(expected);
        return;
    }
    qhm_release(expected);
    REQUIRE_OK(qhm_folder_create(QHM_BINARY_DIR "/golden"));
    REQUIRE_OK(qhm_file_write(fresh, text, strlen(text)));
    fail_msg("%s differs from %s", fresh, golden);
}
