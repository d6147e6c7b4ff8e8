// Result files of clouds as distributions over the bits of the circuit that was sent.
#include "base/document.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/final_measurements.h"

#include <qhm/cloud.h>
#include <string.h>

// One result file being read.
struct result {
    const qhm_circuit *circuit;
    qhm_distribution *made;
    uint64_t *bits;    // of one outcome
    size_t word_count; // of bits
    uint32_t *sources; // [bits of the circuit]: the qubit measured into it, or its place in a row
};

static void clear_bits(struct result *result)
{
    memset(result->bits, 0, result->word_count * sizeof *result->bits);
}

static void set_bit(struct result *result, size_t bit)
{
    result->bits[bit / 64] |= (uint64_t)1 << bit % 64;
}

static qhm_status append(struct result *result, const qhm_node *node, double weight)
{
    if (!(weight >= 0))
        return qhm_node_fail(node, "%s is not a count or a probability", qhm_node_text(node));
    return qhm_distribution_append(result->made, result->bits, weight);
}

static qhm_status append_counted(struct result *result, const qhm_node *node)
{
    double weight;
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR ||
        !qhm_parse_double(qhm_node_text(node), &weight))
        return qhm_node_fail(node, "expected a count or a probability");
    return append(result, node, weight);
}

static qhm_status find_field(const qhm_node *node, const char *name, qhm_node_kind kind,
                             const qhm_node **field)
{
    *field = qhm_node_find(node, name);
    if (!*field)
        return qhm_node_fail(node, "expected a field %s", name);
    if (qhm_node_kind_of(*field) != kind)
        return qhm_node_fail(*field, "expected %s, not %s", qhm_node_kind_name(kind),
                             qhm_node_kind_name(qhm_node_kind_of(*field)));
    return QHM_OK;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// Adds a hexadecimal number, "0x1f", as the value of `count` bits from `first` on.
static qhm_status set_hexadecimal(struct result *result, const qhm_node *node, const char *text,
                                  size_t first, size_t count)
{
    const size_t length = strlen(text);
    if (length < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
        return qhm_node_fail(node, "expected a hexadecimal number such as 0x1f");
    for (size_t i = 2; i < length; i++) {
        const int digit = hex_digit(text[i]);
        if (digit < 0)
            return qhm_node_fail(node, "expected a hexadecimal number such as 0x1f");
        for (size_t k = 0; k < 4; k++) {
            const size_t bit = 4 * (length - 1 - i) + k;
            if (!(digit >> k & 1))
                continue;
            if (bit >= count)
                return qhm_node_fail(node, "%.40s has more than %zu bits", text, count);
            set_bit(result, first + bit);
        }
    }
    return QHM_OK;
}

static const qhm_register *find_register(const qhm_circuit *circuit, const char *name)
{
    for (size_t i = 0; i < qhm_circuit_bit_register_count(circuit); i++)
        if (strcmp(qhm_circuit_bit_register(circuit, i)->name, name) == 0)
            return qhm_circuit_bit_register(circuit, i);
    return NULL;
}

// Lists of hexadecimal numbers by register: entry s of all lists is shot s.
static qhm_status read_samples(struct result *result, const qhm_node *data)
{
    size_t shots = 0;
    for (size_t r = 0; r < qhm_node_count(data); r++) {
        const qhm_node *field = qhm_node_at(data, r), *samples;
        if (!find_register(result->circuit, qhm_node_name(field)))
            return qhm_node_fail(field, "the circuit has no classical register of this name");
        QHM_TRY(find_field(field, "samples", QHM_NODE_SEQUENCE, &samples));
        if (r > 0 && qhm_node_count(samples) != shots)
            return qhm_node_fail(samples, "has %zu shots, not %zu", qhm_node_count(samples), shots);
        shots = qhm_node_count(samples);
    }
    for (size_t s = 0; s < shots; s++) {
        clear_bits(result);
        for (size_t r = 0; r < qhm_node_count(data); r++) {
            const qhm_node *field = qhm_node_at(data, r);
            const qhm_node *sample = qhm_node_at(qhm_node_find(field, "samples"), s);
            const qhm_register *bits = find_register(result->circuit, qhm_node_name(field));
            QHM_TRY(
                set_hexadecimal(result, sample, qhm_node_text(sample), bits->first, bits->count));
        }
        QHM_TRY(append(result, data, 1));
    }
    return QHM_OK;
}

// Moves the lowest bits to where the registers have theirs, past the scratch bits.
static void spread_over_registers(struct result *result)
{
    const qhm_circuit *circuit = result->circuit;
    size_t total = 0;
    for (size_t i = 0; i < qhm_circuit_bit_register_count(circuit); i++)
        total += qhm_circuit_bit_register(circuit, i)->count;
    for (size_t i = qhm_circuit_bit_register_count(circuit); i-- > 0;) {
        const qhm_register *bits = qhm_circuit_bit_register(circuit, i);
        total -= bits->count;
        for (size_t k = bits->count; k-- > 0 && total != bits->first;) {
            const size_t from = total + k;
            const bool value = result->bits[from / 64] >> from % 64 & 1;
            result->bits[from / 64] &= ~((uint64_t)1 << from % 64);
            if (value)
                set_bit(result, bits->first + k);
        }
    }
}

static qhm_status read_counts(struct result *result, const qhm_node *counts)
{
    for (size_t i = 0; i < qhm_node_count(counts); i++) {
        const qhm_node *count = qhm_node_at(counts, i);
        const char *key = qhm_node_name(count);
        clear_bits(result);
        if (key[0] == '0' && (key[1] == 'x' || key[1] == 'X')) {
            size_t total = 0;
            for (size_t r = 0; r < qhm_circuit_bit_register_count(result->circuit); r++)
                total += qhm_circuit_bit_register(result->circuit, r)->count;
            QHM_TRY(set_hexadecimal(result, count, key, 0, total));
            spread_over_registers(result);
        } else if (qhm_outcome_parse(result->circuit, key, result->bits) != QHM_OK) {
            return qhm_node_fail(count, "is no outcome of the circuit's classical registers");
        }
        QHM_TRY(append_counted(result, count));
    }
    return QHM_OK;
}

static qhm_status read_ibm(struct result *result, const qhm_node *root)
{
    const qhm_node *results = qhm_node_find(root, "results");
    const qhm_node *counts = qhm_node_find(root, "counts");
    if (results) {
        const qhm_node *data;
        if (qhm_node_kind_of(results) != QHM_NODE_SEQUENCE || qhm_node_count(results) != 1)
            return qhm_node_fail(results, "expected a list of one result, that of the circuit");
        QHM_TRY(find_field(qhm_node_at(results, 0), "data", QHM_NODE_MAPPING, &data));
        counts = qhm_node_find(data, "counts");
        if (!counts || qhm_node_find(counts, "samples"))
            return read_samples(result, data);
    }
    return read_counts(result, counts ? counts : root);
}

// For every bit, its place in the rows of outcomes, which go by measuredQubits.
static qhm_status find_places(struct result *result, const qhm_node *root, size_t *row_length)
{
    const size_t qubit_count = qhm_circuit_qubit_count(result->circuit);
    const qhm_node *measured;
    uint32_t *places;
    QHM_TRY(find_field(root, "measuredQubits", QHM_NODE_SEQUENCE, &measured));
    QHM_TRY(qhm_allocate(qubit_count, sizeof *places, &places));
    for (size_t i = 0; i < qubit_count; i++)
        places[i] = QHM_NOT_MEASURED;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_node_count(measured) && status == QHM_OK; i++) {
        const qhm_node *node = qhm_node_at(measured, i);
        uint64_t qubit;
        if (!qhm_parse_uint64(qhm_node_text(node), &qubit) || qubit >= qubit_count)
            status = qhm_node_fail(node, "expected a qubit below %zu", qubit_count);
        else
            places[qubit] = (uint32_t)i;
    }
    for (size_t bit = 0; bit < qhm_circuit_bit_count(result->circuit) && status == QHM_OK; bit++) {
        const uint32_t qubit = result->sources[bit];
        if (qubit == QHM_NOT_MEASURED)
            continue;
        result->sources[bit] = places[qubit];
        if (places[qubit] == QHM_NOT_MEASURED)
            status = qhm_node_fail(measured, "lacks qubit %u, which the circuit measures", qubit);
    }
    qhm_release(places);
    *row_length = qhm_node_count(measured);
    return status;
}

static qhm_status read_rows(struct result *result, const qhm_node *rows, size_t row_length)
{
    for (size_t s = 0; s < qhm_node_count(rows); s++) {
        const qhm_node *row = qhm_node_at(rows, s);
        if (qhm_node_count(row) != row_length)
            return qhm_node_fail(row, "expected %zu outcomes", row_length);
        clear_bits(result);
        for (size_t bit = 0; bit < qhm_circuit_bit_count(result->circuit); bit++) {
            if (result->sources[bit] == QHM_NOT_MEASURED)
                continue;
            const qhm_node *outcome = qhm_node_at(row, result->sources[bit]);
            const char *text = qhm_node_text(outcome);
            if (strcmp(text, "1") == 0)
                set_bit(result, bit);
            else if (strcmp(text, "0") != 0)
                return qhm_node_fail(outcome, "expected 0 or 1");
        }
        QHM_TRY(append(result, row, 1));
    }
    return QHM_OK;
}

// Keys have the first measured qubit on the left.
static qhm_status read_row_counts(struct result *result, const qhm_node *counts, size_t row_length)
{
    for (size_t i = 0; i < qhm_node_count(counts); i++) {
        const qhm_node *count = qhm_node_at(counts, i);
        const char *key = qhm_node_name(count);
        if (strlen(key) != row_length || strspn(key, "01") != row_length)
            return qhm_node_fail(count, "expected a name of %zu zeros and ones", row_length);
        clear_bits(result);
        for (size_t bit = 0; bit < qhm_circuit_bit_count(result->circuit); bit++)
            if (result->sources[bit] != QHM_NOT_MEASURED && key[result->sources[bit]] == '1')
                set_bit(result, bit);
        QHM_TRY(append_counted(result, count));
    }
    return QHM_OK;
}

static qhm_status read_braket(struct result *result, const qhm_node *root)
{
    static const char *const counted[] = {"measurementCounts", "measurementProbabilities"};
    size_t row_length;
    QHM_TRY(find_places(result, root, &row_length));
    const qhm_node *rows = qhm_node_find(root, "measurements");
    if (rows && qhm_node_count(rows) > 0)
        return read_rows(result, rows, row_length);
    for (size_t i = 0; i < 2; i++) {
        const qhm_node *counts = qhm_node_find(root, counted[i]);
        if (counts && qhm_node_kind_of(counts) == QHM_NODE_MAPPING)
            return read_row_counts(result, counts, row_length);
    }
    return qhm_node_fail(root, "expected a field measurements, measurementCounts or "
                               "measurementProbabilities");
}

static const qhm_node *unwrap_ionq(const qhm_node *root)
{
    static const char *const wrappers[] = {"histogram", "probabilities", "counts"};
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        const qhm_node *inner = qhm_node_find(root, wrappers[i]);
        if (inner && qhm_node_kind_of(inner) == QHM_NODE_MAPPING)
            return inner;
    }
    return root;
}

