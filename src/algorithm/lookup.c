// Tables in superposition: QROM, SELECT-SWAP and the bucket brigade as circuits.
#include <qhm/lookup.h>

#include "base/memory.h"
#include "base/status_internal.h"

enum { MOST_ADDRESS_BITS = 20, MOST_WORD_BITS = 64 };

const char *qhm_lookup_method_name(qhm_lookup_method method)
{
    static const char *const names[QHM_LOOKUP_METHOD_COUNT] = {"qrom", "select_swap",
                                                               "bucket_brigade"};
    return names[method];
}

static qhm_status check_sizes(qhm_lookup_method method, const qhm_lookup_data *data,
                              size_t swap_bits)
{
    QHM_REQUIRE(data, "the table is NULL");
    QHM_REQUIRE(method >= 0 && method < QHM_LOOKUP_METHOD_COUNT, "method is %d, not below %d",
                (int)method, QHM_LOOKUP_METHOD_COUNT);
    QHM_REQUIRE(data->address_bits >= 1 && data->address_bits <= MOST_ADDRESS_BITS,
                "address_bits is %zu, not 1 to %d", data->address_bits, MOST_ADDRESS_BITS);
    QHM_REQUIRE(data->word_bits >= 1 && data->word_bits <= MOST_WORD_BITS,
                "word_bits is %zu, not 1 to %d", data->word_bits, MOST_WORD_BITS);
    QHM_REQUIRE(method != QHM_LOOKUP_SELECT_SWAP || swap_bits <= data->address_bits,
                "swap_bits is %zu, more than the %zu bits of an address", swap_bits,
                data->address_bits);
    return QHM_OK;
}

static qhm_status check_words(const qhm_lookup_data *data)
{
    QHM_REQUIRE(data->words, "the table has no words");
    for (size_t i = 0; i < (size_t)1 << data->address_bits; i++)
        QHM_REQUIRE(data->word_bits == 64 || data->words[i] >> data->word_bits == 0,
                    "word %zu is %llu, which does not fit into %zu bits", i,
                    (unsigned long long)data->words[i], data->word_bits);
    return QHM_OK;
}

// A circuit in the making, and where its registers begin.
typedef struct maker {
    qhm_circuit *circuit;
    const qhm_lookup_data *data;
    size_t n, b;          // bits of an address and of a word
    size_t word, work;    // first qubits
    size_t swap_bits;     // of SELECT-SWAP
    size_t leaves, buses; // of the bucket brigade
} maker;

static qhm_status gate(const maker *m, qhm_gate kind, size_t a, size_t b, size_t c)
{
    return qhm_circuit_append(m->circuit, kind, (uint32_t[]){(uint32_t)a, (uint32_t)b, (uint32_t)c},
                              NULL);
}

// What is written where the control is 1: word `index` of the outer table.
static qhm_status write_word(const maker *m, size_t control, size_t index)
{
    for (size_t j = 0; j < m->b; j++)
        if (m->data->words[index] >> j & 1)
            QHM_TRY(gate(m, QHM_GATE_CX, control, m->word + j, 0));
    return QHM_OK;
}

// The words whose high bits are `index`, each into a register of its own.
static qhm_status write_words(const maker *m, size_t control, size_t index)
{
    const size_t copies = (size_t)1 << m->swap_bits;
    for (size_t k = 0; k < copies; k++)
        for (size_t j = 0; j < m->b; j++)
            if (m->data->words[index << m->swap_bits | k] >> j & 1)
                QHM_TRY(gate(m, QHM_GATE_CX, control, m->leaves + k * m->b + j, 0));
    return QHM_OK;
}

typedef qhm_status (*writer)(const maker *m, size_t control, size_t index);

