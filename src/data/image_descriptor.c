// Histograms of oriented gradients (Dalal, Triggs, CVPR 2005), colour histograms, thumbnails.
#include "data/image_descriptor.h"

#include <math.h>
#include <string.h>

// The share of source pixel p in the target pixel that covers [low, high).
static double overlap(size_t p, double low, double high)
{
    double from = (double)p > low ? (double)p : low;
    double to = (double)(p + 1) < high ? (double)(p + 1) : high;
    return to > from ? to - from : 0;
}

void qhm_image_resample(qhm_image image, size_t width, size_t height, float *out)
{
    double step_x = (double)image.width / (double)width;
    double step_y = (double)image.height / (double)height;
    for (size_t y = 0; y < height; y++) {
        double top = (double)y * step_y, bottom = (double)(y + 1) * step_y;
        for (size_t x = 0; x < width; x++) {
            double left = (double)x * step_x, right = (double)(x + 1) * step_x;
            double sum[3] = {0}, area = 0;
            for (size_t sy = (size_t)top; sy < image.height && (double)sy < bottom; sy++)
                for (size_t sx = (size_t)left; sx < image.width && (double)sx < right; sx++) {
                    double share = overlap(sy, top, bottom) * overlap(sx, left, right);
                    const uint8_t *pixel = image.pixels + 3 * (sy * image.width + sx);
                    area += share;
                    for (int c = 0; c < 3; c++)
                        sum[c] += share * pixel[c];
                }
            for (int c = 0; c < 3; c++)
                out[(y * width + x) * 3 + c] = (float)(sum[c] / (area * 255));
        }
    }
}

static double grey(const float *rgb)
{
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

// Each pixel votes for the two nearest angles with the length of its gradient.
static void cell_histograms(const float *rgb, double cells[][QHM_SHAPE_CELLS][QHM_SHAPE_ANGLES])
{
    enum { SIDE = QHM_SHAPE_SIDE, CELL = QHM_SHAPE_SIDE / QHM_SHAPE_CELLS };
    memset(cells, 0, QHM_SHAPE_CELLS * QHM_SHAPE_CELLS * QHM_SHAPE_ANGLES * sizeof(double));
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) {
            size_t left = x > 0 ? x - 1 : 0, right = x + 1 < SIDE ? x + 1 : x;
            size_t above = y > 0 ? y - 1 : 0, below = y + 1 < SIDE ? y + 1 : y;
            double dx = grey(rgb + 3 * (y * SIDE + right)) - grey(rgb + 3 * (y * SIDE + left));
            double dy = grey(rgb + 3 * (below * SIDE + x)) - grey(rgb + 3 * (above * SIDE + x));
            double length = sqrt(dx * dx + dy * dy);
            if (length == 0)
                continue;
            double angle = atan2(dy, dx) / M_PI; // (-1, 1]
            angle = (angle < 0 ? angle + 1 : angle) * QHM_SHAPE_ANGLES - 0.5;
            double floor_angle = floor(angle);
            int low = (int)floor_angle;
            double share = angle - floor_angle;
            double *cell = cells[y / CELL][x / CELL];
            cell[(low + QHM_SHAPE_ANGLES) % QHM_SHAPE_ANGLES] += (1 - share) * length;
            cell[(low + 1) % QHM_SHAPE_ANGLES] += share * length;
        }
}

static void normalise(double *block, size_t count)
{
    for (int pass = 0; pass < 2; pass++) { // L2-Hys: clip at 0.2 and normalise again
        double square = 1e-6;
        for (size_t i = 0; i < count; i++)
            square += block[i] * block[i];
        for (size_t i = 0; i < count; i++) {
            block[i] /= sqrt(square);
            if (pass == 0 && block[i] > 0.2)
                block[i] = 0.2;
        }
    }
}

static void describe_gradients(const float *rgb, double *out)
{
    double cells[QHM_SHAPE_CELLS][QHM_SHAPE_CELLS][QHM_SHAPE_ANGLES];
    cell_histograms(rgb, cells);
    for (size_t y = 0; y + 1 < QHM_SHAPE_CELLS; y++)
        for (size_t x = 0; x + 1 < QHM_SHAPE_CELLS; x++) {
            for (size_t cell = 0; cell < 4; cell++)
                memcpy(out + cell * QHM_SHAPE_ANGLES, cells[y + cell / 2][x + cell % 2],
                       QHM_SHAPE_ANGLES * sizeof *out);
            normalise(out, 4 * QHM_SHAPE_ANGLES);
            out += 4 * QHM_SHAPE_ANGLES;
        }
}

// Hue in [0, 6), saturation and value in [0, 1].
static void to_hsv(const float *rgb, double *hue, double *saturation, double *value)
{
    double r = rgb[0], g = rgb[1], b = rgb[2];
    double high = fmax(r, fmax(g, b)), low = fmin(r, fmin(g, b)), chroma = high - low;
    *value = high;
    *saturation = high > 0 ? chroma / high : 0;
    if (chroma <= 0)
        *hue = 0;
    else if (high == r)
        *hue = (g - b) / chroma + (g < b ? 6 : 0);
    else if (high == g)
        *hue = (b - r) / chroma + 2;
    else
        *hue = (r - g) / chroma + 4;
}

static size_t bin(double share, size_t count)
{
    size_t b = (size_t)(share * (double)count);
    return b < count ? b : count - 1;
}

// A hue counts as much as it is seen: by chroma. Square roots tame the large bins.
static void describe_colours(const float *rgb, double *out)
{
    memset(out, 0, QHM_SHAPE_COLOURS * sizeof *out);
    double *levels = out + QHM_SHAPE_HUES;
    for (size_t i = 0; i < QHM_SHAPE_SIDE * QHM_SHAPE_SIDE; i++) {
        double hue, saturation, value;
        to_hsv(rgb + 3 * i, &hue, &saturation, &value);
        out[bin(hue / 6, QHM_SHAPE_HUES)] += saturation * value;
        levels[bin(saturation, QHM_SHAPE_LEVELS)]++;
        levels[QHM_SHAPE_LEVELS + bin(value, QHM_SHAPE_LEVELS)]++;
    }
    for (size_t i = 0; i < QHM_SHAPE_COLOURS; i++)
        out[i] = sqrt(out[i]) / QHM_SHAPE_SIDE;
}

void qhm_image_describe_shapes(qhm_image image, double *out)
{
    float rgb[QHM_SHAPE_SIDE * QHM_SHAPE_SIDE * 3];
    float small[QHM_SHAPE_THUMBNAIL * QHM_SHAPE_THUMBNAIL * 3];
    qhm_image_resample(image, QHM_SHAPE_SIDE, QHM_SHAPE_SIDE, rgb);
    describe_gradients(rgb, out);
    describe_colours(rgb, out + QHM_SHAPE_HOG);
    qhm_image_resample(image, QHM_SHAPE_THUMBNAIL, QHM_SHAPE_THUMBNAIL, small);
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        out[QHM_SHAPE_HOG + QHM_SHAPE_COLOURS + i] = small[i];
}

void qhm_image_describe_pixels(qhm_image image, size_t side, double *out)
{
    float rgb[QHM_PIXEL_MAX_SIDE * QHM_PIXEL_MAX_SIDE * 3];
    qhm_image_resample(image, side, side, rgb);
    for (size_t i = 0; i < side * side; i++)
        out[i] = grey(rgb + 3 * i);
}