static qhm_status read_ionq(struct result *result, const qhm_node *root)
{
    const qhm_node *histogram = unwrap_ionq(root);
    const size_t qubits = qhm_circuit_qubit_count(result->circuit);
    for (size_t i = 0; i < qhm_node_count(histogram); i++) {
        const qhm_node *share = qhm_node_at(histogram, i);
        uint64_t outcome;
        if (!qhm_parse_uint64(qhm_node_name(share), &outcome) ||
            (qubits < 64 && outcome >> qubits != 0))
            return qhm_node_fail(share, "expected a name that is a whole number of %zu bits",
                                 qubits);
        clear_bits(result);
        for (size_t bit = 0; bit < qhm_circuit_bit_count(result->circuit); bit++)
            if (result->sources[bit] < 64 && (outcome >> result->sources[bit] & 1))
                set_bit(result, bit);
        QHM_TRY(append_counted(result, share));
    }
    return QHM_OK;
}

static qhm_status read_result(struct result *result, qhm_cloud cloud, const qhm_node *root)
{
    if (qhm_node_kind_of(root) != QHM_NODE_MAPPING)
        return qhm_node_fail(root, "expected an object");
    if (cloud != QHM_CLOUD_IBM)
        QHM_TRY(qhm_check_final_measurements(result->circuit, "a job for this cloud"));
    qhm_find_measured_qubits(result->circuit, result->sources);
    switch (cloud) {
    case QHM_CLOUD_IBM:
        QHM_TRY(read_ibm(result, root));
        break;
    case QHM_CLOUD_BRAKET:
        QHM_TRY(read_braket(result, root));
        break;
    case QHM_CLOUD_IONQ:
        QHM_TRY(read_ionq(result, root));
        break;
    }
    if (!(qhm_distribution_total(result->made) > 0))
        return qhm_node_fail(root, "there are no outcomes");
    return QHM_OK;
}

