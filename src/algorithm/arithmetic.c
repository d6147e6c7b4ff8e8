// Arithmetic on registers of qubits: ripple-carry adders, comparators, a multiplier.
#include <qhm/arithmetic.h>

#include "algorithm/reversible.h"
#include "base/status_internal.h"

#define NOWHERE UINT32_MAX

const char *qhm_arithmetic_kind_name(qhm_arithmetic_kind kind)
{
    static const char *const names[QHM_ARITHMETIC_KIND_COUNT] = {"add", "add_constant", "compare",
                                                                 "compare_constant", "multiply"};
    return names[kind];
}

static qhm_status x(qhm_circuit *circuit, uint32_t a)
{
    return qhm_circuit_append(circuit, QHM_GATE_X, &a, NULL);
}

static qhm_status cx(qhm_circuit *circuit, uint32_t a, uint32_t b)
{
    return qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){a, b}, NULL);
}

static qhm_status ccx(qhm_circuit *circuit, uint32_t a, uint32_t b, uint32_t c)
{
    return qhm_circuit_append(circuit, QHM_GATE_CCX, (uint32_t[]){a, b, c}, NULL);
}

// X on `target` if `control` is on, or always if there is none and `a` is on.
static qhm_status copy_bit(qhm_circuit *circuit, uint32_t a, uint32_t control, uint32_t target)
{
    return control == NOWHERE ? cx(circuit, a, target) : ccx(circuit, control, a, target);
}

// Afterwards a holds the carry, b a ^ b and c a ^ c of before.
static qhm_status majority(qhm_circuit *circuit, uint32_t c, uint32_t b, uint32_t a)
{
    QHM_TRY(cx(circuit, a, b));
    QHM_TRY(cx(circuit, a, c));
    return ccx(circuit, c, b, a);
}

static qhm_status undo_majority(qhm_circuit *circuit, uint32_t c, uint32_t b, uint32_t a)
{
    QHM_TRY(ccx(circuit, c, b, a));
    QHM_TRY(cx(circuit, a, c));
    return cx(circuit, a, b);
}

// Undoes a majority and leaves the sum in b.
static qhm_status undo_and_add(qhm_circuit *circuit, uint32_t c, uint32_t b, uint32_t a,
                               uint32_t control)
{
    QHM_TRY(ccx(circuit, c, b, a));
    if (control == NOWHERE) {
        QHM_TRY(cx(circuit, a, c));
        return cx(circuit, c, b);
    }
    QHM_TRY(cx(circuit, a, b));
    QHM_TRY(ccx(circuit, control, c, b)); // c is a ^ carry here
    return cx(circuit, a, c);
}

// Two numbers of `width` qubits, a work qubit that is 0, and where the carry goes.
typedef struct operands {
    size_t width;
    const uint32_t *a, *b;
    uint32_t work, carry, control;
} operands;

static qhm_status append_carries(qhm_circuit *circuit, const operands *o)
{
    QHM_TRY(majority(circuit, o->work, o->b[0], o->a[0]));
    for (size_t i = 1; i < o->width; i++)
        QHM_TRY(majority(circuit, o->a[i - 1], o->b[i], o->a[i]));
    return copy_bit(circuit, o->a[o->width - 1], o->control, o->carry);
}

// b += a, carry ^= the carry; both only if the control is on.
static qhm_status append_add(qhm_circuit *circuit, const operands *o)
{
    QHM_TRY(append_carries(circuit, o));
    for (size_t i = o->width; i-- > 1;)
        QHM_TRY(undo_and_add(circuit, o->a[i - 1], o->b[i], o->a[i], o->control));
    return undo_and_add(circuit, o->work, o->b[0], o->a[0], o->control);
}

// a < b: the carry of (2^w - 1 - a) + b.
static qhm_status append_compare(qhm_circuit *circuit, const operands *o)
{
    for (size_t i = 0; i < o->width; i++)
        QHM_TRY(x(circuit, o->a[i]));
    QHM_TRY(append_carries(circuit, o));
    for (size_t i = o->width; i-- > 1;)
        QHM_TRY(undo_majority(circuit, o->a[i - 1], o->b[i], o->a[i]));
    QHM_TRY(undo_majority(circuit, o->work, o->b[0], o->a[0]));
    for (size_t i = 0; i < o->width; i++)
        QHM_TRY(x(circuit, o->a[i]));
    return QHM_OK;
}

