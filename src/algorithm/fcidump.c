// Reading FCIDUMP files: a Fortran namelist, then a value and four orbitals a line.
#include "algorithm/electronic_problem_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { WORD = 64, MOST_BYTES = 1 << 28 };

typedef struct reader {
    const char *name, *at;
    size_t line; // of `at`
    int64_t orbitals, electrons, spin;
    double *one, *two, constant;
    uint32_t *one_lines, *two_lines; // where each integral was given; 0: not yet
    size_t constant_line;
} reader;

__attribute__((format(printf, 2, 3))) static qhm_status fail_at(const reader *r, const char *format,
                                                                ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(message, sizeof message, format, arguments);
    va_end(arguments);
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu: %s", r->name, r->line, message);
}

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == '\r';
}

static void skip(reader *r, bool over_lines)
{
    for (; is_separator(*r->at) || (over_lines && *r->at == '\n'); r->at++)
        r->line += *r->at == '\n';
}

// The next word; empty at the end of the line or file. Longer words are cut.
static void read_word(reader *r, char word[WORD])
{
    size_t length = 0;
    for (; *r->at && *r->at != '\n' && *r->at != '=' && !is_separator(*r->at); r->at++)
        if (length + 1 < WORD)
            word[length++] = *r->at;
    word[length] = 0;
}

static bool is_end(const char *word)
{
    return strcasecmp(word, "&END") == 0 || strcasecmp(word, "$END") == 0 || strcmp(word, "/") == 0;
}

// One value of a field of the header; lists and fields that do not matter here are passed over.
static qhm_status take_value(reader *r, const char *field, const char *word)
{
    const struct {
        const char *name;
        int64_t *place;
    } known[] = {{"NORB", &r->orbitals}, {"NELEC", &r->electrons}, {"MS2", &r->spin}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(field, known[i].name) == 0 && !qhm_parse_int64(word, known[i].place))
            return fail_at(r, "%s is '%s', not a whole number", known[i].name, word);
    if ((strcasecmp(field, "IUHF") == 0 && strcmp(word, "0") != 0) ||
        (strcasecmp(field, "UHF") == 0 && strcasecmp(word, ".FALSE.") != 0))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%s:%zu: orbitals that differ for the two spins (%s)", r->name, r->line,
                        field);
    return QHM_OK;
}

static qhm_status read_header(reader *r)
{
    char word[WORD], field[WORD] = "";
    skip(r, true);
    read_word(r, word);
    if (strcasecmp(word, "&FCI") != 0 && strcasecmp(word, "$FCI") != 0)
        return fail_at(r, "'%s' in place of &FCI: no FCIDUMP file", word);
    for (;;) {
        skip(r, true);
        if (!*r->at)
            return fail_at(r, "the file ends within the header: no &END or /");
        if (*r->at == '=')
            return fail_at(r, "'=' without a name before it");
        read_word(r, word);
        if (is_end(word))
            return QHM_OK;
        skip(r, false);
        if (*r->at == '=') {
            r->at++;
            memcpy(field, word, sizeof field);
        } else {
            QHM_TRY(take_value(r, field, word));
        }
    }
}

static qhm_status check_header(const reader *r)
{
    if (r->orbitals < 1 || r->orbitals > QHM_MOST_ORBITALS)
        return fail_at(r, "NORB is %lld, not 1 to %d", (long long)r->orbitals, QHM_MOST_ORBITALS);
    if (r->electrons < 0 || r->electrons > 2 * r->orbitals)
        return fail_at(r, "NELEC is %lld, not 0 to twice NORB = %lld", (long long)r->electrons,
                       (long long)r->orbitals);
    if (r->spin < -r->orbitals || r->spin > r->orbitals)
        return fail_at(r, "MS2 is %lld, not within +-%lld", (long long)r->spin,
                       (long long)r->orbitals);
    const int64_t up = r->electrons + r->spin, down = r->electrons - r->spin;
    if (up % 2 || up < 0 || down < 0 || up > 2 * r->orbitals || down > 2 * r->orbitals)
        return fail_at(r, "MS2 is %lld, which %lld electrons in %lld orbitals cannot have",
                       (long long)r->spin, (long long)r->electrons, (long long)r->orbitals);
    return QHM_OK;
}

// Fortran writes 1.0D-3.
static bool parse_value(char *word, double *value)
{
    for (char *c = word; *c; c++)
        if (*c == 'D' || *c == 'd')
            *c = 'e';
    return qhm_parse_double(word, value);
}

static qhm_status set(const reader *r, double value, double *place, uint32_t *line,
                      const size_t orbitals[4])
{
    if (*line && fabs(value - *place) > 1e-8)
        return fail_at(r, "the integral %zu %zu %zu %zu is %.10g, but line %u has %.10g for it",
                       orbitals[0], orbitals[1], orbitals[2], orbitals[3], value, *line, *place);
    *place = value;
    *line = (uint32_t)r->line;
    return QHM_OK;
}

