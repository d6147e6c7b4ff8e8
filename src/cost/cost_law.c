// Cost laws: sums of powers of n and of its logarithm.
#include "base/status_internal.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <qhm/break_even.h>
#include <string.h>

enum { MOST_NUMBER = 64 };

// A cursor in the text of a law.
typedef struct law_reader {
    const char *text;
    size_t at;
} law_reader;

static qhm_status fail_at(const law_reader *reader, const char *expected)
{
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "column %zu of the law \"%s\" is not %s", reader->at + 1,
                    reader->text, expected);
}

static char next(law_reader *reader)
{
    while (isspace((unsigned char)reader->text[reader->at]))
        reader->at++;
    return reader->text[reader->at];
}

static bool take(law_reader *reader, const char *word)
{
    (void)next(reader);
    const size_t length = strlen(word);
    if (strncmp(reader->text + reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

// Digits with a point and an exponent; a sign only where it is wanted.
static qhm_status read_number(law_reader *reader, bool may_be_negative, double *value)
{
    char copy[MOST_NUMBER];
    size_t length = 0;
    const char *text = reader->text;
    (void)next(reader);
    size_t at = reader->at;
    for (; text[at] && length + 1 < sizeof copy; at++) {
        const char c = text[at], before = length > 0 ? copy[length - 1] : '\0';
        const bool is_sign = c == '-' || c == '+';
        const bool fits_sign = (length == 0 && may_be_negative) || before == 'e' || before == 'E';
        if (!(isdigit((unsigned char)c) || c == '.' || (is_sign && fits_sign) ||
              ((c == 'e' || c == 'E') && length > 0)))
            break;
        copy[length++] = c;
    }
    copy[length] = '\0';
    if (!qhm_parse_double(copy, value))
        return fail_at(reader, "a number");
    reader->at = at;
    return QHM_OK;
}

static qhm_status read_power(law_reader *reader, double *power)
{
    double value = 1;
    if (take(reader, "^"))
        QHM_TRY(read_number(reader, true, &value));
    *power += value;
    return QHM_OK;
}

static qhm_status read_factor(law_reader *reader, qhm_cost_term *term)
{
    if (take(reader, "lg(n)"))
        return read_power(reader, &term->log_power);
    if (take(reader, "n"))
        return read_power(reader, &term->power);
    const char first = next(reader);
    if (!isdigit((unsigned char)first) && first != '.')
        return fail_at(reader, "a number, n or lg(n)");
    double value;
    QHM_TRY(read_number(reader, false, &value));
    if (value <= 0)
        return fail_at(reader, "after a coefficient above 0");
    term->coefficient *= value;
    return QHM_OK;
}

qhm_status qhm_cost_law_parse(const char *text, qhm_cost_law *law)
{
    QHM_REQUIRE(text && law, "a law needs a text and a place to go");
    qhm_cost_law made = {0};
    law_reader reader = {.text = text};
    do {
        if (made.count == QHM_COST_LAW_MOST_TERMS)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the law \"%s\" has more than %d terms", text,
                            QHM_COST_LAW_MOST_TERMS);
        qhm_cost_term *term = &made.terms[made.count++];
        term->coefficient = 1;
        do
            QHM_TRY(read_factor(&reader, term));
        while (take(&reader, "*"));
    } while (take(&reader, "+"));
    if (next(&reader) != '\0')
        return fail_at(&reader, "*, + or the end");
    *law = made;
    return QHM_OK;
}

qhm_status qhm_cost_law_fit(const double *n, const double *seconds, size_t count, qhm_cost_law *law)
{
    QHM_REQUIRE(n && seconds && law && count >= 2, "a law is fitted to at least two points");
    double mean_x = 0, mean_y = 0, spread = 0, product = 0;
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(isfinite(n[i]) && n[i] > 0 && isfinite(seconds[i]) && seconds[i] > 0,
                    "point %zu is %g:%g, not two finite numbers above 0", i, n[i], seconds[i]);
        mean_x += log(n[i]) / (double)count;
        mean_y += log(seconds[i]) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        spread += (log(n[i]) - mean_x) * (log(n[i]) - mean_x);
        product += (log(n[i]) - mean_x) * (log(seconds[i]) - mean_y);
    }
    QHM_REQUIRE(spread > 0, "all %zu points have the same n", count);
    const double power = product / spread;
    *law = (qhm_cost_law){
        .count = 1,
        .terms = {{.coefficient = exp(mean_y - power * mean_x), .power = power}},
    };
    return QHM_OK;
}

double qhm_cost_law_value(const qhm_cost_law *law, double n)
{
    double sum = 0;
    for (size_t i = 0; i < law->count; i++) {
        const qhm_cost_term *term = &law->terms[i];
        double value = term->coefficient * pow(n, term->power);
        if (term->log_power != 0)
            value *= pow(log2(n), term->log_power);
        sum += value;
    }
    return sum;
}