qhm_status qhm_cloud_result_parse(const char *text, size_t length, qhm_cloud cloud,
                                  const qhm_circuit *circuit, qhm_distribution **distribution)
{
    QHM_REQUIRE(text && circuit && distribution,
                "qhm_cloud_result_parse needs a text, a circuit and a place for the result");
    QHM_REQUIRE((unsigned)cloud <= QHM_CLOUD_IONQ, "the cloud is %u, not below 3", (unsigned)cloud);
    const size_t bit_count = qhm_circuit_bit_count(circuit);
    struct result result = {.circuit = circuit, .word_count = qhm_bit_words(bit_count)};
    qhm_document *document;
    QHM_TRY(qhm_document_parse_json(text, length, "the result", &document));
    qhm_status status = qhm_distribution_create(bit_count, &result.made);
    if (status == QHM_OK)
        status = qhm_allocate(result.word_count, sizeof *result.bits, &result.bits);
    if (status == QHM_OK)
        status = qhm_allocate(bit_count, sizeof *result.sources, &result.sources);
    if (status == QHM_OK)
        status = read_result(&result, cloud, qhm_document_root(document));
    qhm_document_destroy(document);
    qhm_release(result.bits);
    qhm_release(result.sources);
    if (status != QHM_OK) {
        qhm_distribution_destroy(result.made);
        return status;
    }
    *distribution = result.made;
    return QHM_OK;
}

