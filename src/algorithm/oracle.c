// Oracles: compute, turn the phase under patterns of bits, compute back.
#include <qhm/oracle.h>

#include "algorithm/boolean_formula_internal.h"
#include "algorithm/phase_pattern.h"
#include "algorithm/reversible.h"
#include "base/memory.h"

#include <qhm/arithmetic.h>

struct qhm_oracle {
    size_t qubit_count, work_count, load_count;
    qhm_circuit *compute;      // over search and work qubits; NULL: nothing to compute
    qhm_pattern_list patterns; // any of which turns the phase; no two hold for one item
};

void qhm_oracle_destroy(qhm_oracle *oracle)
{
    if (!oracle)
        return;
    qhm_circuit_destroy(oracle->compute);
    qhm_pattern_list_release(&oracle->patterns);
    qhm_release(oracle);
}

size_t qhm_oracle_qubit_count(const qhm_oracle *oracle)
{
    return oracle->qubit_count;
}

size_t qhm_oracle_work_count(const qhm_oracle *oracle)
{
    return oracle->work_count;
}

size_t qhm_oracle_load_count(const qhm_oracle *oracle)
{
    return oracle->load_count;
}

static qhm_status finish(qhm_oracle *made, qhm_status status, qhm_oracle **oracle)
{
    if (status != QHM_OK) {
        qhm_oracle_destroy(made);
        return status;
    }
    *oracle = made;
    return QHM_OK;
}

static qhm_status add_item(qhm_oracle *oracle, uint64_t item)
{
    for (uint32_t q = 0; q < oracle->qubit_count; q++)
        QHM_TRY(qhm_pattern_list_add_bit(&oracle->patterns, q, item >> q & 1));
    return qhm_pattern_list_close(&oracle->patterns);
}

qhm_status qhm_oracle_create_marked(size_t qubit_count, const uint64_t *items, size_t count,
                                    qhm_oracle **oracle)
{
    qhm_oracle *made;
    QHM_REQUIRE((items || count == 0) && oracle, "items or oracle is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 62, "qubit_count is %zu, not 1 to 62",
                qubit_count);
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(items[i] >> qubit_count == 0, "item %llu does not fit %zu qubits",
                    (unsigned long long)items[i], qubit_count);
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(items[j] != items[i], "item %llu is there twice",
                        (unsigned long long)items[i]);
    }
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = add_item(made, items[i]);
    return finish(made, status, oracle);
}

// A value that is computed already: a qubit, and the value of it that means true.
typedef struct reference {
    uint32_t qubit;
    uint8_t value;
} reference;

static qhm_status compute_node(qhm_oracle *oracle, const qhm_boolean_formula *formula, size_t index,
                               reference *result);

// The references of a node's children, each once; *is_contradiction if a qubit would need to have
// both values. For an OR they are what makes it false.
static qhm_status compute_children(qhm_oracle *oracle, const qhm_boolean_formula *formula,
                                   size_t index, uint32_t *qubits, uint8_t *values, size_t *count,
                                   bool *is_contradiction)
{
    const bool is_or = formula->nodes[index].kind == QHM_BOOLEAN_OR;
    const bool is_xor = formula->nodes[index].kind == QHM_BOOLEAN_XOR;
    *count = 0;
    *is_contradiction = false;
    for (size_t c = formula->nodes[index].first; c != QHM_BOOLEAN_NONE;
         c = formula->nodes[c].next) {
        reference child;
        size_t same = 0;
        QHM_TRY(compute_node(oracle, formula, c, &child));
        child.value ^= is_or;
        while (!is_xor && same < *count && qubits[same] != child.qubit)
            same++;
        if (!is_xor && same < *count) {
            *is_contradiction |= values[same] != child.value;
            continue;
        }
        qubits[*count] = child.qubit;
        values[(*count)++] = child.value;
    }
    return QHM_OK;
}

