// Outcomes as people write them: a field a register, the last one on the left, bit 0 on the right.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

#include <qhm/distribution.h>
#include <string.h>

static bool is_set(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / 64] >> (bit % 64) & 1;
}

qhm_status qhm_outcome_print(const qhm_circuit *circuit, const uint64_t *bits, char **text)
{
    QHM_REQUIRE(circuit && bits && text, "printing an outcome needs a circuit, bits and a place");
    const qhm_register_list *registers = &circuit->bit_registers;
    size_t length = registers->count; // spaces, and the end
    for (size_t r = 0; r < registers->count; r++)
        length += registers->items[r].count;
    char *printed;
    QHM_TRY(qhm_allocate(length + 1, 1, &printed));
    size_t at = 0;
    for (size_t r = registers->count; r-- > 0;) {
        const qhm_register *field = &registers->items[r];
        for (uint32_t b = field->count; b-- > 0;)
            printed[at++] = is_set(bits, field->first + b) ? '1' : '0';
        if (r > 0)
            printed[at++] = ' ';
    }
    *text = printed;
    return QHM_OK;
}

// Reads into `read`, whose bits are 0.
static qhm_status parse(const qhm_circuit *circuit, const char *text, uint64_t *read)
{
    const qhm_register_list *registers = &circuit->bit_registers;
    const char *at = text;
    for (size_t r = registers->count; r-- > 0;) {
        const qhm_register *field = &registers->items[r];
        for (uint32_t b = field->count; b-- > 0; at++) {
            if (*at != '0' && *at != '1')
                return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                                "column %zu of the outcome is not 0 or 1: bit %u of %s is wanted",
                                (size_t)(at - text) + 1, b, field->name);
            const uint32_t bit = field->first + b;
            read[bit / 64] |= (uint64_t)(*at == '1') << (bit % 64);
        }
        if (r > 0 && *at == ' ')
            at++;
    }
    if (*at)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "column %zu of the outcome is after its last bit",
                        (size_t)(at - text) + 1);
    return QHM_OK;
}

qhm_status qhm_outcome_parse(const qhm_circuit *circuit, const char *text, uint64_t *bits)
{
    QHM_REQUIRE(circuit && text && bits, "reading an outcome needs a circuit, a text and a place");
    const size_t words = qhm_bit_words(circuit->bit_count);
    uint64_t *read;
    QHM_TRY(qhm_allocate(words, sizeof *read, &read));
    qhm_status status = parse(circuit, text, read);
    if (status == QHM_OK)
        memcpy(bits, read, words * sizeof *read);
    qhm_release(read);
    return status;
}

void qhm_circuit_mark_registers(const qhm_circuit *circuit, uint64_t *mask)
{
    for (size_t r = 0; r < circuit->bit_registers.count; r++) {
        const qhm_register *field = &circuit->bit_registers.items[r];
        for (uint32_t bit = field->first; bit < field->first + field->count; bit++)
            mask[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
}

static qhm_status append_masked(const qhm_distribution *from, const uint64_t *mask, size_t words,
                                uint64_t *bits, qhm_distribution *to)
{
    for (size_t i = 0; i < qhm_distribution_outcome_count(from); i++) {
        const uint64_t *outcome;
        double weight;
        qhm_distribution_outcome(from, i, &outcome, &weight);
        for (size_t w = 0; w < words; w++)
            bits[w] = outcome[w] & mask[w];
        QHM_TRY(qhm_distribution_append(to, bits, weight));
    }
    return QHM_OK;
}

qhm_status qhm_distribution_drop_scratch(const qhm_distribution *distribution,
                                         const qhm_circuit *circuit, qhm_distribution **dropped)
{
    QHM_REQUIRE(distribution && circuit && dropped,
                "dropping scratch bits needs a distribution, a circuit and a place");
    const size_t count = qhm_distribution_bit_count(distribution);
    QHM_REQUIRE(count == circuit->bit_count, "the distribution has %zu bits, but the circuit %zu",
                count, circuit->bit_count);
    const size_t words = qhm_bit_words(count);
    uint64_t *mask;
    qhm_distribution *made = NULL;
    QHM_TRY(qhm_allocate(2 * words, sizeof *mask, &mask));
    qhm_circuit_mark_registers(circuit, mask);
    qhm_status status = qhm_distribution_create(count, &made);
    if (status == QHM_OK)
        status = append_masked(distribution, mask, words, mask + words, made);
    qhm_release(mask);
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    *dropped = made;
    return QHM_OK;
}
