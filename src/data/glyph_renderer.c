// Colour glyphs through HarfBuzz and FreeType.
#include "data/glyph_renderer.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "data/image_descriptor.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>

enum {
    MAX_BITMAP_SIDE = 512,
    BLOCK = 64 // emoji in a parallel block, which opens the font once
};

// The one glyph of a sequence, or 0. ZWJ sequences and flags are ligatures of several glyphs.
static hb_codepoint_t shape(hb_font_t *font, hb_buffer_t *buffer, const qhm_emoji *emoji)
{
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_utf32(buffer, emoji->points, (int)emoji->point_count, 0, (int)emoji->point_count);
    hb_buffer_guess_segment_properties(buffer);
    hb_shape(font, buffer, NULL, 0);
    unsigned int count;
    const hb_glyph_info_t *glyphs = hb_buffer_get_glyph_infos(buffer, &count);
    return count == 1 ? glyphs[0].codepoint : 0;
}

static qhm_status shape_all(const unsigned char *bytes, size_t byte_count, const qhm_emoji *emoji,
                            size_t count, uint32_t *glyphs)
{
    hb_blob_t *blob = hb_blob_create((const char *)bytes, (unsigned)byte_count,
                                     HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *face = hb_face_create(blob, 0);
    hb_font_t *font = hb_font_create(face);
    hb_buffer_t *buffer = hb_buffer_create();
    for (size_t i = 0; i < count; i++)
        glyphs[i] = shape(font, buffer, &emoji[i]);
    bool failed = !hb_buffer_allocation_successful(buffer) || hb_font_get_empty() == font;
    hb_buffer_destroy(buffer);
    hb_font_destroy(font);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    return failed ? QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot shape %zu emoji", count) : QHM_OK;
}

typedef struct rendering {
    const unsigned char *bytes;
    size_t byte_count, side;
    const uint32_t *glyphs;
    uint8_t *pixels;
    bool *rendered;
    atomic_bool failed; // FreeType could not open the font
} rendering;

// square [n][n][3] white, with the bitmap's premultiplied blue, green, red, alpha in its middle.
static void compose(const FT_Bitmap *bitmap, size_t n, uint8_t *square)
{
    memset(square, 255, n * n * 3);
    size_t top = (n - bitmap->rows) / 2, left = (n - bitmap->width) / 2;
    for (size_t y = 0; y < bitmap->rows; y++) {
        const uint8_t *from = bitmap->buffer + (ptrdiff_t)y * bitmap->pitch;
        uint8_t *to = square + ((top + y) * n + left) * 3;
        for (size_t x = 0; x < bitmap->width; x++, from += 4, to += 3)
            for (int c = 0; c < 3; c++) {
                int value = from[2 - c] + 255 - from[3];
                to[c] = (uint8_t)(value > 255 ? 255 : value);
            }
    }
}

static bool render(FT_Face face, uint32_t glyph, size_t side, uint8_t *square, float *resampled,
                   uint8_t *out)
{
    if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_COLOR) != 0)
        return false;
    const FT_Bitmap *bitmap = &face->glyph->bitmap;
    if (bitmap->pixel_mode != FT_PIXEL_MODE_BGRA || bitmap->rows == 0 || bitmap->width == 0 ||
        bitmap->rows > MAX_BITMAP_SIDE || bitmap->width > MAX_BITMAP_SIDE)
        return false;
    size_t n = bitmap->rows > bitmap->width ? bitmap->rows : bitmap->width;
    compose(bitmap, n, square);
    qhm_image_resample((qhm_image){square, n, n}, side, side, resampled);
    for (size_t i = 0; i < side * side * 3; i++)
        out[i] = (uint8_t)(resampled[i] * 255 + 0.5F);
    return true;
}

static void render_block(size_t first, size_t last, void *context)
{
    rendering *r = context;
    FT_Library library = NULL;
    FT_Face face = NULL;
    uint8_t *square = NULL;
    float *resampled = NULL;
    bool is_ready = FT_Init_FreeType(&library) == 0 &&
                    FT_New_Memory_Face(library, r->bytes, (FT_Long)r->byte_count, 0, &face) == 0 &&
                    face->num_fixed_sizes > 0 && FT_Select_Size(face, 0) == 0 &&
                    qhm_allocate(MAX_BITMAP_SIDE * MAX_BITMAP_SIDE, 3, &square) == QHM_OK &&
                    qhm_allocate(r->side * r->side * 3, sizeof *resampled, &resampled) == QHM_OK;
    if (!is_ready)
        atomic_store(&r->failed, true);
    for (size_t i = first; is_ready && i < last; i++)
        r->rendered[i] = render(face, r->glyphs[i], r->side, square, resampled,
                                r->pixels + i * r->side * r->side * 3);
    qhm_release(square);
    qhm_release(resampled);
    if (face)
        FT_Done_Face(face);
    if (library)
        FT_Done_FreeType(library);
}

qhm_status qhm_glyphs_render(const unsigned char *font, size_t font_bytes, const qhm_emoji *emoji,
                             size_t count, size_t side, uint8_t *pixels, bool *rendered)
{
    if (font_bytes > INT_MAX)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "a font of %zu bytes", font_bytes);
    uint32_t *glyphs;
    QHM_TRY(qhm_allocate(count, sizeof *glyphs, &glyphs));
    memset(pixels, 255, count * side * side * 3);
    qhm_status status = shape_all(font, font_bytes, emoji, count, glyphs);
    if (status == QHM_OK) {
        rendering r = {font, font_bytes, side, glyphs, pixels, rendered, false};
        qhm_parallel_for(count, BLOCK, render_block, &r);
        if (atomic_load(&r.failed))
            status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "not a font with colour bitmaps");
    }
    qhm_release(glyphs);
    return status;
}
