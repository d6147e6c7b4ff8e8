// Methods of NLopt [johnson2007], whose failures become ours.
#include "algorithm/vqe_internal.h"

#include <limits.h>
#include <nlopt.h>

typedef struct watched {
    qhm_bfgs_function *function;
    void *context;
    nlopt_opt search;
    size_t evaluations;
    qhm_status status;
} watched;

static double evaluate(unsigned count, const double *x, double *gradient, void *context)
{
    watched *w = context;
    double value = 0;
    (void)count;
    if (w->status == QHM_OK)
        w->status = w->function(w->context, x, &value, gradient);
    w->evaluations++;
    if (w->status != QHM_OK)
        nlopt_force_stop(w->search);
    return value;
}

static nlopt_algorithm algorithm_of(qhm_vqe_method method)
{
    switch (method) {
    case QHM_VQE_BOBYQA:
        return NLOPT_LN_BOBYQA;
    case QHM_VQE_NELDER_MEAD:
        return NLOPT_LN_NELDERMEAD;
    case QHM_VQE_LBFGS:
        return NLOPT_LD_LBFGS;
    case QHM_VQE_SBPLX:
        return NLOPT_LN_SBPLX;
    case QHM_VQE_COBYLA:
    case QHM_VQE_BFGS:
    case QHM_VQE_ADAM:
    case QHM_VQE_NATURAL_GRADIENT:
    case QHM_VQE_SPSA:
    case QHM_VQE_ROTOSOLVE:
    case QHM_VQE_METHOD_COUNT:
        break;
    }
    return NLOPT_LN_COBYLA;
}

static qhm_status run(watched *w, const qhm_vqe_options *options, double *x)
{
    double value;
    const size_t most = options->iterations < INT_MAX ? options->iterations : INT_MAX;
    nlopt_result result = nlopt_set_min_objective(w->search, evaluate, w);
    if (result > 0)
        result = nlopt_set_maxeval(w->search, (int)most);
    if (result > 0)
        result = nlopt_set_xtol_abs1(w->search, options->tolerance);
    if (result > 0) // near a minimum the value falls with the step's square
        result = nlopt_set_ftol_abs(w->search, options->tolerance * options->tolerance);
    if (result > 0)
        result = nlopt_set_initial_step1(w->search, options->learning_rate);
    if (result > 0)
        result = nlopt_optimize(w->search, x, &value);
    if (w->status != QHM_OK)
        return w->status;
    if (result == NLOPT_OUT_OF_MEMORY)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "NLopt is out of memory");
    if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED) // as near as rounding lets it
        return QHM_FAIL(QHM_ERROR_NUMERIC, "%s of NLopt failed: %s",
                        qhm_vqe_method_name(options->method), nlopt_result_to_string(result));
    return QHM_OK;
}

qhm_status qhm_nlopt_minimize(size_t count, qhm_bfgs_function *function, void *context,
                              const qhm_vqe_options *options, double *x, size_t *iterations)
{
    if (options->method == QHM_VQE_BOBYQA && count < 2)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "bobyqa needs two weights, not %zu", count);
    watched w = {.function = function, .context = context};
    w.search = nlopt_create(algorithm_of(options->method), (unsigned)count);
    if (!w.search)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "NLopt is out of memory");
    const qhm_status status = run(&w, options, x);
    nlopt_destroy(w.search);
    if (status == QHM_OK)
        *iterations = w.evaluations;
    return status;
}
