// YAML documents: what is read is a sound tree, and every value can be failed at its place.
#include "fuzz/fuzz_checks.h"

#include "base/document.h"

#include <string.h>

static void check_node(const qhm_node *node, size_t depth, size_t lines)
{
    FUZZ_REQUIRE(depth <= QHM_DOCUMENT_MAX_DEPTH);
    FUZZ_REQUIRE(qhm_node_line(node) >= 1 && qhm_node_line(node) <= lines);
    qhm_node_kind kind = qhm_node_kind_of(node);
    FUZZ_REQUIRE(kind == QHM_NODE_SCALAR || strlen(qhm_node_text(node)) == 0);
    FUZZ_REQUIRE(kind >= QHM_NODE_SEQUENCE || qhm_node_count(node) == 0);
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *child = qhm_node_at(node, i);
        FUZZ_REQUIRE((kind == QHM_NODE_MAPPING) == (qhm_node_name(child) != NULL));
        if (kind == QHM_NODE_MAPPING && i < 100) // no name twice, so a name finds its own value
            FUZZ_REQUIRE(qhm_node_find(node, qhm_node_name(child)) == child);
        check_node(child, depth + 1, lines);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t lines = 2;
    for (size_t i = 0; i < size; i++) // YAML also breaks lines at \r and at U+0085, U+2028, U+2029
        lines += data[i] == '\n' || data[i] == '\r' || data[i] == 0x85 || data[i] == 0xA8 ||
                 data[i] == 0xA9;
    qhm_document *document;
    if (qhm_document_parse_yaml((const char *)data, size, "x.yaml", &document) != QHM_OK) {
        FUZZ_REQUIRE(strncmp(qhm_error_message(), "x.yaml", 6) == 0);
        return 0;
    }
    check_node(qhm_document_root(document), 0, lines);
    (void)qhm_node_fail(qhm_document_root(document), "is checked");
    FUZZ_REQUIRE(strstr(qhm_error_message(), ": is checked"));
    qhm_document_destroy(document);
    return 0;
}
