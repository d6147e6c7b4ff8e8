// The problem "sample-softmax": samples of the softmax of scores, beside two classical samplers.
#include "algorithm/algorithm_internal.h"
#include "algorithm/alias_table.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/minimum.h>
#include <qhm/softmax_state.h>

enum { MOST_SCORES = 256 };

typedef enum maximum_kind { MAXIMUM_SEARCH, MAXIMUM_SCAN, MAXIMUM_BOUND } maximum_kind;

typedef struct softmax_options {
    const qhm_node *scores;
    int amplitudes, amplification, maximum;
    double temperature, bound;
    size_t samples, angle_bits, score_bits;
} softmax_options;

static const char *const amplitude_names[] = {"square_root", "as_written", NULL};
static const char *const amplifications[] = {"unknown", "known", "none", NULL};
static const char *const maxima[] = {"search", "scan", "bound", NULL};

static const qhm_option_info fields[] = {
    {.name = "scores",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(softmax_options, scores),
     .help = "a list of 2 to 256 numbers; required"},
    {.name = "temperature",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(softmax_options, temperature),
     .default_text = "1",
     .minimum = 1e-6,
     .maximum = 1e6,
     .help = "scores are divided by it"},
    {.name = "samples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(softmax_options, samples),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e7,
     .help = "that are wanted"},
    {.name = "amplitudes",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(softmax_options, amplitudes),
     .default_text = "square_root",
     .choices = amplitude_names,
     .help = "as_written: e^s without the root, which samples e^(2 s)"},
    {.name = "amplification",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(softmax_options, amplification),
     .default_text = "unknown",
     .choices = amplifications,
     .help = "of what is kept: without knowing the sum of exponentials, knowing it, or not at all"},
    {.name = "maximum",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(softmax_options, maximum),
     .default_text = "search",
     .choices = maxima,
     .help =
         "where the bound of the scores is from: a quantum search for the largest, over a range "
         "that a scan finds; a scan; or the field bound"},
    {.name = "bound",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(softmax_options, bound),
     .help = "of the scores divided by the temperature; used with maximum: bound",
     .used_with = "maximum=bound"},
    {.name = "angle_bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(softmax_options, angle_bits),
     .default_text = "16",
     .minimum = 1,
     .maximum = 40,
     .help = "angles are multiples of pi / 2^angle_bits"},
    {.name = "score_bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(softmax_options, score_bits),
     .default_text = "12",
     .minimum = 1,
     .maximum = 32,
     .help = "of a score stored for the search",
     .used_with = "maximum=search"},
    {0},
};

typedef struct sampling {
    const softmax_options *options;
    double *scores; // [count], divided by the temperature
    size_t count;
    double *softmax, *squared, *circuit; // [count] e^s / Z, e^(2 s) / Z', what the angles give
    double success;
    uint64_t *counts; // [count]
    qhm_softmax_problem problem;
    qhm_minimum_result search;
    uint64_t search_loads; // of all scores
} sampling;

static void release_sampling(sampling *s)
{
    qhm_release(s->scores);
    qhm_release(s->softmax);
    qhm_release(s->counts);
}

static double find_largest(const sampling *s)
{
    double largest = s->scores[0];
    for (size_t j = 1; j < s->count; j++)
        largest = fmax(largest, s->scores[j]);
    return largest;
}

// What the answer is compared with. @param factor  of the scores.
static void find_softmax(const sampling *s, double factor, double *probabilities)
{
    const double largest = find_largest(s);
    double sum = 0;
    for (size_t j = 0; j < s->count; j++)
        sum += probabilities[j] = exp(factor * (s->scores[j] - largest));
    for (size_t j = 0; j < s->count; j++)
        probabilities[j] /= sum;
}

static qhm_status read_scores(const qhm_problem *problem, sampling *s)
{
    const qhm_node *node = s->options->scores;
    QHM_TRY(qhm_problem_numbers(problem->node, node, "scores", 2, &s->scores, &s->count));
    if (s->count > MOST_SCORES)
        return qhm_node_fail(node, "field 'scores' has %zu entries, not 2 to %d", s->count,
                             MOST_SCORES);
    for (size_t j = 0; j < s->count; j++) {
        s->scores[j] /= s->options->temperature;
        if (!(fabs(s->scores[j]) <= 1e300))
            return qhm_node_fail(node, "score %zu over the temperature is %g, beyond 1e300", j,
                                 s->scores[j]);
    }
    QHM_TRY(qhm_allocate(s->count, sizeof *s->counts, &s->counts));
    QHM_TRY(qhm_allocate(3 * s->count, sizeof *s->softmax, &s->softmax));
    s->squared = s->softmax + s->count;
    s->circuit = s->squared + s->count;
    find_softmax(s, 1, s->softmax);
    find_softmax(s, 2, s->squared);
    return QHM_OK;
}

