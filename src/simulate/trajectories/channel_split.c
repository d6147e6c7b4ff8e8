// Splits channels: the largest parts that are Pauli strings, then Kraus operators of what is left.
#include "simulate/trajectories/channel_split.h"

#include "base/memory.h"
#include "linalg/complex_matrix.h"

#include <math.h>
#include <string.h>

// Of channels on more qubits only the identity is taken out.
enum { MAX_GREEDY_QUBITS = 2, MAX_GREEDY_STRINGS = 1 << 2 * MAX_GREEDY_QUBITS };

// Weights below are rounding.
static const double smallest = 1e-14;

// A channel by its coefficients in Pauli strings: rho -> sum of chi[a][b] P_a rho P_b. String a has
// x = a's low half of the bits and z = its high half.
typedef struct splitting {
    uint32_t qubits;
    size_t dimension, count; // 2^k, 4^k
    qhm_complex *chi;        // [count][count]
    qhm_complex *vectors;    // [count][count]
    double *values;          // [count]
    qhm_complex *greedy;     // [count][count] what one of two ways leaves
    qhm_channel_split *split;
} splitting;

// P[column ^ x][column] of a string.
static qhm_complex string_element(uint32_t x, uint32_t z, uint32_t column)
{
    static const qhm_complex powers[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    const unsigned power =
        (unsigned)__builtin_popcount(x & z) + 2u * (unsigned)__builtin_parity(z & column);
    return powers[power & 3];
}

static void add_product(qhm_complex *sum, qhm_complex a, qhm_complex b)
{
    sum->re += a.re * b.re - a.im * b.im;
    sum->im += a.re * b.im + a.im * b.re;
}

// Coefficients of a matrix in strings: tr(P_a K) / 2^k.
static void find_coefficients(const splitting *s, const qhm_complex *kraus, qhm_complex *out)
{
    const uint32_t dimension = (uint32_t)s->dimension;
    for (uint32_t a = 0; a < s->count; a++) {
        const uint32_t x = a & (dimension - 1), z = a >> s->qubits;
        qhm_complex sum = {0, 0};
        for (uint32_t column = 0; column < dimension; column++) // P[column ^ x][column] K[c][c ^ x]
            add_product(&sum, string_element(x, z, column),
                        kraus[column * dimension + (column ^ x)]);
        out[a] = (qhm_complex){sum.re / (double)dimension, sum.im / (double)dimension};
    }
}

static void fill_chi(splitting *s, const qhm_complex *kraus, uint32_t kraus_count)
{
    qhm_complex *c = s->vectors; // as scratch
    memset(s->chi, 0, s->count * s->count * sizeof *s->chi);
    for (uint32_t k = 0; k < kraus_count; k++) {
        find_coefficients(s, kraus + k * s->count, c);
        for (size_t a = 0; a < s->count; a++)
            for (size_t b = 0; b < s->count; b++)
                add_product(&s->chi[a * s->count + b], c[a], (qhm_complex){c[b].re, -c[b].im});
    }
}

static bool is_diagonal(const splitting *s)
{
    for (size_t a = 0; a < s->count; a++)
        for (size_t b = 0; b < a; b++)
            if (hypot(s->chi[a * s->count + b].re, s->chi[a * s->count + b].im) > smallest)
                return false;
    return true;
}

// The largest w such that chi - w |a><a| is still positive: 1 / <a| chi^-1 |a>.
static qhm_status find_weight(splitting *s, size_t a, double *weight)
{
    *weight = 0;
    if (s->chi[a * s->count + a].re < smallest)
        return QHM_OK;
    QHM_TRY(qhm_hermitian_eigen(s->count, s->chi, s->values, s->vectors));
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        const qhm_complex v = s->vectors[i * s->count + a];
        sum += (v.re * v.re + v.im * v.im) / fmax(s->values[i], smallest);
    }
    const double found = 1 / sum;
    // What lies outside of chi's range leaves about `smallest`.
    *weight = found > 1e4 * smallest ? fmin(found, s->chi[a * s->count + a].re) : 0;
    return QHM_OK;
}

