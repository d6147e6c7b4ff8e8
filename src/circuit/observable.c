// Observables: building, reading and printing sums of Pauli strings.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "circuit/observable_internal.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Every term owns its factors.
struct qhm_observable {
    size_t term_count, term_capacity, hash_capacity;
    qhm_pauli_term *terms;
    uint64_t *hashes; // of the strings: equal strings are found by these first
    size_t qubit_count;
};

qhm_status qhm_observable_create(qhm_observable **observable)
{
    QHM_REQUIRE(observable, "qhm_observable_create needs a place for the observable");
    return qhm_allocate(1, sizeof **observable, observable);
}

void qhm_observable_destroy(qhm_observable *observable)
{
    if (!observable)
        return;
    for (size_t i = 0; i < observable->term_count; i++)
        qhm_release((void *)observable->terms[i].factors);
    qhm_release(observable->terms);
    qhm_release(observable->hashes);
    qhm_release(observable);
}

static uint64_t hash_factors(const qhm_pauli_factor *factors, size_t count)
{
    uint64_t hash = 14695981039346656037u; // FNV-1a over whole words
    for (size_t i = 0; i < count; i++) {
        hash ^= (uint64_t)factors[i].qubit * 4 + (uint64_t)factors[i].pauli;
        hash *= 1099511628211u;
    }
    return hash;
}

static bool has_factors(const qhm_pauli_term *term, const qhm_pauli_factor *factors, size_t count)
{
    if (term->factor_count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (term->factors[i].qubit != factors[i].qubit ||
            term->factors[i].pauli != factors[i].pauli)
            return false;
    return true;
}

static int compare_factors(const void *a, const void *b)
{
    uint32_t left = ((const qhm_pauli_factor *)a)->qubit;
    uint32_t right = ((const qhm_pauli_factor *)b)->qubit;
    return (left > right) - (left < right);
}

static qhm_status check_factors(const qhm_pauli_factor *sorted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE((unsigned)sorted[i].pauli <= QHM_PAULI_Z, "%u is not a pauli matrix (0 to 3)",
                    (unsigned)sorted[i].pauli);
        QHM_REQUIRE(sorted[i].qubit < QHM_OBSERVABLE_MAX_QUBITS, "qubit is %u, not 0 to %d",
                    sorted[i].qubit, QHM_OBSERVABLE_MAX_QUBITS - 1);
        QHM_REQUIRE(i == 0 || sorted[i].qubit != sorted[i - 1].qubit,
                    "a pauli string uses qubit %u twice", sorted[i].qubit);
    }
    return QHM_OK;
}

static size_t drop_identities(qhm_pauli_factor *factors, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (factors[i].pauli != QHM_PAULI_I)
            factors[kept++] = factors[i];
    return kept;
}

// Takes the factors when it succeeds and *is_taken says so.
static qhm_status add_term(qhm_observable *observable, double coefficient,
                           qhm_pauli_factor *factors, size_t count, bool *is_taken)
{
    *is_taken = false;
    QHM_TRY(check_factors(factors, count));
    count = drop_identities(factors, count);
    uint64_t hash = hash_factors(factors, count);
    for (size_t i = 0; i < observable->term_count; i++) {
        qhm_pauli_term *term = &observable->terms[i];
        if (observable->hashes[i] != hash || !has_factors(term, factors, count))
            continue;
        QHM_REQUIRE(isfinite(term->coefficient + coefficient),
                    "the coefficients of a term add up to infinity");
        term->coefficient += coefficient;
        return QHM_OK;
    }
    size_t needed = observable->term_count + 1;
    QHM_TRY(qhm_reserve(needed, &observable->term_capacity, sizeof *observable->terms,
                        &observable->terms));
    QHM_TRY(qhm_reserve(needed, &observable->hash_capacity, sizeof *observable->hashes,
                        &observable->hashes));
    observable->hashes[observable->term_count] = hash;
    observable->terms[observable->term_count++] = (qhm_pauli_term){coefficient, count, factors};
    if (count > 0 && factors[count - 1].qubit >= observable->qubit_count)
        observable->qubit_count = (size_t)factors[count - 1].qubit + 1;
    *is_taken = true;
    return QHM_OK;
}

qhm_status qhm_observable_append(qhm_observable *observable, double coefficient,
                                 const qhm_pauli_factor *factors, size_t factor_count)
{
    QHM_REQUIRE(observable, "qhm_observable_append needs an observable");
    QHM_REQUIRE(isfinite(coefficient), "the coefficient of a pauli string is not finite");
    QHM_REQUIRE(factors || factor_count == 0, "a pauli string of %zu factors needs them",
                factor_count);
    qhm_pauli_factor *sorted;
    QHM_TRY(qhm_copy_bytes(factors, factor_count, sizeof *factors, &sorted));
    if (factor_count > 1)
        qsort(sorted, factor_count, sizeof *sorted, compare_factors);
    bool is_taken;
    qhm_status status = add_term(observable, coefficient, sorted, factor_count, &is_taken);
    if (!is_taken)
        qhm_release(sorted);
    return status;
}

