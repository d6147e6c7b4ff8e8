// A thread of its own redraws the bar, because a job may take longer than the time between lines.
#include "cli/progress.h"

#include "cli/console.h"
#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_SECONDS = 1, LINE_SECONDS = 10, BAR_WIDTH = 24 };

struct qhm_progress {
    pthread_mutex_t mutex; // of all that follows
    pthread_cond_t wake;
    pthread_t thread;
    bool has_thread, is_ending, is_bar, is_drawn;
    double begin, updated; // seconds of the monotonic clock
    qhm_run_progress state;
    char activity[160];
};

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void describe(const qhm_progress *progress, char *text, size_t size)
{
    const qhm_run_progress *state = &progress->state;
    double now = now_seconds();
    char elapsed[32], left[32] = "", remaining[64] = "";
    qhm_print_duration(elapsed, sizeof elapsed, now - progress->begin);
    if (state->remaining_seconds >= 0 && state->jobs_done > 0) {
        qhm_print_duration(left, sizeof left, state->remaining_seconds - (now - progress->updated));
        snprintf(remaining, sizeof remaining, ", about %s left", left);
    }
    if (state->jobs_total == 0)
        snprintf(text, size, "preparing, %s", elapsed);
    else
        snprintf(text, size, "%zu of %zu jobs, %s%s%s%s", state->jobs_done, state->jobs_total,
                 elapsed, remaining, progress->activity[0] ? "; " : "", progress->activity);
}

static void draw_bar(qhm_progress *progress)
{
    const qhm_run_progress *state = &progress->state;
    char text[320], line[400], bar[BAR_WIDTH + 1];
    size_t total = state->jobs_total > 0 ? state->jobs_total : 1;
    size_t filled = BAR_WIDTH * (state->jobs_done < total ? state->jobs_done : total) / total;
    memset(bar, '-', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    describe(progress, text, sizeof text);
    snprintf(line, sizeof line, "[%s] %s", bar, text);
    size_t width = qhm_console_width(STDERR_FILENO, 80) - 1;
    if (strlen(line) > width)
        line[width] = '\0'; // a character cut in half is shown as '?'
    fputs("\r\033[K", stderr);
    qhm_print_safe(stderr, line);
    fflush(stderr);
    progress->is_drawn = true;
}

static void show(qhm_progress *progress)
{
    char text[320];
    if (qhm_interrupt_is_requested(NULL))
        return; // it has been said
    if (progress->is_bar) {
        draw_bar(progress);
        return;
    }
    describe(progress, text, sizeof text);
    fputs("qhm: ", stderr);
    qhm_print_safe(stderr, text);
    fputc('\n', stderr);
}

static void *tick(void *context)
{
    qhm_progress *progress = context;
    pthread_mutex_lock(&progress->mutex);
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (!progress->is_ending) {
        next.tv_sec += progress->is_bar ? BAR_SECONDS : LINE_SECONDS;
        while (!progress->is_ending &&
               pthread_cond_timedwait(&progress->wake, &progress->mutex, &next) == 0) {
        }
        if (!progress->is_ending)
            show(progress);
    }
    pthread_mutex_unlock(&progress->mutex);
    return NULL;
}

// Signals go to the threads that were there before.
static bool start_thread(qhm_progress *progress)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    bool is_started = pthread_create(&progress->thread, NULL, tick, progress) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return is_started;
}

qhm_progress *qhm_progress_create(bool is_quiet)
{
    qhm_progress *progress = qhm_cli_allocate(1, sizeof *progress);
    pthread_mutex_init(&progress->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    progress->is_bar = isatty(STDERR_FILENO);
    progress->begin = progress->updated = now_seconds();
    progress->state.remaining_seconds = -1;
    progress->has_thread = !is_quiet && start_thread(progress);
    return progress;
}

void qhm_progress_update(const qhm_run_progress *state, void *context)
{
    qhm_progress *progress = context;
    pthread_mutex_lock(&progress->mutex);
    progress->state = *state;
    progress->updated = now_seconds();
    snprintf(progress->activity, sizeof progress->activity, "%s",
             state->activity ? state->activity : "");
    progress->state.activity = progress->activity;
    if (progress->has_thread && progress->is_bar && !qhm_interrupt_is_requested(NULL))
        draw_bar(progress);
    pthread_mutex_unlock(&progress->mutex);
}

void qhm_progress_destroy(qhm_progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->mutex);
    progress->is_ending = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->mutex);
    if (progress->has_thread)
        pthread_join(progress->thread, NULL);
    if (progress->is_drawn && !qhm_interrupt_is_requested(NULL))
        fputs("\r\033[K", stderr);
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->mutex);
    free(progress);
}
