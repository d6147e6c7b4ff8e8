// IDX parsing, with zlib for gzipped files.
#include "data/idx_file.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

enum {
    UNSIGNED_BYTE = 8,
    MAX_HEADER = 4 + 4 * QHM_IDX_MAX_DIMENSIONS,
    MAX_DEFLATE_RATIO = 1032 // zlib's own limit: what is claimed above it cannot be there
};

static const size_t max_bytes = (size_t)4 << 30;

void qhm_idx_release(qhm_idx *idx)
{
    qhm_release(idx->bytes);
    *idx = (qhm_idx){0};
}

static size_t big_endian(const uint8_t *bytes)
{
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

// Reads the header into *idx and says how long the whole file must be.
static qhm_status parse_header(const uint8_t *header, size_t count, size_t dimension_count,
                               qhm_idx *idx, size_t *out_total)
{
    size_t header_bytes = 4 + 4 * dimension_count;
    if (count < 4 || header[0] != 0 || header[1] != 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "not an IDX file: it does not begin with two zeros");
    if (header[2] != UNSIGNED_BYTE || header[3] != dimension_count)
        return QHM_FAIL(
            QHM_ERROR_BAD_INPUT,
            "an IDX file of type %u with %u dimensions, not unsigned bytes (8) with %zu", header[2],
            header[3], dimension_count);
    if (count < header_bytes)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the IDX header ends after %zu of %zu bytes", count,
                        header_bytes);
    size_t values = 1;
    idx->dimension_count = dimension_count;
    for (size_t d = 0; d < dimension_count; d++) {
        idx->sizes[d] = big_endian(header + 4 + 4 * d);
        if (idx->sizes[d] == 0)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "dimension %zu of the IDX file is 0", d + 1);
        if (!qhm_multiply_size(values, idx->sizes[d], &values) || values > max_bytes)
            return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the IDX file claims more than %zu bytes",
                            max_bytes);
    }
    *out_total = header_bytes + values;
    return QHM_OK;
}

// Unpacks up to `wanted` bytes; fewer when the stream ends before. *out_is_whole: it ended there.
static qhm_status unpack(const uint8_t *packed, size_t packed_count, uint8_t *out, size_t wanted,
                         size_t *out_count, bool *out_is_whole)
{
    z_stream stream = {.next_in = (Bytef *)packed, .next_out = out};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) // gzip only
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot start zlib");
    size_t left_in = packed_count, left_out = wanted;
    int result = Z_OK;
    while (result == Z_OK) {
        stream.avail_in = left_in > UINT_MAX ? UINT_MAX : (uInt)left_in;
        stream.avail_out = left_out > UINT_MAX ? UINT_MAX : (uInt)left_out;
        uInt in = stream.avail_in, room = stream.avail_out;
        result = inflate(&stream, Z_NO_FLUSH);
        left_in -= in - stream.avail_in;
        left_out -= room - stream.avail_out;
        if (result == Z_OK && in == stream.avail_in && room == stream.avail_out)
            break; // no progress: out of input or room
        if (result == Z_OK && left_out == 0 && left_in == 0)
            break;
    }
    const char *reason = stream.msg ? stream.msg : "damaged";
    qhm_status status = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR
                            ? QHM_OK
                            : QHM_FAIL(QHM_ERROR_BAD_INPUT, "the gzip stream is %s", reason);
    inflateEnd(&stream);
    *out_count = wanted - left_out;
    *out_is_whole = result == Z_STREAM_END;
    return status;
}

static qhm_status parse_packed(const uint8_t *bytes, size_t count, size_t dimension_count,
                               qhm_idx *idx)
{
    uint8_t header[MAX_HEADER];
    size_t got, total;
    bool is_whole;
    QHM_TRY(unpack(bytes, count, header, 4 + 4 * dimension_count, &got, &is_whole));
    QHM_TRY(parse_header(header, got, dimension_count, idx, &total));
    if (total / MAX_DEFLATE_RATIO > count)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "%zu packed bytes cannot hold the %zu that the IDX "
                        "header claims",
                        count, total);
    // One byte more than there may be, to see a file that is too long.
    QHM_TRY(qhm_allocate(total + 1, 1, &idx->bytes));
    QHM_TRY(unpack(bytes, count, idx->bytes, total + 1, &got, &is_whole));
    if (got != total || !is_whole)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "the IDX file unpacks to %s%zu bytes, not the %zu of "
                        "its header",
                        got > total ? "more than " : "", got > total ? total : got, total);
    return QHM_OK;
}

static qhm_status parse_plain(const uint8_t *bytes, size_t count, size_t dimension_count,
                              qhm_idx *idx)
{
    size_t total;
    QHM_TRY(parse_header(bytes, count, dimension_count, idx, &total));
    if (count != total)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "the IDX file has %zu bytes, not the %zu of its header", count, total);
    return qhm_copy_bytes(bytes, count, 1, &idx->bytes);
}

qhm_status qhm_idx_parse(const uint8_t *bytes, size_t count, size_t dimension_count,
                         qhm_idx *out_idx)
{
    qhm_idx idx = {0};
    bool is_gzip = count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
    qhm_status status = is_gzip ? parse_packed(bytes, count, dimension_count, &idx)
                                : parse_plain(bytes, count, dimension_count, &idx);
    if (status != QHM_OK) {
        qhm_idx_release(&idx);
        return status;
    }
    idx.values = idx.bytes + 4 + 4 * dimension_count;
    *out_idx = idx;
    return QHM_OK;
}