static qhm_status append_node(qhm_oracle *oracle, qhm_boolean_kind kind, const uint32_t *qubits,
                              const uint8_t *values, size_t count, bool is_contradiction,
                              reference *result)
{
    if (kind != QHM_BOOLEAN_XOR && count == 1 && !is_contradiction) {
        *result = (reference){qubits[0], values[0] ^ (kind == QHM_BOOLEAN_OR)};
        return QHM_OK;
    }
    *result =
        (reference){(uint32_t)(oracle->qubit_count + oracle->work_count++), kind != QHM_BOOLEAN_OR};
    QHM_TRY(qhm_circuit_append_qubits(oracle->compute, "work", 1));
    if (kind != QHM_BOOLEAN_XOR)
        return is_contradiction
                   ? QHM_OK
                   : qhm_append_controlled_x(oracle->compute, count, qubits, values, result->qubit);
    for (size_t i = 0; i < count; i++) {
        QHM_TRY(qhm_append_controlled_x(oracle->compute, 1, &qubits[i], NULL, result->qubit));
        result->value ^= !values[i];
    }
    return QHM_OK;
}

static size_t child_count(const qhm_boolean_formula *formula, size_t index)
{
    size_t count = 0;
    for (size_t c = formula->nodes[index].first; c != QHM_BOOLEAN_NONE; c = formula->nodes[c].next)
        count++;
    return count;
}

static qhm_status compute_node(qhm_oracle *oracle, const qhm_boolean_formula *formula, size_t index,
                               reference *result)
{
    const qhm_boolean_node *node = &formula->nodes[index];
    if (node->kind == QHM_BOOLEAN_VARIABLE) {
        *result = (reference){(uint32_t)node->variable, !node->is_negated};
        return QHM_OK;
    }
    const size_t most = child_count(formula, index);
    uint32_t *qubits = NULL;
    uint8_t *values = NULL;
    size_t count;
    bool is_contradiction;
    qhm_status status = qhm_allocate(most, sizeof *qubits, &qubits);
    if (status == QHM_OK)
        status = qhm_allocate(most, sizeof *values, &values);
    if (status == QHM_OK)
        status =
            compute_children(oracle, formula, index, qubits, values, &count, &is_contradiction);
    if (status == QHM_OK)
        status = append_node(oracle, node->kind, qubits, values, count, is_contradiction, result);
    if (status == QHM_OK)
        result->value ^= node->is_negated;
    qhm_release(qubits);
    qhm_release(values);
    return status;
}

// The parts of an outermost conjunction need no work qubit for their AND: it is the phase gate's.
static qhm_status compute_root(qhm_oracle *oracle, const qhm_boolean_formula *formula)
{
    const qhm_boolean_node *root = &formula->nodes[formula->root];
    const bool is_and = root->kind == QHM_BOOLEAN_AND && !root->is_negated;
    bool is_contradiction = false;
    for (size_t c = is_and ? root->first : formula->root; c != QHM_BOOLEAN_NONE;
         c = is_and ? formula->nodes[c].next : QHM_BOOLEAN_NONE) {
        reference part;
        QHM_TRY(compute_node(oracle, formula, c, &part));
        const qhm_pattern_bit known = qhm_pattern_list_open_bit(&oracle->patterns, part.qubit);
        if (known == QHM_PATTERN_FREE)
            QHM_TRY(qhm_pattern_list_add_bit(&oracle->patterns, part.qubit, part.value));
        else
            is_contradiction |= known != (qhm_pattern_bit)part.value;
    }
    if (is_contradiction)
        return QHM_OK; // never closed, so that nothing is marked
    return qhm_pattern_list_close(&oracle->patterns);
}

qhm_status qhm_oracle_create_formula(const qhm_boolean_formula *formula, qhm_oracle **oracle)
{
    qhm_oracle *made;
    QHM_REQUIRE(formula && oracle, "formula or oracle is NULL");
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = formula->variable_count;
    qhm_status status = qhm_circuit_create(made->qubit_count, 0, &made->compute);
    if (status == QHM_OK)
        status = compute_root(made, formula);
    return finish(made, status, oracle);
}

