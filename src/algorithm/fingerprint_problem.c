// The problem "fingerprint": are two strings equal, by SWAP tests of their fingerprints.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"

#include <math.h>
#include <qhm/fingerprint.h>
#include <qhm/overlap.h>
#include <string.h>

typedef struct fingerprint_options {
    const char *a, *b;
    size_t code_qubits, tests;
} fingerprint_options;

static const qhm_option_info fields[] = {
    {.name = "a",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(fingerprint_options, a),
     .help = "a string of up to 64 characters 0 and 1; required"},
    {.name = "b",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(fingerprint_options, b),
     .help = "another as long; required"},
    {.name = "code_qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(fingerprint_options, code_qubits),
     .default_text = "5",
     .minimum = 1,
     .maximum = 8,
     .help = "of a fingerprint: the code word has 2^code_qubits bits"},
    {.name = "tests",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(fingerprint_options, tests),
     .default_text = "20",
     .minimum = 1,
     .maximum = 1e6,
     .help = "SWAP tests, each with fresh fingerprints; the first 1 tells that a and b differ"},
    {0},
};

static qhm_status read_string(const qhm_problem *problem, const char *text, const char *name,
                              uint64_t *bits)
{
    if (!text || !*text)
        return qhm_node_fail(problem->node, "field '%s' is missing: a string of 0 and 1", name);
    const size_t length = strlen(text);
    if (length > 64 || strspn(text, "01") != length)
        return qhm_node_fail(problem->node, "field '%s' is '%s', not up to 64 characters 0 and 1",
                             name, text);
    *bits = 0;
    for (size_t i = 0; i < length; i++)
        *bits |= (uint64_t)(text[i] == '1') << i;
    return QHM_OK;
}

static qhm_status run_tests(const fingerprint_options *o, uint64_t a, uint64_t b, uint64_t seed,
                            qhm_ledger *ledger, double *ones)
{
    qhm_circuit *first = NULL, *second = NULL, *test = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_status status = qhm_fingerprint_create(a, o->code_qubits, seed, &first);
    if (status == QHM_OK)
        status = qhm_fingerprint_create(b, o->code_qubits, seed, &second);
    if (status == QHM_OK)
        status = qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, first, second, &test);
    if (status == QHM_OK)
        status = qhm_counted_shots(test, o->tests, seed, &(qhm_run_counts){.state_preparations = 2},
                                   ledger, &outcomes);
    *ones = 0;
    for (size_t i = 0; status == QHM_OK && i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        *ones += bits[0] & 1 ? weight : 0;
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(first);
    qhm_circuit_destroy(second);
    qhm_circuit_destroy(test);
    return status;
}

static void describe(const fingerprint_options *o, uint64_t a, uint64_t b, uint64_t seed,
                     double ones, qhm_result *result)
{
    const double n = (double)strlen(o->a);
    const double overlap = qhm_fingerprint_overlap(a, b, o->code_qubits, seed);
    json_object_set_new(result->answer, "equal", json_boolean(ones == 0));
    qhm_result_number(result->answer, "tests_of_1", ones);
    qhm_result_number(result->answer, "overlap", overlap);
    qhm_result_number(result->answer, "wrong_probability",
                      a == b ? 0 : pow((1 + overlap * overlap) / 2, (double)o->tests));
    qhm_result_count(result->answer, "qubits_sent", 2 * o->code_qubits * o->tests);
    const double start = qhm_algorithm_clock();
    const bool is_equal = a == b;
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    qhm_result_text(result->opponent, "method", "both strings, compared");
    json_object_set_new(result->opponent, "equal", json_boolean(is_equal));
    qhm_result_number(result->opponent, "bits_sent", 2 * n);
    // A hash under shared random bits errs with 2^-bits; the tests at a typical overlap of 0 too.
    qhm_result_number(result->opponent, "hash_bits_sent", 2 * (double)o->tests);
    qhm_result_number(result->opponent, "square_root_of_length", sqrt(n));
    qhm_result_note(result, "Strings that are equal are never called different; different ones are "
                            "called equal with the wrong probability. With shared random bits a "
                            "hash of one bit for each test errs as rarely as tests without "
                            "overlap do.");
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const fingerprint_options *o = given;
    uint64_t a, b;
    double ones;
    QHM_TRY(read_string(problem, o->a, "a", &a));
    QHM_TRY(read_string(problem, o->b, "b", &b));
    if (strlen(o->a) != strlen(o->b))
        return qhm_node_fail(problem->node, "field 'a' has %zu characters, field 'b' %zu",
                             strlen(o->a), strlen(o->b));
    QHM_TRY(run_tests(o, a, b, problem->seed, &result->ledger, &ones));
    describe(o, a, b, problem->seed, ones, result);
    return QHM_OK;
}

const qhm_algorithm qhm_algorithm_fingerprint = {
    .info = {.name = "fingerprint",
             .help = "are two strings equal, from few qubits of each",
             .details = "Each string becomes the signs of a state by a random linear code; SWAP "
                        "tests compare the states. Equal\nstrings never give a 1. Without shared "
                        "random bits a classical fingerprint takes about sqrt(n) bits,\nwith them "
                        "a few; whoever may send the strings just compares them. [buhrman2001]\n",
             .example = "a: '1011001110001111'\nb: '1011001110001011'\n",
             .fields = fields},
    .options_size = sizeof(fingerprint_options),
    .run = run,
};
