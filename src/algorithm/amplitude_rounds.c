// Amplitude estimation by rounds of shots after powers of the operator Q.
#include <qhm/amplitude_rounds.h>

#include "algorithm/append_at.h"
#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_ROUNDS = 24, MOST_DOUBLINGS = 20, SECTIONS = 60 };

static qhm_status append_round(qhm_circuit *circuit, const qhm_circuit *preparation,
                               const qhm_circuit *operator, uint64_t power)
{
    const size_t n = qhm_circuit_qubit_count(preparation);
    QHM_TRY(qhm_circuit_append_circuit(circuit, preparation, NULL, NULL, 0, 0));
    for (uint64_t k = 0; k < power; k++)
        QHM_TRY(qhm_circuit_append_circuit(circuit, operator, NULL, NULL, 0, 0));
    return qhm_append_measures(circuit, "c", n);
}

qhm_status qhm_amplitude_round_create(const qhm_amplitude_problem *problem, uint64_t power,
                                      qhm_circuit **circuit)
{
    qhm_circuit *operator, * made = NULL;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(qhm_amplitude_operator_create(problem, false, &operator));
    qhm_status status = qhm_circuit_create(qhm_amplitude_qubit_count(problem), 0, &made);
    if (status == QHM_OK)
        status = append_round(made, problem->preparation, operator, power);
    qhm_circuit_destroy(operator);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_status run_round(const qhm_amplitude_sampler *sampler, uint64_t power, uint64_t shots,
                            qhm_amplitude_estimate *estimate, uint64_t *hits)
{
    QHM_TRY(sampler->sample(sampler->context, power, shots, hits));
    QHM_REQUIRE(*hits <= shots, "the sampler found %llu hits in %llu shots",
                (unsigned long long)*hits, (unsigned long long)shots);
    estimate->rounds++;
    estimate->shots += shots;
    estimate->operator_uses += shots * power;
    estimate->preparation_uses += shots * (2 * power + 1);
    if (power > estimate->longest_power)
        estimate->longest_power = power;
    return QHM_OK;
}

// The p for which the chance of `hits` or more (is_low), or of `hits` or fewer, is `level`.
static double exact_bound(double hits, double shots, double level, bool is_low)
{
    double low = 0, high = 1;
    if (is_low ? hits == 0 : hits == shots)
        return is_low ? 0 : 1;
    for (int i = 0; i < SECTIONS; i++) {
        const double middle = (low + high) / 2;
        const bool is_above = is_low
                                  ? qhm_statistics_beta(hits, shots - hits + 1, middle) > level
                                  : 1 - qhm_statistics_beta(hits + 1, shots - hits, middle) < level;
        *(is_above ? &high : &low) = middle;
    }
    return (low + high) / 2;
}

// Angles in turns: a = sin^2(2 pi angle), angle in [0, 1/4]. A round of power k turns by K = 4 k +
// 2 times the angle, of which a hit rate tells the cosine, so that the half circle must be known.
typedef struct angle_interval {
    double low, high;
} angle_interval;

static bool is_on_one_half(const angle_interval *angle, double times)
{
    return floor(2 * times * angle->low) + 1 >= 2 * times * angle->high;
}

// The largest power that the interval allows, if it is at least twice as long a turn as the last,
// else the last.
static uint64_t next_power(const angle_interval *angle, uint64_t power)
{
    const double most = floor(1 / (2 * (angle->high - angle->low)));
    if (most < 2)
        return power;
    for (uint64_t next = (uint64_t)(most - 2) / 4; 4 * next + 2 >= 2 * (4 * power + 2); next--)
        if (is_on_one_half(angle, 4 * (double)next + 2))
            return next;
    return power;
}

static void narrow(angle_interval *angle, uint64_t power, double rate_low, double rate_high)
{
    const double times = 4 * (double)power + 2;
    const double half = floor(2 * times * angle->low), turns = floor(half / 2);
    const double at_low = acos(1 - 2 * rate_low) / (2 * M_PI);
    const double at_high = acos(1 - 2 * rate_high) / (2 * M_PI);
    const bool is_lower = fmod(half, 2) != 0; // the half circle on which the rate falls
    const double low = (turns + (is_lower ? 1 - at_high : at_low)) / times;
    const double high = (turns + (is_lower ? 1 - at_low : at_high)) / times;
    angle->low = fmax(angle->low, fmin(low, angle->high));
    angle->high = fmin(angle->high, fmax(high, angle->low));
}

static double share_of(double angle)
{
    const double sine = sin(2 * M_PI * angle);
    return sine * sine;
}

qhm_status qhm_amplitude_estimate_iteratively(const qhm_amplitude_sampler *sampler,
                                              const qhm_amplitude_iterative_options *options,
                                              qhm_amplitude_estimate *estimate)
{
    static const qhm_amplitude_iterative_options defaults;
    QHM_REQUIRE(sampler && sampler->sample && estimate, "sampler or estimate is NULL");
    options = options ? options : &defaults;
    const double error = options->error != 0 ? options->error : 0.01;
    const double confidence = options->confidence != 0 ? options->confidence : 0.95;
    const uint64_t shots = options->shots ? options->shots : 100;
    QHM_REQUIRE(error >= 1e-6 && error <= 0.4, "error is %g, not 1e-6 to 0.4", error);
    QHM_REQUIRE(confidence > 0 && confidence < 1, "confidence is %g, not between 0 and 1",
                confidence);
    const double most_rounds = fmax(1, ceil(log2(M_PI / (8 * error))));
    const double level = (1 - confidence) / most_rounds / 2;
    angle_interval angle = {0, 0.25};
    uint64_t power = 0, hits = 0, tried = 0;
    *estimate = (qhm_amplitude_estimate){0};
    while (angle.high - angle.low > error / M_PI) {
        const uint64_t next = estimate->rounds == 0 ? 0 : next_power(&angle, power);
        uint64_t found;
        if (next != power)
            hits = tried = 0;
        power = next;
        QHM_TRY(run_round(sampler, power, shots, estimate, &found));
        hits += found;
        tried += shots;
        narrow(&angle, power, exact_bound((double)hits, (double)tried, level, true),
               exact_bound((double)hits, (double)tried, level, false));
    }
    estimate->low = share_of(angle.low);
    estimate->high = share_of(angle.high);
    estimate->share = (estimate->low + estimate->high) / 2;
    return QHM_OK;
}

static uint64_t scheduled_power(const qhm_amplitude_likelihood_options *options, size_t round)
{
    if (options->schedule == QHM_AMPLITUDE_LINEAR || round == 0)
        return round;
    return (uint64_t)1 << (round - 1);
}

static qhm_amplitude_likelihood_options
resolve_likelihood(const qhm_amplitude_likelihood_options *given)
{
    qhm_amplitude_likelihood_options options =
        given ? *given : (qhm_amplitude_likelihood_options){0};
    options.rounds = options.rounds ? options.rounds : 6;
    options.shots = options.shots ? options.shots : 100;
    options.confidence = options.confidence != 0 ? options.confidence : 0.95;
    return options;
}

double qhm_amplitude_fisher_information(const qhm_amplitude_likelihood_options *options,
                                        double share)
{
    const qhm_amplitude_likelihood_options o = resolve_likelihood(options);
    double sum = 0;
    for (size_t r = 0; r < o.rounds; r++) {
        const double turns = 2 * (double)scheduled_power(&o, r) + 1;
        sum += (double)o.shots * turns * turns;
    }
    return sum / (share * (1 - share));
}

typedef struct likelihood {
    const qhm_amplitude_likelihood_options *options;
    const uint64_t *hits;
} likelihood;

static double log_or_nothing(double count, double value)
{
    return count > 0 ? count * log(fmax(value, 1e-300)) : 0;
}

static double log_likelihood(const likelihood *l, double theta)
{
    double sum = 0;
    for (size_t r = 0; r < l->options->rounds; r++) {
        const double turned = (2 * (double)scheduled_power(l->options, r) + 1) * theta;
        const double hits = (double)l->hits[r], rest = (double)l->options->shots - hits;
        sum += log_or_nothing(hits, sin(turned) * sin(turned)) +
               log_or_nothing(rest, cos(turned) * cos(turned));
    }
    return sum;
}

static double log_likelihood_near(const likelihood *l, double middle, double reach, double *angle)
{
    static const double golden = 0.6180339887498949;
    double low = fmax(0, middle - reach), high = fmin(M_PI / 2, middle + reach);
    for (int i = 0; i < SECTIONS; i++) {
        const double a = high - golden * (high - low), b = low + golden * (high - low);
        if (log_likelihood(l, a) >= log_likelihood(l, b))
            high = b;
        else
            low = a;
    }
    *angle = (low + high) / 2;
    return log_likelihood(l, *angle);
}

typedef struct peak {
    double angle, value;
} peak;

typedef struct angle_range {
    double best, low, high;
} angle_range;

// The peaks that can be the highest, or within `drop` of it: all local peaks of a grid that rise to
// that. Lobes are pi / (2 (2 k + 1)) wide: eight steps for each of the narrowest. A peak can rise
// above its steps by what a parabola of twice the information does at most.
static size_t find_peaks(const likelihood *l, double drop, double information, size_t steps,
                         double *values, peak *peaks)
{
    const double step = M_PI / 2 / (double)steps, rise = information * step * step;
    double highest = -INFINITY;
    size_t count = 0;
    values[0] = values[steps + 2] = -INFINITY; // beyond either end
    for (size_t i = 0; i <= steps; i++) {
        values[i + 1] = log_likelihood(l, (double)i * step);
        highest = fmax(highest, values[i + 1]);
    }
    for (size_t i = 1; i <= steps + 1; i++) {
        if (values[i] < values[i - 1] || values[i] < values[i + 1] ||
            values[i] + rise + drop < highest)
            continue;
        peaks[count].value =
            log_likelihood_near(l, (double)(i - 1) * step, step, &peaks[count].angle);
        count++;
    }
    return count;
}

// The most likely angle, and the range of those whose likelihood is within z^2 / 2 of it, on
// whatever peaks, each a parabola with the information in the angle, which is the same everywhere.
static qhm_status find_range(const likelihood *l, double z, angle_range *range)
{
    const double most = 2 * (double)scheduled_power(l->options, l->options->rounds - 1) + 1;
    const double information = qhm_amplitude_fisher_information(l->options, 0.5);
    const double drop = z * z / 2;
    const size_t steps = (size_t)(8 * most);
    double *values;
    peak *peaks = NULL, best = {0, -INFINITY};
    QHM_TRY(qhm_allocate(steps + 3, sizeof *values, &values));
    const qhm_status status = qhm_allocate(steps + 1, sizeof *peaks, &peaks);
    const size_t count =
        status == QHM_OK ? find_peaks(l, drop, information, steps, values, peaks) : 0;
    for (size_t i = 0; i < count; i++)
        best = peaks[i].value > best.value ? peaks[i] : best;
    *range = (angle_range){best.angle, M_PI / 2, 0};
    for (size_t i = 0; i < count; i++) {
        const double left = drop - (best.value - peaks[i].value);
        if (left < 0)
            continue;
        const double reach = sqrt(2 * left / information);
        range->low = fmin(range->low, fmax(0, peaks[i].angle - reach));
        range->high = fmax(range->high, fmin(M_PI / 2, peaks[i].angle + reach));
    }
    qhm_release(peaks);
    qhm_release(values);
    return status;
}

qhm_status qhm_amplitude_estimate_by_likelihood(const qhm_amplitude_sampler *sampler,
                                                const qhm_amplitude_likelihood_options *options,
                                                qhm_amplitude_estimate *estimate)
{
    uint64_t hits[MOST_ROUNDS];
    QHM_REQUIRE(sampler && sampler->sample && estimate, "sampler or estimate is NULL");
    const qhm_amplitude_likelihood_options o = resolve_likelihood(options);
    const size_t most = o.schedule == QHM_AMPLITUDE_LINEAR ? MOST_ROUNDS : MOST_DOUBLINGS;
    QHM_REQUIRE(o.rounds <= most, "rounds is %zu, not 1 to %zu", o.rounds, most);
    QHM_REQUIRE(o.confidence > 0 && o.confidence < 1, "confidence is %g, not between 0 and 1",
                o.confidence);
    *estimate = (qhm_amplitude_estimate){0};
    for (size_t r = 0; r < o.rounds; r++)
        QHM_TRY(run_round(sampler, scheduled_power(&o, r), o.shots, estimate, &hits[r]));
    angle_range range;
    QHM_TRY(find_range(&(likelihood){&o, hits},
                       qhm_statistics_normal_quantile((1 + o.confidence) / 2), &range));
    estimate->share = sin(range.best) * sin(range.best);
    estimate->low = sin(range.low) * sin(range.low);
    estimate->high = sin(range.high) * sin(range.high);
    return QHM_OK;
}