static qhm_status set_two(const reader *r, double value, const size_t given[4])
{
    const size_t n = (size_t)r->orbitals;
    for (size_t exchange = 0; exchange < 8; exchange++) {
        size_t i[4] = {given[0] - 1, given[1] - 1, given[2] - 1, given[3] - 1};
        const size_t swaps[2] = {exchange & 1, exchange >> 1 & 1};
        for (size_t pair = 0; pair < 2; pair++)
            if (swaps[pair]) {
                const size_t kept = i[2 * pair];
                i[2 * pair] = i[2 * pair + 1];
                i[2 * pair + 1] = kept;
            }
        const size_t first = i[0] * n + i[1], second = i[2] * n + i[3];
        const size_t index = exchange & 4 ? second * n * n + first : first * n * n + second;
        QHM_TRY(set(r, value, &r->two[index], &r->two_lines[index], given));
    }
    return QHM_OK;
}

static qhm_status take_integral(reader *r, double value, const size_t i[4])
{
    const size_t n = (size_t)r->orbitals;
    if (i[0] && i[1] && i[2] && i[3])
        return set_two(r, value, i);
    if (i[0] && i[1] && !i[2] && !i[3]) {
        const size_t pq = (i[0] - 1) * n + i[1] - 1, qp = (i[1] - 1) * n + i[0] - 1;
        QHM_TRY(set(r, value, &r->one[pq], &r->one_lines[pq], i));
        return set(r, value, &r->one[qp], &r->one_lines[qp], i);
    }
    if (i[0] && !i[1] && !i[2] && !i[3])
        return QHM_OK; // the energy of an orbital
    if (i[0] || i[1] || i[2] || i[3])
        return fail_at(r, "indices %zu %zu %zu %zu name no integral", i[0], i[1], i[2], i[3]);
    if (r->constant_line && fabs(value - r->constant) > 1e-8)
        return fail_at(r, "the constant is %.10g, but line %zu has %.10g for it", value,
                       r->constant_line, r->constant);
    r->constant = value;
    r->constant_line = r->line;
    return QHM_OK;
}

static qhm_status read_line(reader *r)
{
    char word[WORD];
    double value;
    size_t indices[4];
    read_word(r, word);
    if (!parse_value(word, &value))
        return fail_at(r, "'%s' in place of an integral's value", word);
    for (size_t i = 0; i < 4; i++) {
        uint64_t index;
        skip(r, false);
        read_word(r, word);
        if (!qhm_parse_uint64(word, &index))
            return fail_at(r, "'%s' in place of orbital %zu of 4", word, i + 1);
        if (index > (uint64_t)r->orbitals)
            return fail_at(r, "orbital %s of %lld", word, (long long)r->orbitals);
        indices[i] = (size_t)index;
    }
    skip(r, false);
    if (*r->at && *r->at != '\n')
        return fail_at(r, "more than a value and four orbitals");
    return take_integral(r, value, indices);
}

static qhm_status read_integrals(reader *r)
{
    for (;;) {
        skip(r, true);
        if (!*r->at)
            break;
        QHM_TRY(read_line(r));
    }
    if (!r->constant_line)
        return fail_at(r, "no line of the constant (0 0 0 0): the file is cut short");
    return QHM_OK;
}

static qhm_status parse(reader *r, qhm_electronic_problem **problem)
{
    QHM_TRY(read_header(r));
    QHM_TRY(check_header(r));
    const size_t n = (size_t)r->orbitals, all = n * n + n * n * n * n;
    QHM_TRY(qhm_allocate(all, sizeof *r->one, &r->one));
    qhm_status status = qhm_allocate(all, sizeof *r->one_lines, &r->one_lines);
    r->two = r->one + n * n;
    if (status == QHM_OK) {
        r->two_lines = r->one_lines + n * n;
        status = read_integrals(r);
    }
    if (status == QHM_OK)
        status = qhm_electronic_problem_create(n, (size_t)(r->electrons + r->spin) / 2,
                                               (size_t)(r->electrons - r->spin) / 2, r->constant,
                                               r->one, r->two, problem);
    qhm_release(r->one);
    qhm_release(r->one_lines);
    return status;
}

qhm_status qhm_electronic_problem_parse(const char *text, const char *name,
                                        qhm_electronic_problem **problem)
{
    QHM_REQUIRE(text && name && problem, "text, name or problem is NULL");
    reader r = {.name = name, .at = text, .line = 1, .orbitals = -1, .electrons = -1};
    return parse(&r, problem);
}

qhm_status qhm_electronic_problem_load(const char *path, qhm_electronic_problem **problem)
{
    char *text;
    size_t count;
    QHM_REQUIRE(path && problem, "path or problem is NULL");
    QHM_TRY(qhm_file_read(path, MOST_BYTES, &text, &count));
    const qhm_status status = qhm_electronic_problem_parse(text, path, problem);
    qhm_release(text);
    return status;
}