static void append_string(splitting *s, size_t a, double weight)
{
    qhm_channel_split *split = s->split;
    const double before =
        split->string_count > 0 ? split->strings[split->string_count - 1].probability : 0;
    split->strings[split->string_count++] =
        (qhm_split_string){.x = (uint32_t)(a & (s->dimension - 1)),
                           .z = (uint32_t)(a >> s->qubits),
                           .probability = before + weight};
}

// The diagonal that makes chi's other entries positive by outweighing them: rows scaled by d, where
// row a needs the sum of |chi[a][b]| d[b] / d[a]. Scales rise until chi's own diagonal has that
// much; false if it has not. Written to the diagonal of chi is what is to stay in the rest.
static bool find_dominance(const splitting *s, double *kept)
{
    enum { ROUNDS = 200 };
    const double most = 1e12; // of scales: they rise without end where nothing fits
    double scales[MAX_GREEDY_STRINGS];
    for (size_t a = 0; a < s->count; a++)
        scales[a] = 1;
    for (int round = 0; round < ROUNDS; round++) {
        bool fits = true;
        for (size_t a = 0; a < s->count; a++) {
            double sum = 0;
            for (size_t b = 0; b < s->count; b++) {
                const qhm_complex c = s->chi[a * s->count + b];
                sum += a == b ? 0 : hypot(c.re, c.im) * scales[b];
            }
            const double least = s->chi[a * s->count + a].re;
            if (sum / scales[a] > least + smallest) {
                fits = false;
                if (least <= smallest)
                    return false;
                scales[a] = sum / least;
                if (!(scales[a] < most))
                    return false;
            }
            kept[a] = sum / scales[a];
        }
        if (fits)
            return true;
    }
    return false;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

// Takes as much of each string out as dominance leaves, if that leaves less than `rest`.
static bool take_dominated(splitting *s, double rest)
{
    double kept[MAX_GREEDY_STRINGS];
    if (!find_dominance(s, kept) || sum_of(kept, s->count) >= rest)
        return false;
    s->split->string_count = 0;
    for (size_t a = 0; a < s->count; a++) {
        qhm_complex *diagonal = &s->chi[a * s->count + a];
        const double weight = fmax(0, diagonal->re - kept[a]);
        diagonal->re = kept[a];
        if (a == 0)
            s->split->identity = weight;
        else if (weight > smallest)
            append_string(s, a, weight);
    }
    return true;
}

// Takes strings out of chi, the identity first, each as much as is left of it; their probabilities
// are still those of the whole channel.
static qhm_status take_greedily(splitting *s)
{
    const bool is_exact = is_diagonal(s);
    for (size_t a = 0; a < s->count; a++) {
        qhm_complex *diagonal = &s->chi[a * s->count + a];
        double weight = diagonal->re > smallest ? diagonal->re : 0;
        if (!is_exact) {
            if (a > 0 && s->qubits > MAX_GREEDY_QUBITS)
                break;
            QHM_TRY(find_weight(s, a, &weight));
        }
        diagonal->re -= weight;
        if (a == 0)
            s->split->identity = weight;
        else if (weight > 0)
            append_string(s, a, weight);
    }
    if (is_exact)
        memset(s->chi, 0, s->count * s->count * sizeof *s->chi);
    return QHM_OK;
}

// Of two ways the one that leaves the smaller rest, which is what costs.
static qhm_status take_strings(splitting *s, const qhm_instruction *channel)
{
    QHM_TRY(take_greedily(s));
    double rest = 0;
    for (size_t a = 0; a < s->count; a++)
        rest += s->chi[a * s->count + a].re;
    if (s->qubits > MAX_GREEDY_QUBITS || rest < smallest)
        return QHM_OK;
    QHM_TRY(qhm_copy_bytes(s->chi, s->count * s->count, sizeof *s->chi, &s->greedy));
    const qhm_channel_split greedy = *s->split;
    qhm_split_string strings[MAX_GREEDY_STRINGS];
    memcpy(strings, s->split->strings, s->count * sizeof *strings);
    fill_chi(s, channel->matrix, channel->kraus_count);
    if (take_dominated(s, rest))
        return QHM_OK;
    *s->split = greedy;
    memcpy(s->split->strings, strings, s->count * sizeof *strings);
    memcpy(s->chi, s->greedy, s->count * s->count * sizeof *s->chi);
    return QHM_OK;
}

// Kraus operators of what is left: eigenvectors of chi as sums of strings.
static qhm_status make_rest(splitting *s)
{
    qhm_channel_split *split = s->split;
    QHM_TRY(qhm_hermitian_eigen(s->count, s->chi, s->values, s->vectors));
    double total = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->values[i] > smallest ? s->values[i] : 0;
    if (total < 100 * smallest)
        return QHM_OK;
    QHM_TRY(qhm_allocate(s->count * s->count, sizeof *split->rest, &split->rest));
    for (size_t i = s->count; i-- > 0;) { // the likeliest first
        if (s->values[i] <= smallest)
            continue;
        qhm_complex *out = split->rest + split->rest_count++ * s->count;
        const double scale = sqrt(s->values[i] / total);
        for (uint32_t a = 0; a < s->count; a++) {
            const uint32_t x = a & (uint32_t)(s->dimension - 1), z = a >> s->qubits;
            qhm_complex v = s->vectors[i * s->count + a];
            v = (qhm_complex){v.re * scale, v.im * scale};
            for (uint32_t column = 0; column < s->dimension; column++)
                add_product(&out[(column ^ x) * s->dimension + column], v,
                            string_element(x, z, column));
        }
    }
    return QHM_OK;
}

static qhm_status split_with(splitting *s, const qhm_instruction *channel)
{
    qhm_channel_split *split = s->split;
    QHM_TRY(qhm_allocate(s->count, sizeof *split->strings, &split->strings));
    fill_chi(s, channel->matrix, channel->kraus_count);
    QHM_TRY(take_strings(s, channel));
    QHM_TRY(make_rest(s));
    const double strings =
        split->string_count > 0 ? split->strings[split->string_count - 1].probability : 0;
    if (split->rest_count == 0) // what is missing of 1 is rounding
        split->identity = fmax(0, 1 - strings);
    if (split->string_count == 0 && split->rest_count == 0)
        split->identity = 1;
    split->hazard = split->identity > 0 ? -log(split->identity) : INFINITY;
    const double something = 1 - split->identity;
    for (size_t i = 0; i < split->string_count; i++)
        split->strings[i].probability /= something;
    split->string_probability = split->rest_count == 0 ? 1 : strings / something;
    if (split->string_count == 0)
        split->string_probability = 0;
    return QHM_OK;
}

static qhm_status split_channel(const qhm_instruction *channel, qhm_channel_split *split)
{
    splitting s = {.qubits = channel->qubit_count,
                   .dimension = (size_t)1 << channel->qubit_count,
                   .count = (size_t)1 << 2 * channel->qubit_count,
                   .split = split};
    *split = (qhm_channel_split){.qubit_count = channel->qubit_count,
                                 .kraus_count = channel->kraus_count,
                                 .source = channel->matrix};
    QHM_TRY(qhm_allocate(s.count * s.count, sizeof *s.chi, &s.chi));
    qhm_status status = qhm_allocate(s.count * s.count, sizeof *s.vectors, &s.vectors);
    if (status == QHM_OK)
        status = qhm_allocate(s.count, sizeof *s.values, &s.values);
    if (status == QHM_OK)
        status = split_with(&s, channel);
    qhm_release(s.chi);
    qhm_release(s.vectors);
    qhm_release(s.values);
    qhm_release(s.greedy);
    return status;
}

static void release_split(qhm_channel_split *split)
{
    qhm_release(split->strings);
    qhm_release(split->rest);
}

static bool is_split(const qhm_channel_split *split, const qhm_instruction *channel)
{
    const size_t size = (size_t)channel->kraus_count << 2 * channel->qubit_count;
    return split->qubit_count == channel->qubit_count &&
           split->kraus_count == channel->kraus_count &&
           memcmp(split->source, channel->matrix, size * sizeof *channel->matrix) == 0;
}

static qhm_status find_split(qhm_channel_splits *splits, const qhm_instruction *channel,
                             uint32_t *number)
{
    for (size_t i = 0; i < splits->count; i++)
        if (is_split(&splits->splits[i], channel)) {
            *number = (uint32_t)i;
            return QHM_OK;
        }
    QHM_TRY(
        qhm_reserve(splits->count + 1, &splits->capacity, sizeof *splits->splits, &splits->splits));
    *number = (uint32_t)splits->count++;
    return split_channel(channel, &splits->splits[*number]);
}

qhm_status qhm_channel_splits_create(const qhm_circuit *circuit, qhm_channel_splits *splits)
{
    const size_t count = qhm_circuit_instruction_count(circuit);
    qhm_channel_splits made = {0};
    QHM_TRY(qhm_allocate(count, sizeof *made.of_instruction, &made.of_instruction));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        made.of_instruction[i] = UINT32_MAX;
        if (instruction->gate == QHM_GATE_CHANNEL)
            status = find_split(&made, instruction, &made.of_instruction[i]);
    }
    if (status != QHM_OK) {
        qhm_channel_splits_release(&made);
        return status;
    }
    *splits = made;
    return QHM_OK;
}