static qhm_status load_constant(qhm_circuit *circuit, uint64_t constant, const operands *o)
{
    for (size_t i = 0; i < o->width; i++) {
        if (!(constant >> i & 1))
            continue;
        QHM_TRY(o->control == NOWHERE ? x(circuit, o->a[i]) : cx(circuit, o->control, o->a[i]));
    }
    return QHM_OK;
}

// Adding 0 is what happens without the control: only the constant's load has to know of it.
static qhm_status append_add_constant(qhm_circuit *circuit, uint64_t constant, const operands *o)
{
    operands free_running = *o;
    free_running.control = NOWHERE;
    QHM_TRY(load_constant(circuit, constant, o));
    QHM_TRY(append_add(circuit, &free_running));
    return load_constant(circuit, constant, o);
}

// less ^= [bits 0 to i of a < those of the constant], given `below`, the same for 0 to i - 1.
static qhm_status append_borrow(qhm_circuit *circuit, bool constant_bit, uint32_t bit,
                                uint32_t below, uint32_t less)
{
    // Bit 0 of the constant: not bit and below. Bit 1: not (bit and not below).
    const uint8_t values[2] = {constant_bit, !constant_bit};
    QHM_TRY(qhm_append_controlled_x(circuit, 2, (uint32_t[]){bit, below}, values, less));
    return constant_bit ? x(circuit, less) : QHM_OK;
}

// The chain of borrows from the constant's lowest 1 up to bit w - 2, in the work qubits.
static qhm_status append_borrows(qhm_circuit *circuit, uint64_t constant, size_t lowest,
                                 const operands *o)
{
    QHM_TRY(x(circuit, o->b[lowest]));
    QHM_TRY(cx(circuit, o->a[lowest], o->b[lowest]));
    for (size_t i = lowest + 1; i + 1 < o->width; i++)
        QHM_TRY(append_borrow(circuit, constant >> i & 1, o->a[i], o->b[i - 1], o->b[i]));
    return QHM_OK;
}

// The last borrow goes to the flag, under the control by way of its own work qubit.
static qhm_status append_last_borrow(qhm_circuit *circuit, uint64_t constant, size_t lowest,
                                     const operands *o)
{
    const size_t last = o->width - 1;
    const uint32_t target = o->control == NOWHERE ? o->carry : o->b[last];
    if (lowest == last) {
        QHM_TRY(x(circuit, target));
        return cx(circuit, o->a[last], target);
    }
    return append_borrow(circuit, constant >> last & 1, o->a[last], o->b[last - 1], target);
}

// Gates `first` to `end` of the circuit again, backwards: each is its own inverse.
static qhm_status append_inverse(qhm_circuit *circuit, size_t first, size_t end)
{
    for (size_t i = end; i-- > first;) {
        const qhm_instruction *step = qhm_circuit_instruction(circuit, i);
        uint32_t qubits[3] = {0};
        for (size_t q = 0; q < step->qubit_count && q < 3; q++)
            qubits[q] = step->qubits[q];
        QHM_TRY(qhm_circuit_append(circuit, step->gate, qubits, NULL));
    }
    return QHM_OK;
}

static qhm_status append_compare_constant(qhm_circuit *circuit, uint64_t constant,
                                          const operands *o)
{
    if (constant == 0)
        return QHM_OK;
    if (constant >> o->width)
        return o->control == NOWHERE ? x(circuit, o->carry) : cx(circuit, o->control, o->carry);
    size_t lowest = 0;
    while (!(constant >> lowest & 1))
        lowest++;
    const size_t start = qhm_circuit_instruction_count(circuit);
    if (lowest + 1 < o->width)
        QHM_TRY(append_borrows(circuit, constant, lowest, o));
    const size_t chain = qhm_circuit_instruction_count(circuit);
    QHM_TRY(append_last_borrow(circuit, constant, lowest, o));
    if (o->control == NOWHERE)
        return append_inverse(circuit, start, chain);
    const size_t end = qhm_circuit_instruction_count(circuit);
    QHM_TRY(ccx(circuit, o->control, o->b[o->width - 1], o->carry));
    return append_inverse(circuit, start, end);
}

// Adds b, shifted, for every bit of a that is on; the product's next bit takes the carry.
static qhm_status append_multiply(qhm_circuit *circuit, const operands *o, const uint32_t *product)
{
    for (size_t i = 0; i < o->width; i++) {
        operands step = {o->width, o->b, product + i, o->work, product[i + o->width], o->a[i]};
        if (o->control != NOWHERE) { // a work qubit holds control and bit
            step.control = o->carry;
            QHM_TRY(ccx(circuit, o->control, o->a[i], o->carry));
        }
        QHM_TRY(append_add(circuit, &step));
        if (o->control != NOWHERE)
            QHM_TRY(ccx(circuit, o->control, o->a[i], o->carry));
    }
    return QHM_OK;
}

