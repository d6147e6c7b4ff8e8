// Phase estimation by Bayes: each test is chosen by what is known by then.
#include <qhm/bayesian_phase.h>

#include "algorithm/phase_posterior.h"

#include <math.h>

enum { CHECK_SHOTS = 8, POINTS_PER_ERROR = 16, MOST_POWER = 1 << 15 };

static const double TAIL = 0.025;

// Every second test has less of the power, and none is a quarter turn off the mean: there is then
// no distance at which a second peak would give the same bits in all of them.
static const double PART = 2.0 / 3, ASIDE = 0.2;

// What the last tests are held against: shares of coins, from any power of two on.
static const double shares[] = {0.0625, 0.125, 0.25, 0.5, 1};
enum { SHARES = sizeof shares / sizeof shares[0], STARTS = 16 };

typedef struct estimation {
    const qhm_bayesian_phase_sampler *sampler;
    qhm_bayesian_phase_options options;
    qhm_phase_posterior posterior;
    double ratios[STARTS][SHARES]; // of the likelihoods of the last tests, coins to eigenstate
    uint64_t left;                 // shots
    uint64_t power;                // of the test before
    qhm_bayesian_phase_result *found;
} estimation;

static qhm_status sample(estimation *e, qhm_phase_test *test)
{
    QHM_TRY(e->sampler->sample(e->sampler->context, test->power, test->angle, test->shots,
                               &test->ones));
    QHM_REQUIRE(test->ones <= test->shots, "the sampler gave %llu ones in %llu shots",
                (unsigned long long)test->ones, (unsigned long long)test->shots);
    e->left -= test->shots;
    e->found->tests++;
    e->found->shots += test->shots;
    e->found->unitary_uses += test->shots * test->power;
    if (test->power > e->found->longest_power)
        e->found->longest_power = test->power;
    return QHM_OK;
}

static void look(estimation *e)
{
    qhm_bayesian_phase_result *f = e->found;
    qhm_phase_posterior_mean(&e->posterior, &f->phase, &f->deviation);
    qhm_phase_posterior_interval(&e->posterior, f->phase, TAIL, &f->low, &f->high);
}

static bool is_narrow(const estimation *e)
{
    return e->found->high - e->found->low <= 2 * e->options.error;
}

// Shots of the last tests, of the powers up to that of the test before.
static uint64_t check_shots(const estimation *e)
{
    uint64_t shots = CHECK_SHOTS;
    for (uint64_t power = e->power; power > 1; power /= 2)
        shots += CHECK_SHOTS;
    return shots;
}

// Where the power is not long enough, as many shots as it takes to know twice as much.
static qhm_status learn(estimation *e)
{
    while (!is_narrow(e) && e->left > check_shots(e)) {
        const double turned = 2 * M_PI * e->found->deviation;
        const double part = e->found->tests % 2 ? PART : 1;
        const double power = fmin(fmax(floor(part / turned), 1), (double)e->options.longest_power);
        const double shots = fmax(floor(1 / (power * turned * power * turned)), 1);
        const uint64_t most = e->left - check_shots(e);
        qhm_phase_test test = {.power = (uint64_t)power,
                               .angle = power * e->found->phase - ASIDE,
                               .shots = shots < (double)most ? (uint64_t)shots : most};
        QHM_TRY(sample(e, &test));
        qhm_phase_posterior_add(&e->posterior, &test);
        look(e);
        e->power = test.power;
    }
    return QHM_OK;
}

// The mean of ratios that each is 1 in the mean: it is so itself.
static void weigh(estimation *e, const qhm_phase_test *test)
{
    const double alone = qhm_phase_posterior_predict(&e->posterior, test, 0);
    double sum = 0;
    size_t starts = 0;
    for (size_t i = 0; i < SHARES; i++) {
        const double ratio = qhm_phase_posterior_predict(&e->posterior, test, shares[i]) / alone;
        for (starts = 0; (e->options.longest_power >> starts) > 0; starts++) {
            e->ratios[starts][i] *= (test->power >> starts) > 0 ? ratio : 1;
            sum += e->ratios[starts][i];
        }
    }
    e->found->misfit = sum / (double)(starts * SHARES);
}

static qhm_status check(estimation *e)
{
    for (uint64_t power = 1; power <= e->power && e->left > 0; power *= 2) {
        qhm_phase_test test = {.power = power,
                               .angle = (double)power * e->found->phase,
                               .shots = e->left < CHECK_SHOTS ? e->left : CHECK_SHOTS};
        QHM_TRY(sample(e, &test));
        weigh(e, &test);
        qhm_phase_posterior_add(&e->posterior, &test);
        look(e);
    }
    return QHM_OK;
}

static qhm_status run(estimation *e)
{
    const double points = ceil(POINTS_PER_ERROR / e->options.error);
    QHM_TRY(qhm_phase_posterior_create((size_t)points, &e->posterior));
    look(e);
    do { // the last tests may tell that the interval was too narrow
        QHM_TRY(learn(e));
        QHM_TRY(check(e));
    } while (!is_narrow(e) && e->left > 0);
    e->found->peak_share = qhm_phase_posterior_peak(&e->posterior);
    return QHM_OK;
}

static qhm_status resolve(const qhm_bayesian_phase_options *given, qhm_bayesian_phase_options *made)
{
    *made = given ? *given : (qhm_bayesian_phase_options){0};
    made->error = made->error == 0 ? 0.01 : made->error; // NaN is kept, to be refused
    made->shots = made->shots ? made->shots : 100;
    made->longest_power = made->longest_power ? made->longest_power : 32;
    QHM_REQUIRE(made->error >= 1e-5 && made->error <= 0.4, "error is %g, not 1e-5 to 0.4",
                made->error);
    QHM_REQUIRE(made->longest_power <= MOST_POWER, "longest_power is %llu, not 1 to %d",
                (unsigned long long)made->longest_power, (int)MOST_POWER);
    return QHM_OK;
}

qhm_status qhm_bayesian_phase_estimate(const qhm_bayesian_phase_sampler *sampler,
                                       const qhm_bayesian_phase_options *options,
                                       qhm_bayesian_phase_result *result)
{
    qhm_bayesian_phase_result found = {.misfit = 1};
    estimation e = {.sampler = sampler, .power = 1, .found = &found};
    QHM_REQUIRE(sampler && sampler->sample && result, "sampler, its sample or result is NULL");
    QHM_TRY(resolve(options, &e.options));
    e.left = e.options.shots;
    for (size_t i = 0; i < STARTS * SHARES; i++)
        e.ratios[i / SHARES][i % SHARES] = 1;
    const qhm_status status = run(&e);
    qhm_phase_posterior_destroy(&e.posterior);
    if (status == QHM_OK)
        *result = found;
    return status;
}