void qhm_channel_splits_release(qhm_channel_splits *splits)
{
    for (size_t i = 0; i < splits->count; i++)
        release_split(&splits->splits[i]);
    qhm_release(splits->splits);
    qhm_release(splits->of_instruction);
    *splits = (qhm_channel_splits){0};
}

size_t qhm_channel_splits_bytes(const qhm_channel_splits *splits, size_t instruction_count)
{
    size_t bytes = splits->capacity * sizeof *splits->splits +
                   instruction_count * sizeof *splits->of_instruction;
    for (size_t i = 0; i < splits->count; i++) {
        const qhm_channel_split *split = &splits->splits[i];
        const size_t all = (size_t)1 << 2 * split->qubit_count;
        bytes += all * sizeof *split->strings;
        bytes += split->rest ? all * all * sizeof *split->rest : 0;
    }
    return bytes;
}

const qhm_split_string *qhm_channel_split_pick(const qhm_channel_split *split, double number)
{
    size_t i = 0;
    while (i + 1 < split->string_count && split->strings[i].probability <= number)
        i++;
    return &split->strings[i];
}

size_t qhm_channel_split_pick_rest(const qhm_channel_split *split, const double *probabilities,
                                   size_t stride, double number, double *scale)
{
    double total = 0, sum = 0;
    for (size_t k = 0; k < split->rest_count; k++)
        total += fmax(probabilities[k * stride], 0);
    size_t pick = 0, last = 0;
    for (size_t k = 0; k < split->rest_count; k++)
        if (probabilities[k * stride] > 0)
            last = k;
    for (pick = 0; pick < last; pick++) {
        sum += fmax(probabilities[pick * stride], 0);
        if (number * total < sum)
            break;
    }
    *scale = 1 / sqrt(probabilities[pick * stride]);
    return pick;
}

void qhm_split_string_matrix(const qhm_split_string *string, size_t dimension, qhm_complex *matrix)
{
    memset(matrix, 0, dimension * dimension * sizeof *matrix);
    for (uint32_t column = 0; column < dimension; column++)
        matrix[(column ^ string->x) * dimension + column] =
            string_element(string->x, string->z, column);
}