// Visits the cells below a node: `control` is 1 if the address's bits above `bit` are those of
// `index`. Its two children are the AND with the bit's inverse and, by one CX more, with the bit.
static qhm_status iterate(const maker *m, size_t control, size_t bit, size_t last_bit, size_t index,
                          size_t ancilla, writer write)
{
    if (bit == last_bit)
        return write(m, control, index);
    const size_t address = bit - 1;
    QHM_TRY(gate(m, QHM_GATE_X, address, 0, 0));
    QHM_TRY(gate(m, QHM_GATE_CCX, control, address, ancilla));
    QHM_TRY(gate(m, QHM_GATE_X, address, 0, 0));
    QHM_TRY(iterate(m, ancilla, address, last_bit, index << 1, ancilla + 1, write));
    QHM_TRY(gate(m, QHM_GATE_CX, control, ancilla, 0));
    QHM_TRY(iterate(m, ancilla, address, last_bit, index << 1 | 1, ancilla + 1, write));
    return gate(m, QHM_GATE_CCX, control, address, ancilla);
}

// Over the address's bits from the highest down to `last_bit`; the highest is the first control.
static qhm_status iterate_all(const maker *m, size_t last_bit, writer write)
{
    const size_t top = m->n - 1;
    QHM_TRY(gate(m, QHM_GATE_X, top, 0, 0));
    QHM_TRY(iterate(m, top, top, last_bit, 0, m->work, write));
    QHM_TRY(gate(m, QHM_GATE_X, top, 0, 0));
    return iterate(m, top, top, last_bit, 1, m->work, write);
}

// Brings the register that the low bits name to the place of register 0; backwards it undoes that.
static qhm_status swap_words(const maker *m, bool is_backwards)
{
    for (size_t step = 0; step < m->swap_bits; step++) {
        const size_t bit = is_backwards ? step : m->swap_bits - 1 - step;
        for (size_t k = 0; k < (size_t)1 << bit; k++)
            for (size_t j = 0; j < m->b; j++)
                QHM_TRY(gate(m, QHM_GATE_CSWAP, bit, m->leaves + k * m->b + j,
                             m->leaves + (k + ((size_t)1 << bit)) * m->b + j));
    }
    return QHM_OK;
}

// Without high bits there is nothing to iterate over: the words are constants.
static qhm_status load_words(const maker *m)
{
    if (m->swap_bits < m->n)
        return iterate_all(m, m->swap_bits, write_words);
    for (size_t k = 0; k < (size_t)1 << m->n; k++)
        for (size_t j = 0; j < m->b; j++)
            if (m->data->words[k] >> j & 1)
                QHM_TRY(gate(m, QHM_GATE_X, m->leaves + k * m->b + j, 0, 0));
    return QHM_OK;
}

// Load, swap, copy, swap back, unload: the last load is its own inverse.
static qhm_status append_select_swap(const maker *m)
{
    QHM_TRY(load_words(m));
    QHM_TRY(swap_words(m, false));
    for (size_t j = 0; j < m->b; j++)
        QHM_TRY(gate(m, QHM_GATE_CX, m->leaves + j, m->word + j, 0));
    QHM_TRY(swap_words(m, true));
    return load_words(m);
}

// Node i of level l is number 2^l - 1 + i in the tree.
static size_t router_of(const maker *m, size_t node)
{
    return m->work + 2 * node;
}

// What passes through a node; of a leaf, what arrived there.
static size_t carrier_of(const maker *m, size_t node)
{
    const size_t routers = ((size_t)1 << m->n) - 1;
    return node < routers ? m->work + 2 * node + 1 : m->leaves + node - routers;
}

// All nodes of a level hand what they carry to the child that their router names.
static qhm_status route_level(const maker *m, size_t level)
{
    for (size_t i = 0; i < (size_t)1 << level; i++) {
        const size_t node = ((size_t)1 << level) - 1 + i;
        const size_t router = router_of(m, node), carrier = carrier_of(m, node);
        QHM_TRY(gate(m, QHM_GATE_CSWAP, router, carrier, carrier_of(m, 2 * node + 2)));
        QHM_TRY(gate(m, QHM_GATE_X, router, 0, 0));
        QHM_TRY(gate(m, QHM_GATE_CSWAP, router, carrier, carrier_of(m, 2 * node + 1)));
        QHM_TRY(gate(m, QHM_GATE_X, router, 0, 0));
    }
    return QHM_OK;
}