// Scores as steps between -S and S, and the upper end of the largest one's step that was found:
// at least the score itself.
static qhm_status search_bound(const qhm_problem *problem, sampling *s, qhm_result *result)
{
    double largest = 0;
    size_t item;
    uint64_t *stored;
    const size_t width = s->options->score_bits;
    const double most = ldexp(1, (int)width) - 1;
    for (size_t j = 0; j < s->count; j++)
        largest = fmax(largest, fabs(s->scores[j]));
    const double step = 2 * largest / most; // 0: all scores are 0
    QHM_TRY(qhm_allocate(s->count, sizeof *stored, &stored));
    for (size_t j = 0; j < s->count; j++)
        if (step > 0)
            stored[j] = (uint64_t)fmin(most, fmax(0, round((s->scores[j] + largest) / step)));
    const size_t n = qhm_bits_for(s->count);
    const qhm_minimum_table table = {n, width, stored, s->count};
    const qhm_minimum_options given = {.is_largest = true,
                                       .execution = 2 * n + 2 * width <= 8 ? QHM_SEARCH_CIRCUITS
                                                                           : QHM_SEARCH_AMPLITUDES,
                                       .seed = problem->seed};
    const qhm_status status = qhm_minimum_run(&table, &given, &result->ledger, &item, &s->search);
    if (status == QHM_OK)
        s->problem.bound = (double)stored[item] * step - largest + step / 2;
    qhm_release(stored);
    s->search_loads = result->ledger.state_preparations;
    return status;
}

static qhm_status find_bound(const qhm_problem *problem, sampling *s, qhm_result *result)
{
    const softmax_options *o = s->options;
    s->problem = (qhm_softmax_problem){.scores = s->scores,
                                       .count = s->count,
                                       .angle_bits = o->angle_bits,
                                       .is_unrooted = o->amplitudes - 1 == 1};
    switch ((maximum_kind)(o->maximum - 1)) {
    case MAXIMUM_SEARCH:
        return search_bound(problem, s, result);
    case MAXIMUM_SCAN:
        s->problem.bound = find_largest(s);
        return QHM_OK;
    case MAXIMUM_BOUND:
        if (!qhm_node_find(problem->node, "bound"))
            return qhm_node_fail(problem->node, "field 'bound' is missing: maximum is bound");
        s->problem.bound = o->bound;
        return QHM_OK;
    }
    return QHM_OK;
}

// Pearson's, over what can come; infinite if what cannot has come.
static double find_chi_square(const sampling *s, const double *expected, double drawn)
{
    double sum = 0;
    for (size_t j = 0; j < s->count; j++) {
        const double mean = drawn * expected[j], off = (double)s->counts[j] - mean;
        if (off != 0)
            sum += off * off / mean;
    }
    return sum;
}

static double find_distance(const sampling *s, const double *a, const double *b)
{
    double sum = 0;
    for (size_t j = 0; j < s->count; j++)
        sum += fabs(a[j] - b[j]) / 2;
    return sum;
}

static void describe_samples(const sampling *s, double drawn, qhm_result *result)
{
    json_t *frequencies = json_array(), *errors = json_array();
    for (size_t j = 0; j < s->count; j++) {
        const double share = (double)s->counts[j] / drawn;
        json_array_append_new(frequencies, json_real(share));
        json_array_append_new(errors, json_real(qhm_statistics_rate_error(share, drawn)));
    }
    json_object_set_new(result->answer, "frequencies", frequencies);
    json_object_set_new(result->answer, "standard_errors", errors);
    qhm_result_numbers(result->answer, "softmax", s->softmax, s->count);
    qhm_result_numbers(result->answer, "equation_5_as_written", s->squared, s->count);
    qhm_result_number(result->answer, "chi_square_softmax", find_chi_square(s, s->softmax, drawn));
    qhm_result_number(result->answer, "chi_square_equation_5_as_written",
                      find_chi_square(s, s->squared, drawn));
    qhm_result_count(result->answer, "degrees_of_freedom", s->count - 1);
    qhm_result_number(result->answer, "variation_distance_of_circuit",
                      find_distance(s, s->circuit, s->softmax));
}