// A table that is loaded: addresses [n], iteration [n - 1], value [width].
typedef struct table {
    qhm_circuit *circuit;
    size_t address_count, width, count;
    const uint64_t *values;
} table;

static uint32_t value_qubit(const table *t, size_t bit)
{
    return (uint32_t)(2 * t->address_count - 1 + bit);
}

// Addresses beyond the table get the largest value.
static qhm_status load_value(const table *t, size_t address, uint32_t control)
{
    for (size_t bit = 0; bit < t->width; bit++)
        if (address >= t->count || t->values[address] >> bit & 1)
            QHM_TRY(qhm_append_controlled_x(t->circuit, 1, &control, NULL, value_qubit(t, bit)));
    return QHM_OK;
}

// All addresses that begin, from the top, with the bits of `prefix`, which `control` stands for.
static qhm_status iterate(const table *t, size_t level, size_t prefix, uint32_t control)
{
    if (level == t->address_count)
        return load_value(t, prefix, control);
    const uint32_t bit = (uint32_t)(t->address_count - 1 - level);
    const uint32_t controls[2] = {control, bit};
    const uint32_t both = (uint32_t)(t->address_count + level - 1);
    QHM_TRY(qhm_append_controlled_x(t->circuit, 2, controls, (uint8_t[]){1, 0}, both));
    QHM_TRY(iterate(t, level + 1, 2 * prefix, both));
    QHM_TRY(qhm_append_controlled_x(t->circuit, 1, &control, NULL, both));
    QHM_TRY(iterate(t, level + 1, 2 * prefix + 1, both));
    return qhm_append_controlled_x(t->circuit, 2, controls, NULL, both);
}

static qhm_status load_table(const table *t)
{
    const uint32_t top = (uint32_t)(t->address_count - 1);
    QHM_TRY(qhm_circuit_append(t->circuit, QHM_GATE_X, &top, NULL));
    QHM_TRY(iterate(t, 1, 0, top));
    QHM_TRY(qhm_circuit_append(t->circuit, QHM_GATE_X, &top, NULL));
    return iterate(t, 1, 1, top);
}

static qhm_status append_comparison(const table *t, uint64_t bound)
{
    uint32_t qubits[3 * 32 + 1];
    qhm_circuit *compare;
    QHM_TRY(qhm_arithmetic_create(QHM_ARITHMETIC_COMPARE_CONSTANT,
                                  &(qhm_arithmetic_options){.width = t->width, .constant = bound},
                                  &compare));
    for (size_t i = 0; i < qhm_circuit_qubit_count(compare); i++)
        qubits[i] = value_qubit(t, i);
    const qhm_status status = qhm_circuit_append_circuit(t->circuit, compare, qubits, NULL, 0, 0);
    qhm_circuit_destroy(compare);
    return status;
}

static qhm_status compute_less(qhm_oracle *oracle, const table *t, uint64_t bound)
{
    QHM_TRY(load_table(t));
    QHM_TRY(append_comparison(t, bound));
    QHM_TRY(qhm_pattern_list_add_bit(&oracle->patterns, value_qubit(t, t->width), 1));
    return qhm_pattern_list_close(&oracle->patterns);
}

qhm_status qhm_oracle_create_less(size_t qubit_count, size_t width, const uint64_t *values,
                                  size_t count, uint64_t bound, qhm_oracle **oracle)
{
    qhm_oracle *made;
    QHM_REQUIRE(values && oracle, "values or oracle is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 24, "qubit_count is %zu, not 1 to 24",
                qubit_count);
    QHM_REQUIRE(width >= 1 && width <= 32, "width is %zu, not 1 to 32", width);
    QHM_REQUIRE(count >= 1 && count <= (size_t)1 << qubit_count, "count is %zu, not 1 to %zu",
                count, (size_t)1 << qubit_count);
    QHM_REQUIRE(bound >> width == 0, "bound is %llu, not of %zu bits", (unsigned long long)bound,
                width);
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(values[i] >> width == 0, "value %zu is %llu, not of %zu bits", i,
                    (unsigned long long)values[i], width);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    made->work_count = qubit_count - 1 + 2 * width + 1;
    made->load_count = 2;
    qhm_status status = qhm_circuit_create(qubit_count + made->work_count, 0, &made->compute);
    if (status == QHM_OK)
        status =
            compute_less(made, &(table){made->compute, qubit_count, width, count, values}, bound);
    return finish(made, status, oracle);
}