// The highest bit of the address sets the root. Each bit waits in the root's carrier, goes down to
// its level and becomes the router there; inactive routers stay 0 and pass |0> on.
static qhm_status set_routers(const maker *m)
{
    for (size_t level = 0; level < m->n; level++) {
        QHM_TRY(gate(m, QHM_GATE_SWAP, m->n - 1 - level, carrier_of(m, 0), 0));
        for (size_t above = 0; above < level; above++)
            QHM_TRY(route_level(m, above));
        for (size_t i = 0; i < (size_t)1 << level; i++) {
            const size_t node = ((size_t)1 << level) - 1 + i;
            QHM_TRY(gate(m, QHM_GATE_SWAP, carrier_of(m, node), router_of(m, node), 0));
        }
    }
    return QHM_OK;
}

static qhm_status append_inverse(const maker *m, const qhm_circuit *part)
{
    qhm_circuit *inverse;
    QHM_TRY(qhm_circuit_invert(part, &inverse));
    const qhm_status status = qhm_circuit_append_circuit(m->circuit, inverse, NULL, NULL, 0, 0);
    qhm_circuit_destroy(inverse);
    return status;
}

// Down, a Z where the cell has the bit (leaves that nothing reached are |0> and do not care), up.
static qhm_status query_bit(const maker *m, size_t bit)
{
    const size_t bus = m->word + bit;
    QHM_TRY(gate(m, QHM_GATE_H, bus, 0, 0));
    QHM_TRY(gate(m, QHM_GATE_SWAP, bus, carrier_of(m, 0), 0));
    for (size_t level = 0; level < m->n; level++)
        QHM_TRY(route_level(m, level));
    for (size_t cell = 0; cell < (size_t)1 << m->n; cell++)
        if (m->data->words[cell] >> bit & 1)
            QHM_TRY(gate(m, QHM_GATE_Z, m->leaves + cell, 0, 0));
    for (size_t level = m->n; level-- > 0;)
        QHM_TRY(route_level(m, level)); // swaps within a level: the order in it does not matter
    QHM_TRY(gate(m, QHM_GATE_SWAP, bus, carrier_of(m, 0), 0));
    return gate(m, QHM_GATE_H, bus, 0, 0);
}

static qhm_status append_bucket_brigade(const maker *m)
{
    qhm_circuit *setting;
    QHM_TRY(set_routers(m));
    QHM_TRY(qhm_circuit_copy(m->circuit, &setting));
    qhm_status status = QHM_OK;
    for (size_t bit = 0; bit < m->b && status == QHM_OK; bit++)
        status = query_bit(m, bit);
    if (status == QHM_OK)
        status = append_inverse(m, setting);
    qhm_circuit_destroy(setting);
    return status;
}

static qhm_status append_query(qhm_lookup_method method, const maker *m)
{
    switch (method) {
    case QHM_LOOKUP_QROM:
        return iterate_all(m, 0, write_word);
    case QHM_LOOKUP_SELECT_SWAP:
        return append_select_swap(m);
    default:
        return append_bucket_brigade(m);
    }
}

// Work qubits of the unary iteration over the bits from the highest down to `last_bit`.
static size_t iteration_qubits(size_t n, size_t last_bit)
{
    return n > last_bit ? n - 1 - last_bit : 0;
}

static size_t work_qubits(qhm_lookup_method method, size_t n, size_t b, size_t swap_bits)
{
    switch (method) {
    case QHM_LOOKUP_QROM:
        return iteration_qubits(n, 0);
    case QHM_LOOKUP_SELECT_SWAP:
        return iteration_qubits(n, swap_bits) + (b << swap_bits);
    default:
        return 2 * (((size_t)1 << n) - 1) + ((size_t)1 << n);
    }
}