typedef struct layout {
    const char *names[4];
    size_t counts[4];
} layout;

static layout layout_of(qhm_arithmetic_kind kind, const qhm_arithmetic_options *options)
{
    const size_t w = options->width;
    switch (kind) {
    case QHM_ARITHMETIC_ADD:
        return (layout){{"a", "b", "carry", "work"}, {w, w, 1, 1}};
    case QHM_ARITHMETIC_ADD_CONSTANT:
        return (layout){{"b", "carry", "work"}, {w, 1, w + 1}};
    case QHM_ARITHMETIC_COMPARE:
        return (layout){{"a", "b", "flag", "work"}, {w, w, 1, 1}};
    case QHM_ARITHMETIC_COMPARE_CONSTANT:
        return (layout){{"a", "flag", "work"}, {w, 1, w}};
    default:
        return (layout){{"a", "b", "product", "work"},
                        {w, w, 2 * w, options->is_controlled ? 2 : 1}};
    }
}

// qubits [4][...]: the qubits of the layout's registers.
static qhm_status append_kind(qhm_circuit *circuit, qhm_arithmetic_kind kind,
                              const qhm_arithmetic_options *options, const uint32_t *const *qubits,
                              uint32_t control)
{
    const size_t w = options->width;
    switch (kind) {
    case QHM_ARITHMETIC_ADD:
        return append_add(
            circuit, &(operands){w, qubits[0], qubits[1], qubits[3][0], qubits[2][0], control});
    case QHM_ARITHMETIC_ADD_CONSTANT:
        return append_add_constant(
            circuit, options->constant,
            &(operands){w, qubits[2], qubits[0], qubits[2][w], qubits[1][0], control});
    case QHM_ARITHMETIC_COMPARE:
        return append_compare(
            circuit, &(operands){w, qubits[0], qubits[1], qubits[3][0], qubits[2][0], control});
    case QHM_ARITHMETIC_COMPARE_CONSTANT:
        return append_compare_constant(
            circuit, options->constant,
            &(operands){w, qubits[0], qubits[2], NOWHERE, qubits[1][0], control});
    default:
        return append_multiply(circuit,
                               &(operands){w, qubits[0], qubits[1], qubits[3][0],
                                           control == NOWHERE ? NOWHERE : qubits[3][1], control},
                               qubits[2]);
    }
}

static qhm_status append_all(qhm_circuit *circuit, qhm_arithmetic_kind kind,
                             const qhm_arithmetic_options *options)
{
    enum { MOST = 4 * 62 + 8 };
    const layout registers = layout_of(kind, options);
    uint32_t numbers[MOST];
    const uint32_t *qubits[4] = {NULL};
    size_t next = 0;
    for (uint32_t i = 0; i < MOST; i++)
        numbers[i] = i;
    for (size_t r = 0; r < 4 && registers.counts[r] > 0; r++) {
        QHM_TRY(qhm_circuit_append_qubits(circuit, registers.names[r], registers.counts[r]));
        qubits[r] = numbers + next;
        next += registers.counts[r];
    }
    if (options->is_controlled)
        QHM_TRY(qhm_circuit_append_qubits(circuit, "control", 1));
    return append_kind(circuit, kind, options, qubits,
                       options->is_controlled ? (uint32_t)next : NOWHERE);
}

qhm_status qhm_arithmetic_create(qhm_arithmetic_kind kind, const qhm_arithmetic_options *options,
                                 qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(options && circuit, "options or circuit is NULL");
    QHM_REQUIRE(kind >= 0 && kind < QHM_ARITHMETIC_KIND_COUNT, "kind is %d, not below %d",
                (int)kind, QHM_ARITHMETIC_KIND_COUNT);
    QHM_REQUIRE(options->width >= 1 && options->width <= 62, "width is %zu, not 1 to 62",
                options->width);
    const uint64_t end = (uint64_t)1 << options->width;
    QHM_REQUIRE(options->constant <= end - (kind != QHM_ARITHMETIC_COMPARE_CONSTANT),
                "constant is %llu, too large for %zu bits", (unsigned long long)options->constant,
                options->width);
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    const qhm_status status = append_all(made, kind, options);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