size_t qhm_observable_term_count(const qhm_observable *observable)
{
    return observable->term_count;
}

const qhm_pauli_term *qhm_observable_term(const qhm_observable *observable, size_t index)
{
    assert(index < observable->term_count);
    return &observable->terms[index];
}

size_t qhm_observable_qubit_count(const qhm_observable *observable)
{
    return observable->qubit_count;
}

qhm_status qhm_pauli_term_masks(const qhm_pauli_term *term, qhm_pauli_masks *masks)
{
    qhm_pauli_masks built = {0, 0};
    for (size_t i = 0; i < term->factor_count; i++) {
        qhm_pauli_factor factor = term->factors[i];
        if (factor.qubit >= 64)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "a pauli string uses qubit %u, not 0 to 63",
                            factor.qubit);
        uint64_t bit = (uint64_t)1 << factor.qubit;
        if (factor.pauli == QHM_PAULI_X || factor.pauli == QHM_PAULI_Y)
            built.x |= bit;
        if (factor.pauli == QHM_PAULI_Z || factor.pauli == QHM_PAULI_Y)
            built.z |= bit;
    }
    *masks = built;
    return QHM_OK;
}

// Reading. A sum is [sign] term { sign term }; a term is a number, a string, or both.
struct parser {
    const char *text;
    size_t at;
    qhm_observable *observable;
    qhm_pauli_factor *factors;
    size_t factor_count, factor_capacity;
};

static void skip_space(struct parser *parser)
{
    while (isspace((unsigned char)parser->text[parser->at]))
        parser->at++;
}

static char peek(const struct parser *parser)
{
    return parser->text[parser->at];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool find_pauli(char letter, qhm_pauli *pauli)
{
    const char *letters = "IXYZ", *found = letter ? strchr(letters, letter) : NULL;
    *pauli = found ? (qhm_pauli)(found - letters) : QHM_PAULI_I;
    return found != NULL;
}

static qhm_status bad_text(const struct parser *parser, size_t at, const char *expected)
{
    char found = parser->text[at];
    if (found == '\0')
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "observable, column %zu: it ends, expected %s", at + 1,
                        expected);
    if ((unsigned char)found < 0x20 || (unsigned char)found > 0x7e)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "observable, column %zu: byte 0x%02x, expected %s",
                        at + 1, (unsigned char)found, expected);
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "observable, column %zu: '%c', expected %s", at + 1, found,
                    expected);
}

static qhm_status parse_number(struct parser *parser, double *value)
{
    size_t start = parser->at, end = start;
    while (is_digit(parser->text[end]) || parser->text[end] == '.')
        end++;
    if (parser->text[end] == 'e' || parser->text[end] == 'E') {
        end++;
        if (parser->text[end] == '+' || parser->text[end] == '-')
            end++;
        while (is_digit(parser->text[end]))
            end++;
    }
    char digits[400];
    if (end - start >= sizeof digits)
        return bad_text(parser, start, "a number of fewer than 400 characters");
    memcpy(digits, parser->text + start, end - start);
    digits[end - start] = '\0';
    if (!qhm_parse_double(digits, value))
        return bad_text(parser, start, "a finite number");
    parser->at = end;
    return QHM_OK;
}

static qhm_status add_factor(struct parser *parser, uint32_t qubit, qhm_pauli pauli)
{
    QHM_TRY(qhm_reserve(parser->factor_count + 1, &parser->factor_capacity, sizeof *parser->factors,
                        &parser->factors));
    parser->factors[parser->factor_count++] = (qhm_pauli_factor){qubit, pauli};
    return QHM_OK;
}

// "XIZ": the rightmost letter is qubit 0.
static qhm_status parse_dense(struct parser *parser)
{
    size_t start = parser->at;
    qhm_pauli pauli;
    while (find_pauli(peek(parser), &pauli))
        parser->at++;
    size_t end = parser->at;
    if (is_digit(peek(parser)))
        return bad_text(parser, end, "letters only, or a number after every letter");
    if (end - start > QHM_OBSERVABLE_MAX_QUBITS)
        return bad_text(parser, start, "at most 1048576 letters");
    for (size_t i = start; i < end; i++) {
        find_pauli(parser->text[i], &pauli);
        QHM_TRY(add_factor(parser, (uint32_t)(end - 1 - i), pauli));
    }
    return QHM_OK;
}

