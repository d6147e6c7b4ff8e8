// Emoji to pictures: HarfBuzz finds the glyph of a sequence, FreeType its colour bitmap.
#ifndef QHM_DATA_GLYPH_RENDERER_H
#define QHM_DATA_GLYPH_RENDERER_H

#include "base/status_internal.h"
#include "data/emoji_list.h"

#include <stdbool.h>

// Renders emoji [count] from a font file's bytes with bitmap strikes (CBDT), each centred on a
// white square and resampled to pixels [count][side][side][3], in parallel. `rendered` [count] says
// which the font has as one glyph with a picture; the others stay white.
QHM_MUST_CHECK qhm_status qhm_glyphs_render(const unsigned char *font, size_t font_bytes,
                                            const qhm_emoji *emoji, size_t count, size_t side,
                                            uint8_t *pixels, bool *rendered);

#endif
