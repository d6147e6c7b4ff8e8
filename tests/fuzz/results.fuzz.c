// results.json: what is read prints as a page, and as JSON that reads to the same again.
#include "fuzz/fuzz_checks.h"

#include "experiment/report_internal.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_report *report, *again;
    if (qhm_report_parse((const char *)data, size, "r.json", &report) != QHM_OK)
        return 0;
    FUZZ_REQUIRE(qhm_report_check(report) == QHM_OK);
    qhm_text page = {0}, first = {0}, second = {0};
    (void)!qhm_report_print_html(report, "/nowhere", &page); // pictures may fail, nothing else
    FUZZ_REQUIRE(qhm_report_print_json(report, &first) == QHM_OK);
    FUZZ_REQUIRE(qhm_report_parse(first.bytes, first.length, "again.json", &again) == QHM_OK);
    FUZZ_REQUIRE(qhm_report_print_json(again, &second) == QHM_OK);
    FUZZ_REQUIRE(strcmp(first.bytes, second.bytes) == 0);
    qhm_text_release(&page);
    qhm_text_release(&first);
    qhm_text_release(&second);
    qhm_report_destroy(report);
    qhm_report_destroy(again);
    return 0;
}