// "Z0", and any more of the kind.
static qhm_status parse_sparse(struct parser *parser)
{
    qhm_pauli pauli;
    while (find_pauli(peek(parser), &pauli)) {
        size_t start = ++parser->at;
        uint64_t qubit = 0;
        while (is_digit(peek(parser)) && qubit < QHM_OBSERVABLE_MAX_QUBITS)
            qubit = qubit * 10 + (uint64_t)(parser->text[parser->at++] - '0');
        if (parser->at == start)
            return bad_text(parser, start, "the number of a qubit");
        if (qubit >= QHM_OBSERVABLE_MAX_QUBITS)
            return bad_text(parser, start, "a qubit from 0 to 1048575");
        QHM_TRY(add_factor(parser, (uint32_t)qubit, pauli));
        skip_space(parser);
        if (peek(parser) == '*') {
            parser->at++;
            skip_space(parser);
            if (!find_pauli(peek(parser), &pauli))
                return bad_text(parser, parser->at, "a letter of IXYZ after *");
        }
    }
    return QHM_OK;
}

static qhm_status parse_term(struct parser *parser, double sign)
{
    double coefficient = 1;
    size_t start = parser->at;
    bool has_number = is_digit(peek(parser)) || peek(parser) == '.';
    parser->factor_count = 0;
    if (has_number) {
        QHM_TRY(parse_number(parser, &coefficient));
        skip_space(parser);
        if (peek(parser) == '*') {
            parser->at++;
            skip_space(parser);
            has_number = false; // what was multiplied must follow
        }
    }
    qhm_pauli pauli;
    bool has_letter = find_pauli(peek(parser), &pauli);
    if (!has_letter && !has_number)
        return bad_text(parser, parser->at, "a number or letters of IXYZ");
    if (has_letter && is_digit(parser->text[parser->at + 1]))
        QHM_TRY(parse_sparse(parser));
    else if (has_letter)
        QHM_TRY(parse_dense(parser));
    if (!has_letter && coefficient == 0)
        return QHM_OK; // "0" is the observable without terms
    qhm_status status = qhm_observable_append(parser->observable, sign * coefficient,
                                              parser->factors, parser->factor_count);
    if (status == QHM_ERROR_INVALID_ARGUMENT) {
        qhm_prefix_error_message("observable, column %zu", start + 1);
        return QHM_ERROR_BAD_INPUT;
    }
    return status;
}

static qhm_status parse_sum(struct parser *parser)
{
    for (bool is_first = true;; is_first = false) {
        skip_space(parser);
        char sign = peek(parser);
        if (sign == '\0' && !is_first)
            return QHM_OK;
        if (sign == '+' || sign == '-') {
            parser->at++;
            skip_space(parser);
        } else if (!is_first) {
            return bad_text(parser, parser->at, "+ or - between terms");
        }
        QHM_TRY(parse_term(parser, sign == '-' ? -1 : 1));
    }
}

qhm_status qhm_observable_parse(const char *text, qhm_observable **observable)
{
    QHM_REQUIRE(text && observable, "qhm_observable_parse needs a text and a place for the result");
    struct parser parser = {.text = text};
    QHM_TRY(qhm_observable_create(&parser.observable));
    qhm_status status = parse_sum(&parser);
    qhm_release(parser.factors);
    if (status != QHM_OK) {
        qhm_observable_destroy(parser.observable);
        return status;
    }
    *observable = parser.observable;
    return QHM_OK;
}

static void print_term(qhm_text *text, const qhm_pauli_term *term, bool is_first)
{
    bool is_negative = signbit(term->coefficient);
    if (is_first)
        qhm_text_append(text, is_negative ? "-" : "");
    else
        qhm_text_append(text, is_negative ? " - " : " + ");
    double size = fabs(term->coefficient);
    bool needs_number = size != 1 || term->factor_count == 0;
    if (needs_number)
        qhm_text_append_number(text, size);
    for (size_t i = 0; i < term->factor_count; i++)
        qhm_text_print(text, "%s%c%u", i > 0 || needs_number ? " " : "",
                       "IXYZ"[term->factors[i].pauli], term -> factors[i].qubit);
}

qhm_status qhm_observable_print(const qhm_observable *observable, char **text)
{
    QHM_REQUIRE(observable && text, "qhm_observable_print needs an observable and a place");
    qhm_text printed = {0};
    for (size_t i = 0; i < observable->term_count; i++)
        print_term(&printed, &observable->terms[i], i == 0);
    if (observable->term_count == 0)
        qhm_text_append(&printed, "0");
    return qhm_text_take(&printed, text);
}
