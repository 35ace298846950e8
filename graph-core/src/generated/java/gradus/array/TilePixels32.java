package gradus.array;

import java.util.Arrays;

/**
 * Some rows of tiles of images, whose channels lie next to each other: [pixel rows, pixels, channels]. A tile is 2 x 2 pixels, or 4 x
 * 4 of which the last two rows and columns are also the first of the next tiles. Pixels outside the image are zero. Rows of tiles are counted
 * over all images.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class TilePixels32 {
    private static final WinogradLoops32 LOOPS = Loops.WINOGRAD32;

    /** The distance between pixels: an odd number of vectors, so that those above each other do not compete for lines of a cache. */
    final int pitch;
    /** The distance between rows of pixels. */
    final int row;

    final float[] data;
    /** The first pixel of each tile. */
    final int[] tiles;
    /** How many tiles there are now. */
    int count;

    private final Images images;
    private final int size;
    /** The pixels inside the images. */
    private final int[] pixels;
    /** The channels of a plane of pixels. */
    private final int[] channels;

    private int from;
    private int to;

    /**
     * Images [c, h, w] whose tiles, the first of which begins some rows above the image and some columns left of it, are in rows of
     * {@code wide}, {@code tall} for each image.
     */
    record Images(int c, int h, int w, int top, int left, int tall, int wide) {}

    /**
     * Allocates rows of tiles.
     *
     * @param size the rows and columns of a tile, 2 or 4
     * @param channels how many channels are here at a time
     */
    TilePixels32(Images images, int size, int channels, int maxRows) {
        this.images = images;
        this.size = size;
        int lanes = LOOPS.lanes();
        pitch = ((channels + lanes - 1) / lanes | 1) * lanes;
        row = (2 * images.wide + size - 2) * pitch;
        int maxImages = Math.min(maxRows, (maxRows + images.tall - 2) / images.tall + 1);
        int maxPixelRows = 2 * maxRows + (size - 2) * maxImages;
        data = new float[maxPixelRows * row];
        tiles = new int[maxRows * images.wide];
        pixels = new int[maxPixelRows * images.w];
        this.channels = new int[channels];
        for (int i = 0; i < channels; i++) {
            this.channels[i] = i * images.h * images.w;
        }
    }

    /** Sets which rows of tiles are here. */
    void locate(int from, int to) {
        this.from = from;
        this.to = to;
        count = 0;
        int pixel = 0;
        int first = 0;
        for (int r = from; r < to; r += rows(r)) {
            int above = 2 * (r % images.tall) - images.top;
            int last = first + pixelRows(r);
            for (int i = 0; i < rows(r); i++) {
                for (int j = 0; j < images.wide; j++) {
                    tiles[count++] = (first + 2 * i) * row + 2 * j * pitch;
                }
            }
            int begin = first + begin(r) - above;
            int end = first + end(r) - above;
            Arrays.fill(data, first * row, begin * row, 0);
            for (int i = begin; i < end; i++) {
                for (int j = 0; j < images.w; j++) {
                    pixels[pixel++] = i * row + (images.left + j) * pitch;
                }
            }
            Arrays.fill(data, end * row, last * row, 0);
            first = last;
        }
    }

    /** Returns how many of the rows of tiles from r on belong to its image. */
    private int rows(int r) {
        return Math.min(to - r, images.tall - r % images.tall);
    }

    private int pixelRows(int r) {
        return 2 * rows(r) + size - 2;
    }

    /** Returns the first row of an image that rows of tiles from r on depend on. */
    private int begin(int r) {
        return Math.max(0, 2 * (r % images.tall) - images.top);
    }

    private int end(int r) {
        return Math.min(images.h, 2 * (r % images.tall) - images.top + pixelRows(r));
    }

    /** Copies in some channels of all images. */
    void read(float[] x, int channel, int count) {
        int pixel = 0;
        for (int r = from; r < to; r += rows(r)) {
            int n = (end(r) - begin(r)) * images.w;
            LOOPS.transpose(count, n, x, at(r, channel), channels, 0, data, 0, pixels, pixel);
            pixel += n;
        }
    }

    /** Copies out some channels of all images. */
    void write(float[] x, int channel, int count) {
        int pixel = 0;
        for (int r = from; r < to; r += rows(r)) {
            int n = (end(r) - begin(r)) * images.w;
            LOOPS.transpose(n, count, data, 0, pixels, pixel, x, at(r, channel), channels, 0);
            pixel += n;
        }
    }

    private int at(int r, int channel) {
        return ((r / images.tall * images.c + channel) * images.h + begin(r)) * images.w;
    }
}
