// Where two cost laws cross, on a logarithmic grid and then by bisection.
#include <qhm/break_even.h>

#include "base/status_internal.h"
#include "base/svg.h"

#include <math.h>

enum { MOST_LOG = 60, STEPS = 64, BISECTIONS = 60, POINTS = 2 * MOST_LOG };

// Times beyond it are not drawn: they would flatten all others.
#define LONGEST 1e30

static qhm_status check_law(const char *name, const qhm_cost_law *law, bool may_be_empty)
{
    QHM_REQUIRE((law->count > 0 || may_be_empty) && law->count <= QHM_COST_LAW_MOST_TERMS,
                "%s has %zu terms, not 1 to %d", name, law->count, QHM_COST_LAW_MOST_TERMS);
    for (size_t i = 0; i < law->count; i++)
        QHM_REQUIRE(isfinite(law->terms[i].coefficient) && law->terms[i].coefficient > 0 &&
                        isfinite(law->terms[i].power) && isfinite(law->terms[i].log_power),
                    "term %zu of %s has a coefficient of %g, not above 0, or a power that is not "
                    "finite",
                    i, name, law->terms[i].coefficient);
    return QHM_OK;
}

static qhm_status check_number(const char *name, double value, double most)
{
    QHM_REQUIRE(value >= 0 && value <= most && isfinite(value), "%s is %g, not 0 to %g", name,
                value, most);
    return QHM_OK;
}

static qhm_status check_options(const qhm_break_even_options *options)
{
    QHM_TRY(check_law("classical_seconds", &options->classical_seconds, false));
    QHM_TRY(check_law("quantum_layers", &options->quantum_layers, false));
    QHM_TRY(check_law("quantum_gates", &options->quantum_gates, true));
    QHM_REQUIRE(options->layer_seconds > 0 && isfinite(options->layer_seconds),
                "layer_seconds is %g, not a finite number above 0", options->layer_seconds);
    QHM_TRY(check_number("improvement", options->improvement, 1e6));
    QHM_TRY(check_number("years", options->years, 1e3));
    QHM_TRY(check_number("overhead_seconds", options->overhead_seconds, 1e30));
    QHM_REQUIRE(options->error >= 0 && options->error < 1, "error is %g, not 0 or more and below 1",
                options->error);
    QHM_REQUIRE(options->size == 0 || (options->size >= 2 && options->size <= 0x1p60),
                "size is %g, not 2 to 2^60", options->size);
    return QHM_OK;
}

static double classical_seconds(const qhm_break_even_options *options, double n)
{
    const double factor = options->improvement > 0 ? options->improvement : 1;
    return qhm_cost_law_value(&options->classical_seconds, n) / pow(factor, options->years);
}

static double gates(const qhm_break_even_options *options, double n)
{
    const bool has_own = options->quantum_gates.count > 0;
    return qhm_cost_law_value(has_own ? &options->quantum_gates : &options->quantum_layers, n);
}

void qhm_break_even_seconds(const qhm_break_even_options *options, double n, double *classical,
                            double *quantum)
{
    const double damping = options->error > 0 ? -2 * gates(options, n) * log1p(-options->error) : 0;
    *classical = classical_seconds(options, n);
    *quantum = options->overhead_seconds + qhm_cost_law_value(&options->quantum_layers, n) *
                                               options->layer_seconds * exp(damping);
}

static bool is_won(const qhm_break_even_options *options, double log_n)
{
    double classical, quantum;
    qhm_break_even_seconds(options, exp2(log_n), &classical, &quantum);
    return quantum < classical;
}

// Between a size that is not won and one that is, or the other way round.
static double bisect(const qhm_break_even_options *options, double low, double high)
{
    const bool at_high = is_won(options, high);
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = (low + high) / 2;
        if (is_won(options, middle) == at_high)
            high = middle;
        else
            low = middle;
    }
    return exp2(high);
}

static void find_sizes(const qhm_break_even_options *options, qhm_break_even *result)
{
    result->from = result->until = NAN;
    bool was_won = false;
    for (int i = STEPS; i <= MOST_LOG * STEPS; i++) {
        const double log_n = (double)i / STEPS, before = (double)(i - 1) / STEPS;
        const bool won = is_won(options, log_n);
        if (won && !was_won)
            result->from = i == STEPS ? 2 : bisect(options, before, log_n);
        if (!won && was_won) {
            result->until = bisect(options, before, log_n);
            return;
        }
        was_won = won;
    }
}

// What the layer time or the error would have to be at one size, all else as it is.
static void find_at_size(const qhm_break_even_options *options, double n, qhm_break_even *result)
{
    qhm_break_even_seconds(options, n, &result->classical_seconds, &result->quantum_seconds);
    const double room = result->classical_seconds - options->overhead_seconds;
    const double growing = result->quantum_seconds - options->overhead_seconds;
    const double without_error =
        qhm_cost_law_value(&options->quantum_layers, n) * options->layer_seconds;
    result->layer_seconds =
        room > 0 && isfinite(growing) ? options->layer_seconds * (room / growing) : (double)NAN;
    result->error = without_error < room
                        ? -expm1(log(without_error / room) / (2 * gates(options, n)))
                        : (double)NAN;
}

qhm_status qhm_break_even_find(const qhm_break_even_options *options, qhm_break_even *result)
{
    QHM_REQUIRE(options && result, "a break-even needs options and a place to go");
    QHM_TRY(check_options(options));
    qhm_break_even made;
    find_sizes(options, &made);
    find_at_size(options, options->size > 0 ? options->size : 0x1p20, &made);
    *result = made;
    return QHM_OK;
}

qhm_status qhm_break_even_draw_svg(const qhm_break_even_options *options, char **text)
{
    QHM_REQUIRE(options && text, "a drawing needs options and a place to go");
    QHM_TRY(check_options(options));
    double x[POINTS], sides[2][POINTS];
    for (int i = 0; i < POINTS; i++) {
        const double n = exp2(1 + (double)i * (MOST_LOG - 1) / (POINTS - 1));
        x[i] = log10(n);
        qhm_break_even_seconds(options, n, &sides[0][i], &sides[1][i]);
        for (int side = 0; side < 2; side++)
            sides[side][i] = sides[side][i] < LONGEST ? log10(sides[side][i]) : (double)NAN;
    }
    const qhm_svg_series series[] = {
        {.name = "classical", .x = x, .y = sides[0], .count = POINTS, .colour = 0},
        {.name = "quantum", .x = x, .y = sides[1], .count = POINTS, .colour = 1},
    };
    const qhm_svg_line_chart chart = {
        .title = "Seconds of both sides by size",
        .x_label = "n, as powers of ten",
        .y_label = "seconds, as powers of ten",
        .series = series,
        .series_count = 2,
    };
    return qhm_svg_print_line_chart_file(&chart, text);
}
