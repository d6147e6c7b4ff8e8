// Schedules of the learning rate.
#include <qhm/schedule.h>

#include <math.h>
#include <stdbool.h>

static const char *const kinds[] = {"cosine", "constant", "steps", NULL};

static const qhm_option_info table[] = {
    {.name = "kind",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_schedule_options, kind),
     .default_text = "cosine",
     .choices = kinds,
     .help = "how the learning rate falls: half a cosine wave, not at all, or in steps"},
    {.name = "warmup",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_schedule_options, warmup),
     .maximum = 1,
     .help = "share of all steps in which the learning rate first grows to its full value"},
    {.name = "final_factor",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_schedule_options, final_factor),
     .maximum = 1,
     .help = "cosine: what is left of the learning rate at the end"},
    {.name = "drop_count",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_schedule_options, drop_count),
     .default_text = "2",
     .minimum = 1,
     .maximum = 1000,
     .help = "steps: number of drops, at equal distances"},
    {.name = "drop_factor",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_schedule_options, drop_factor),
     .default_text = "0.1",
     .minimum = 1e-9,
     .maximum = 1,
     .help = "steps: what each drop leaves of the learning rate"},
    {0},
};

const qhm_option_info *qhm_schedule_option_table(void)
{
    return table;
}

double qhm_schedule_factor(const qhm_schedule_options *options, uint64_t step, uint64_t step_count)
{
    static const qhm_schedule_options defaults = {0};
    const double pi = 3.14159265358979323846;
    const qhm_schedule_options *o = options ? options : &defaults;
    double all = step_count > 0 ? (double)step_count : 1;
    double at = (double)step < all ? (double)step : all;
    double warm = o->warmup * all;
    if (at + 1 < warm)
        return (at + 1) / warm;
    double share = all > warm ? (at - warm) / (all - warm) : 0; // of the way after warming up
    share = share < 0 ? 0 : share;
    double drops = o->drop_count > 0 ? (double)o->drop_count : 2;
    switch (o->kind > 0 ? (qhm_schedule_kind)o->kind : QHM_SCHEDULE_COSINE) {
    case QHM_SCHEDULE_CONSTANT:
        return 1;
    case QHM_SCHEDULE_COSINE:
        return o->final_factor + (1 - o->final_factor) * 0.5 * (1 + cos(pi * share));
    case QHM_SCHEDULE_STEPS:
        return pow(o->drop_factor > 0 ? o->drop_factor : 0.1,
                   fmin(floor(share * (drops + 1)), drops));
    }
    return 1;
}
