// Jobs over any backend. One whose request was done at submission is born finished.
#include <qhm/job.h>

#include "base/memory.h"
#include "base/status_internal.h"
#include "simulate/backend_internal.h"

struct qhm_job {
    const qhm_backend_ops *ops;
    void *handle; // the backend's; NULL: done
    qhm_request request;
    qhm_job_state state;
    qhm_status outcome;
};

qhm_status qhm_job_submit(qhm_plan *plan, const qhm_request *request, qhm_job **job)
{
    QHM_REQUIRE(plan && request && job, "a job needs a plan, a request and a place to go");
    qhm_gradient_method method;
    QHM_TRY(qhm_plan_settle(plan, request, &method));
    qhm_job *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->ops = plan->backend->ops;
    made->request = *request;
    qhm_status status;
    const bool is_shifted = qhm_request_wants_gradients(request) && method != QHM_GRADIENT_ADJOINT;
    if (is_shifted)
        status = qhm_plan_run(plan, &made->request); // many backend jobs, run to their end
    else
        status = made->ops->submit(plan->state, &made->request, &made->handle);
    if (status == QHM_OK && !is_shifted)
        qhm_plan_take_down(plan, request);
    if (status != QHM_OK) {
        qhm_release(made);
        return status;
    }
    made->state = made->handle ? QHM_JOB_RUNNING : QHM_JOB_DONE;
    *job = made;
    return QHM_OK;
}

static qhm_status poll_job(qhm_job *job, double timeout_seconds)
{
    if (job->state != QHM_JOB_RUNNING)
        return QHM_OK;
    return job->ops->poll(job->handle, timeout_seconds, &job->state, &job->outcome);
}

qhm_status qhm_job_check(qhm_job *job, qhm_job_state *state)
{
    QHM_TRY(poll_job(job, 0));
    *state = job->state;
    return QHM_OK;
}

qhm_status qhm_job_wait(qhm_job *job)
{
    while (job->state == QHM_JOB_RUNNING)
        QHM_TRY(poll_job(job, 60));
    if (job->state == QHM_JOB_CANCELLED)
        return QHM_FAIL(QHM_ERROR_CANCELLED, "the job was cancelled");
    return job->outcome;
}

qhm_status qhm_job_cancel(qhm_job *job)
{
    return job->state == QHM_JOB_RUNNING ? job->ops->cancel(job->handle) : QHM_OK;
}

void qhm_job_destroy(qhm_job *job)
{
    if (!job)
        return;
    if (job->handle)
        job->ops->discard(job->handle);
    qhm_release(job);
}
