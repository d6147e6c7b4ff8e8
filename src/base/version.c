// What this build is.
#include <qhm/version.h>

#include "base/cpu.h"

const char *qhm_version(void)
{
    return QHM_VERSION;
}

const char *qhm_isa_name(void)
{
    return qhm_isa_text(qhm_cpu_isa());
}