qhm_status qhm_oracle_create_product(size_t width, uint64_t product, qhm_oracle **oracle)
{
    qhm_oracle *made;
    QHM_REQUIRE(oracle, "oracle is NULL");
    QHM_REQUIRE(width >= 1 && width <= 31, "width is %zu, not 1 to 31", width);
    QHM_REQUIRE(product >> 2 * width == 0, "product is %llu, not of %zu bits",
                (unsigned long long)product, 2 * width);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = 2 * width;
    made->work_count = 2 * width + 1; // the product, and the multiplier's own
    qhm_status status = qhm_arithmetic_create(
        QHM_ARITHMETIC_MULTIPLY, &(qhm_arithmetic_options){.width = width}, &made->compute);
    for (uint32_t q = 0; q < 2 * width && status == QHM_OK; q++)
        status =
            qhm_pattern_list_add_bit(&made->patterns, (uint32_t)(2 * width) + q, product >> q & 1);
    if (status == QHM_OK)
        status = qhm_pattern_list_close(&made->patterns);
    return finish(made, status, oracle);
}

qhm_status qhm_oracle_check(const qhm_oracle *oracle, uint64_t item, bool *is_marked)
{
    uint8_t *bits;
    QHM_REQUIRE(oracle && is_marked, "oracle or is_marked is NULL");
    QHM_REQUIRE(item >> oracle->qubit_count == 0, "item %llu does not fit %zu qubits",
                (unsigned long long)item, oracle->qubit_count);
    QHM_TRY(qhm_allocate(oracle->qubit_count + oracle->work_count, 1, &bits));
    for (size_t q = 0; q < oracle->qubit_count; q++)
        bits[q] = item >> q & 1;
    const qhm_status status = oracle->compute ? qhm_reversible_run(oracle->compute, bits) : QHM_OK;
    if (status == QHM_OK)
        *is_marked = qhm_pattern_list_holds(&oracle->patterns, bits);
    qhm_release(bits);
    return status;
}

static qhm_status append_call(qhm_circuit *circuit, const qhm_oracle *oracle, double angle,
                              size_t control_count)
{
    qhm_circuit *inverse = NULL;
    if (oracle->compute) {
        QHM_TRY(qhm_circuit_append_circuit(circuit, oracle->compute, NULL, NULL, 0, 0));
        QHM_TRY(qhm_circuit_invert(oracle->compute, &inverse));
    }
    qhm_status status = qhm_pattern_list_append_phase(
        &oracle->patterns, circuit, angle, oracle->qubit_count + oracle->work_count, control_count);
    if (status == QHM_OK && inverse)
        status = qhm_circuit_append_circuit(circuit, inverse, NULL, NULL, 0, 0);
    qhm_circuit_destroy(inverse);
    return status;
}

static qhm_status append_registers(qhm_circuit *circuit, const qhm_oracle *oracle,
                                   size_t control_count)
{
    QHM_TRY(qhm_circuit_append_qubits(circuit, "search", oracle->qubit_count));
    if (oracle->work_count > 0)
        QHM_TRY(qhm_circuit_append_qubits(circuit, "work", oracle->work_count));
    return control_count > 0 ? qhm_circuit_append_qubits(circuit, "control", control_count)
                             : QHM_OK;
}

qhm_status qhm_oracle_circuit_create(const qhm_oracle *oracle, double angle, size_t control_count,
                                     qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(oracle && circuit, "oracle or circuit is NULL");
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    qhm_status status = append_registers(made, oracle, control_count);
    if (status == QHM_OK)
        status = append_call(made, oracle, angle, control_count);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