static void describe_price(const sampling *s, const qhm_softmax_draw_result *r, qhm_result *result)
{
    const double loads = (double)(r->preparations + s->search_loads);
    qhm_result_count(result->answer, "samples", r->drawn);
    qhm_result_number(result->answer, "success_without_amplification", s->success);
    qhm_result_number(result->answer, "kept_share", (double)r->drawn / (double)r->runs);
    qhm_result_number(result->answer, "iterations_per_run",
                      (double)r->iterations / (double)r->runs);
    qhm_result_number(result->answer, "loads_per_sample",
                      (double)r->preparations / (double)r->drawn);
    qhm_result_number(result->answer, "loads_per_sample_of_plain_rejection", 1 / s->success);
    qhm_result_number(result->answer, "bound", s->problem.bound);
    qhm_result_count(result->answer, "scores_scanned_for_bound",
                     s->options->maximum - 1 == MAXIMUM_BOUND ? 0 : s->count);
    if (s->options->maximum - 1 == MAXIMUM_SEARCH) {
        qhm_result_count(result->answer, "loads_for_maximum", s->search_loads);
        qhm_result_count(result->answer, "iterations_for_maximum", s->search.iterations);
    }
    qhm_result_number(result->answer, "scores_loaded", loads * (double)s->count);
}

static void add_notes(const sampling *s, const qhm_softmax_draw_result *r, qhm_result *result)
{
    if (s->problem.is_unrooted)
        qhm_result_note(result, "The state of equation 5 as written has amplitudes proportional to "
                                "e^s, so that it is measured with e^(2 s), the softmax at half the "
                                "temperature; over Z it is not of length 1 either.");
    else
        qhm_result_note(result, "The amplitudes are square roots of the softmax; equation 5 as "
                                "written lacks the root and would sample e^(2 s).");
    qhm_result_note(result,
                    "Each load holds all %zu scores as angles, which take %zu exponentials on a "
                    "processor: with these added up it samples by itself.",
                    s->count, s->count);
    if (s->options->maximum - 1 == MAXIMUM_SEARCH)
        qhm_result_note(
            result,
            "The search holds scores as steps of a range that a scan of all %zu found; that "
            "scan, counted as scores_scanned_for_bound, could have told the maximum "
            "itself.",
            s->count);
    if (s->options->maximum - 1 == MAXIMUM_SEARCH && s->problem.bound - find_largest(s) > 1)
        qhm_result_note(result,
                        "The bound is %.3g above the largest score, for a score has %zu bits in "
                        "the search, so that little is kept: raise score_bits, or set maximum to "
                        "scan.",
                        s->problem.bound - find_largest(s), s->options->score_bits);
    if (s->options->maximum - 1 == MAXIMUM_BOUND && s->problem.bound - find_largest(s) > 1)
        qhm_result_note(result,
                        "The bound is %.3g above the largest score: each unit costs a factor of "
                        "e of what is kept.",
                        s->problem.bound - find_largest(s));
    if (s->success == 0)
        qhm_result_note(result,
                        "Nothing is ever kept: below that bound no score has an angle of %zu bits.",
                        s->options->angle_bits);
    else if (r->drawn < s->options->samples)
        qhm_result_note(result, "%llu of %zu samples came before forty rounds were over.",
                        (unsigned long long)r->drawn, s->options->samples);
    if (s->problem.bound < find_largest(s))
        qhm_result_note(result, "The bound is below the largest score: what is above it counts as "
                                "equal to it, and is drawn too rarely.");
    if (s->options->amplification - 1 == QHM_SOFTMAX_KNOWN)
        qhm_result_note(result, "The number of iterations was found from the sum of all "
                                "exponentials, that is, from the answer.");
}

