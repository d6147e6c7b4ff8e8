// The score oracle as circuits.
#include "claim/score_oracle.h"
#include "base/bits.h"

#include "base/memory.h"

#include <qhm/arithmetic.h>
#include <qhm/ledger.h>
#include <qhm/random.h>

enum { WORD = 64 };

qhm_status qhm_part_count(const qhm_circuit *circuit, qhm_part_cost *cost)
{
    qhm_ledger ledger;
    QHM_TRY(qhm_circuit_count_ledger(circuit, NULL, &ledger));
    const qhm_phase_counts total = qhm_ledger_total(&ledger);
    *cost = (qhm_part_cost){
        .gates = (double)(total.one_qubit_gates + total.two_qubit_gates + total.larger_gates),
        .t_gates = (double)total.t_gates,
        .depth = (double)ledger.depth,
        .qubits = (double)ledger.qubits};
    return QHM_OK;
}

// The same for circuits of Clifford gates, Toffoli gates and controlled swaps, 7 T each: what takes
// long is to expand them.
static qhm_status count_toffolis(const qhm_circuit *circuit, qhm_part_cost *cost)
{
    qhm_circuit_counts c;
    QHM_TRY(qhm_circuit_count(circuit, &c));
    *cost =
        (qhm_part_cost){.gates = (double)(c.one_qubit_gates + c.two_qubit_gates + c.larger_gates),
                        .t_gates = 7 * (double)c.larger_gates,
                        .depth = (double)c.depth,
                        .qubits = (double)c.qubits};
    return QHM_OK;
}

size_t qhm_score_width(size_t dimension, size_t bits)
{
    return 2 * bits + qhm_bits_for(dimension);
}

// score += number * 2^shift if the key's bit is on.
static qhm_status append_addition(qhm_circuit *circuit, uint64_t number, size_t key_bit,
                                  size_t score, size_t shift, size_t width)
{
    uint32_t map[2 * WORD + 3];
    qhm_circuit *adder;
    const size_t wide = width - shift, work = score + width;
    const qhm_arithmetic_options options = {
        .width = wide, .constant = number, .is_controlled = true};
    QHM_TRY(qhm_arithmetic_create(QHM_ARITHMETIC_ADD_CONSTANT, &options, &adder));
    for (size_t i = 0; i < wide; i++)
        map[i] = (uint32_t)(score + shift + i);
    for (size_t i = 0; i < wide + 2; i++) // the carry, which never comes, and the work qubits
        map[wide + i] = (uint32_t)(work + i);
    map[2 * wide + 2] = (uint32_t)key_bit;
    const qhm_status status = qhm_circuit_append_circuit(circuit, adder, map, NULL, 0, 0);
    qhm_circuit_destroy(adder);
    return status;
}

static qhm_status append_products(qhm_circuit *circuit, const uint64_t *query, size_t dimension,
                                  size_t bits)
{
    const size_t width = qhm_score_width(dimension, bits), score = dimension * bits;
    QHM_TRY(qhm_circuit_append_qubits(circuit, "keys", score));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "score", width));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "work", width + 2));
    for (size_t i = 0; i < dimension; i++)
        for (size_t bit = 0; bit < bits && query[i] > 0; bit++)
            QHM_TRY(append_addition(circuit, query[i], i * bits + bit, score, bit, width));
    return QHM_OK;
}