static qhm_status add_registers(const maker *m, size_t work)
{
    QHM_TRY(qhm_circuit_append_qubits(m->circuit, "address", m->n));
    QHM_TRY(qhm_circuit_append_qubits(m->circuit, "word", m->b));
    return work > 0 ? qhm_circuit_append_qubits(m->circuit, "work", work) : QHM_OK;
}

qhm_status qhm_lookup_create(qhm_lookup_method method, const qhm_lookup_data *data,
                             size_t swap_bits, qhm_circuit **circuit)
{
    QHM_TRY(check_sizes(method, data, swap_bits));
    QHM_TRY(check_words(data));
    QHM_REQUIRE(circuit, "circuit is NULL");
    const size_t n = data->address_bits, b = data->word_bits;
    maker m = {.data = data, .n = n, .b = b, .word = n, .work = n + b, .swap_bits = swap_bits};
    m.leaves = method == QHM_LOOKUP_SELECT_SWAP ? m.work + iteration_qubits(n, swap_bits)
                                                : m.work + 2 * (((size_t)1 << n) - 1);
    QHM_TRY(qhm_circuit_create(0, 0, &m.circuit));
    qhm_status status = add_registers(&m, work_qubits(method, n, b, swap_bits));
    if (status == QHM_OK)
        status = append_query(method, &m);
    if (status != QHM_OK) {
        qhm_circuit_destroy(m.circuit);
        return status;
    }
    *circuit = m.circuit;
    return QHM_OK;
}

// Nodes below the first control, each a pair of Toffoli gates.
static uint64_t iteration_ands(size_t n, size_t last_bit)
{
    return n > last_bit ? ((uint64_t)2 << (n - 1 - last_bit)) - 2 : 0;
}

qhm_status qhm_lookup_count(qhm_lookup_method method, const qhm_lookup_data *data, size_t swap_bits,
                            qhm_lookup_counts *counts)
{
    QHM_TRY(check_sizes(method, data, swap_bits));
    QHM_REQUIRE(counts, "counts is NULL");
    const uint64_t n = data->address_bits, b = data->word_bits, cells = (uint64_t)1 << n;
    qhm_lookup_counts c = {.qubits = n + b + work_qubits(method, n, b, swap_bits)};
    uint64_t ands = 0;
    if (method == QHM_LOOKUP_QROM) {
        ands = iteration_ands(n, 0);
        c.clifford_gates = 2 + 3 * ands + cells * b;
    } else if (method == QHM_LOOKUP_SELECT_SWAP) {
        ands = 2 * iteration_ands(n, swap_bits);
        c.controlled_swaps = 2 * b * (((uint64_t)1 << swap_bits) - 1);
        c.clifford_gates = (swap_bits < n ? 4 : 0) + 3 * ands + 2 * cells * b + b;
    } else {
        const uint64_t setting = cells - 1 - n; // routing operations, sum of 2^level - 1
        c.routers = cells - 1;
        c.routing_operations = 2 * (setting + b * (cells - 1));
        c.controlled_swaps = 2 * c.routing_operations;
        c.clifford_gates = 2 * c.routing_operations + 2 * (n + cells - 1) + b * (4 + cells);
    }
    c.toffolis = 2 * ands;
    c.t_gates = 7 * (c.toffolis + c.controlled_swaps);
    c.t_gates_measured = 4 * (ands + c.controlled_swaps);
    *counts = c;
    return QHM_OK;
}

size_t qhm_lookup_best_swap_bits(size_t address_bits, size_t word_bits)
{
    const qhm_lookup_data data = {.address_bits = address_bits, .word_bits = word_bits};
    size_t best = 0;
    uint64_t fewest = UINT64_MAX;
    for (size_t s = 0; s <= address_bits; s++) {
        qhm_lookup_counts counts;
        if (qhm_lookup_count(QHM_LOOKUP_SELECT_SWAP, &data, s, &counts) != QHM_OK)
            return 0;
        if (counts.t_gates < fewest) {
            fewest = counts.t_gates;
            best = s;
        }
    }
    return best;
}