// Exponentials, table and all samples.
static qhm_status draw_alias(const sampling *s, qhm_random *random, uint64_t *counts,
                             double *seconds)
{
    qhm_alias_table table;
    const double start = qhm_algorithm_clock();
    find_softmax(s, 1, s->softmax);
    QHM_TRY(qhm_alias_table_create(s->softmax, s->count, &table));
    for (size_t i = 0; i < s->options->samples; i++)
        counts[qhm_alias_table_draw(&table, random)]++;
    *seconds = qhm_algorithm_clock() - start;
    qhm_alias_table_release(&table);
    return QHM_OK;
}

// The largest score with Gumbel noise: no sum and no table, but a logarithm for each score.
static void draw_gumbel(const sampling *s, qhm_random *random, uint64_t *counts, double *seconds)
{
    const double start = qhm_algorithm_clock();
    for (size_t i = 0; i < s->options->samples; i++) {
        size_t best = 0;
        double most = -INFINITY;
        for (size_t j = 0; j < s->count; j++) {
            const double value = s->scores[j] - log(-log1p(-qhm_random_uniform(random)));
            if (value > most) {
                most = value;
                best = j;
            }
        }
        counts[best]++;
    }
    *seconds = qhm_algorithm_clock() - start;
}

static void set_shares(json_t *object, const char *name, const uint64_t *counts, size_t count,
                       size_t samples)
{
    json_t *list = json_array();
    for (size_t j = 0; j < count; j++)
        json_array_append_new(list, json_real((double)counts[j] / (double)samples));
    json_object_set_new(object, name, list);
}

static qhm_status run_opponents(const sampling *s, uint64_t seed, qhm_result *result)
{
    const size_t samples = s->options->samples;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x736f66, 1, 0);
    double seconds[2];
    uint64_t *counts;
    QHM_TRY(qhm_allocate(2 * s->count, sizeof *counts, &counts));
    const qhm_status status = draw_alias(s, &random, counts, &seconds[0]);
    if (status == QHM_OK) {
        draw_gumbel(s, &random, counts + s->count, &seconds[1]);
        qhm_result_text(result->opponent, "method", "alias method");
        set_shares(result->opponent, "frequencies", counts, s->count, samples);
        qhm_result_number(result->opponent, "seconds", seconds[0]);
        qhm_result_number(result->opponent, "seconds_per_sample", seconds[0] / (double)samples);
        qhm_result_count(result->opponent, "scores_read", s->count);
        set_shares(result->opponent, "gumbel_max_frequencies", counts + s->count, s->count,
                   samples);
        qhm_result_number(result->opponent, "gumbel_max_seconds_per_sample",
                          seconds[1] / (double)samples);
    }
    qhm_release(counts);
    return status;
}

static qhm_status sample(const qhm_problem *problem, sampling *s, qhm_result *result)
{
    qhm_softmax_draw_result r;
    const qhm_softmax_draw_options given = {
        .samples = s->options->samples,
        .amplification = (qhm_softmax_amplification)(s->options->amplification - 1),
        .seed = problem->seed};
    QHM_TRY(find_bound(problem, s, result));
    QHM_TRY(qhm_softmax_state_probabilities(&s->problem, s->circuit, &s->success));
    QHM_TRY(qhm_softmax_state_draw(&s->problem, &given, &result->ledger, s->counts, &r));
    if (r.drawn > 0)
        describe_samples(s, (double)r.drawn, result);
    else
        qhm_result_text(result->answer, "frequencies", "none");
    describe_price(s, &r, result);
    add_notes(s, &r, result);
    return run_opponents(s, problem->seed, result);
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    sampling s = {.options = given};
    qhm_status status = read_scores(problem, &s);
    if (status == QHM_OK)
        status = sample(problem, &s, result);
    release_sampling(&s);
    return status;
}

const qhm_algorithm qhm_algorithm_sample_softmax = {
    .info = {.name = "sample-softmax",
             .help = "samples of the softmax of scores, by rejection and amplification",
             .details = "A flag with the amplitude e^((s - B) / 2) over all indices at once, and "
                        "the runs whose flag reads 1, amplified. A\nsample takes of the order of "
                        "sqrt(N p_max) loads of all scores, after a search for the largest score "
                        "or a bound\nB. Computing the angles takes the same N exponentials as "
                        "the softmax. [ozols2013, boyer1998, durr1996, vose1991]\n",
             .example = "scores: [1, 2, 3, 4]\nsamples: 1000\n",
             .fields = fields},
    .options_size = sizeof(softmax_options),
    .run = run,
};