qhm_status qhm_score_circuit_create(const uint64_t *query, size_t dimension, size_t bits,
                                    qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    const qhm_status status = append_products(made, query, dimension, bits);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_score_cost(const uint64_t *query, size_t dimension, size_t bits, uint64_t threshold,
                          qhm_part_cost *cost)
{
    qhm_circuit *product, *comparison = NULL;
    qhm_part_cost first, second = {0};
    const qhm_arithmetic_options options = {.width = qhm_score_width(dimension, bits),
                                            .constant = threshold};
    QHM_TRY(qhm_score_circuit_create(query, dimension, bits, &product));
    qhm_status status = count_toffolis(product, &first);
    if (status == QHM_OK)
        status = qhm_arithmetic_create(QHM_ARITHMETIC_COMPARE_CONSTANT, &options, &comparison);
    if (status == QHM_OK)
        status = count_toffolis(comparison, &second);
    qhm_circuit_destroy(product);
    qhm_circuit_destroy(comparison);
    if (status == QHM_OK)
        *cost = (qhm_part_cost){first.gates + second.gates, first.t_gates + second.t_gates,
                                first.depth + second.depth, first.qubits + 1};
    return status;
}

static qhm_part_cost extend(qhm_part_cost a, qhm_part_cost b, double words)
{
    return (qhm_part_cost){
        a.gates + words * (b.gates - a.gates), a.t_gates + words * (b.t_gates - a.t_gates),
        a.depth + words * (b.depth - a.depth), a.qubits + words * (b.qubits - a.qubits)};
}

// By formula, which is a straight line in the bits of a word.
static qhm_status count_line(qhm_lookup_method method, size_t address_bits, size_t word_bits,
                             size_t swap_bits, qhm_part_cost *cost)
{
    qhm_part_cost ends[2];
    for (size_t i = 0; i < 2; i++) {
        qhm_lookup_counts counts;
        const qhm_lookup_data data = {.address_bits = address_bits, .word_bits = i + 1};
        QHM_TRY(qhm_lookup_count(method, &data, swap_bits, &counts));
        ends[i] = (qhm_part_cost){
            (double)(counts.clifford_gates + counts.toffolis + counts.controlled_swaps),
            (double)counts.t_gates, 0, (double)counts.qubits};
    }
    *cost = extend(ends[0], ends[1], (double)(word_bits - 1));
    return QHM_OK;
}

// The swaps with the fewest T gates for words of any length.
static qhm_status find_swap_bits(size_t address_bits, size_t word_bits, size_t *best,
                                 qhm_part_cost *cost)
{
    for (size_t s = 0; s <= address_bits; s++) {
        qhm_part_cost tried;
        QHM_TRY(count_line(QHM_LOOKUP_SELECT_SWAP, address_bits, word_bits, s, &tried));
        if (s == 0 || tried.t_gates < cost->t_gates) {
            *best = s;
            *cost = tried;
        }
    }
    return QHM_OK;
}

qhm_status qhm_memory_count(qhm_lookup_method method, size_t address_bits, size_t word_bits,
                            qhm_part_cost *cost)
{
    size_t swap_bits;
    return method == QHM_LOOKUP_SELECT_SWAP
               ? find_swap_bits(address_bits, word_bits, &swap_bits, cost)
               : count_line(method, address_bits, word_bits, 0, cost);
}

static qhm_status count_lookup(qhm_lookup_method method, size_t address_bits, size_t word_bits,
                               size_t swap_bits, uint64_t *words, qhm_part_cost *cost)
{
    qhm_circuit *circuit;
    const qhm_lookup_data data = {address_bits, word_bits, words};
    for (size_t i = 0; i < (size_t)1 << address_bits && word_bits < WORD; i++)
        words[i] &= ((uint64_t)1 << word_bits) - 1;
    QHM_TRY(qhm_lookup_create(method, &data, swap_bits, &circuit));
    const qhm_status status = count_toffolis(circuit, cost);
    qhm_circuit_destroy(circuit);
    return status;
}

qhm_status qhm_memory_cost(qhm_lookup_method method, size_t address_bits, size_t word_bits,
                           uint64_t seed, qhm_part_cost *cost)
{
    const size_t count = (size_t)1 << address_bits;
    uint64_t *words;
    size_t swap_bits = 0;
    qhm_part_cost whole, half;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x6d656d, address_bits, 0);
    if (method == QHM_LOOKUP_SELECT_SWAP)
        QHM_TRY(find_swap_bits(address_bits, word_bits, &swap_bits, &whole));
    QHM_TRY(qhm_allocate(count, sizeof *words, &words));
    for (size_t i = 0; i < count; i++)
        words[i] = qhm_random_u64(&random);
    qhm_status status = count_lookup(method, address_bits, word_bits < WORD ? word_bits : WORD,
                                     swap_bits, words, &whole);
    if (status == QHM_OK && word_bits > WORD) {
        status = count_lookup(method, address_bits, WORD / 2, swap_bits, words, &half);
        whole = extend(half, whole, (double)word_bits / (WORD / 2) - 1);
    }
    qhm_release(words);
    if (status == QHM_OK)
        *cost = whole;
    return status;
}

qhm_status qhm_diffusion_cost(size_t qubit_count, qhm_part_cost *cost)
{
    static const qhm_gate gates[] = {QHM_GATE_H, QHM_GATE_X, QHM_GATE_CZ, QHM_GATE_X, QHM_GATE_H};
    uint32_t qubits[WORD];
    qhm_circuit *circuit;
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &circuit));
    for (uint32_t i = 0; i < qubit_count; i++)
        qubits[i] = i;
    const qhm_instruction sign = {.gate = QHM_GATE_CZ,
                                  .control_count = (uint32_t)qubit_count - 2,
                                  .qubit_count = (uint32_t)qubit_count,
                                  .qubits = qubits};
    qhm_status status = QHM_OK;
    for (size_t step = 0; step < 5 && status == QHM_OK; step++) {
        if (gates[step] == QHM_GATE_CZ)
            status = qhm_circuit_append_instruction(circuit, &sign);
        for (size_t i = 0; i < qubit_count && status == QHM_OK && gates[step] != QHM_GATE_CZ; i++)
            status = qhm_circuit_append(circuit, gates[step], &qubits[i], NULL);
    }
    if (status == QHM_OK)
        status = qhm_part_count(circuit, cost);
    qhm_circuit_destroy(circuit);
    return status;
}