static bool has_any(const qhm_node *root, const char *const *names)
{
    for (; *names; names++)
        if (qhm_node_find(root, *names))
            return true;
    return false;
}

// An object of numbers without any other field: IonQ's keys are decimal, others' hexadecimal or
// binary; where both would do, shares of 1 are IonQ's.
static qhm_status guess_counts(const qhm_node *root, qhm_cloud *cloud)
{
    bool is_decimal = true, is_binary = true, are_shares = true;
    for (size_t i = 0; i < qhm_node_count(root); i++) {
        const qhm_node *count = qhm_node_at(root, i);
        const char *key = qhm_node_name(count);
        double weight;
        if (qhm_node_kind_of(count) != QHM_NODE_SCALAR ||
            !qhm_parse_double(qhm_node_text(count), &weight))
            return qhm_node_fail(root, "this is no result file of ibm, braket or ionq");
        is_decimal &= strspn(key, "0123456789") == strlen(key);
        is_binary &= strspn(key, "01") == strlen(key);
        are_shares &= weight <= 1;
    }
    *cloud = is_decimal && (!is_binary || are_shares) ? QHM_CLOUD_IONQ : QHM_CLOUD_IBM;
    return QHM_OK;
}

static qhm_status guess(const qhm_node *root, qhm_cloud *cloud)
{
    static const char *const braket[] = {"measuredQubits", "measurements", "measurementCounts",
                                         "measurementProbabilities", NULL};
    static const char *const ibm[] = {"results", "counts", NULL};
    static const char *const ionq[] = {"histogram", "probabilities", NULL};
    if (qhm_node_kind_of(root) != QHM_NODE_MAPPING || qhm_node_count(root) == 0)
        return qhm_node_fail(root, "this is no result file of ibm, braket or ionq");
    if (has_any(root, braket))
        *cloud = QHM_CLOUD_BRAKET;
    else if (has_any(root, ibm))
        *cloud = QHM_CLOUD_IBM;
    else if (has_any(root, ionq))
        *cloud = QHM_CLOUD_IONQ;
    else
        return guess_counts(root, cloud);
    return QHM_OK;
}

qhm_status qhm_cloud_result_find(const char *text, size_t length, qhm_cloud *cloud)
{
    QHM_REQUIRE(text && cloud, "qhm_cloud_result_find needs a text and a place for the cloud");
    qhm_document *document;
    QHM_TRY(qhm_document_parse_json(text, length, "the result", &document));
    qhm_status status = guess(qhm_document_root(document), cloud);
    qhm_document_destroy(document);
    return status;
}
