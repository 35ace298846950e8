package gradus.array;

/** The loops of {@link Winograd32} in plain Java, one channel at a time. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainWinograd32 implements WinogradLoops32 {
    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void transpose(int m, int n, float[] x, int xo, int[] from, int f, float[] y, int yo, int[] to, int t) {
        for (int i = 0; i < m; i++) {
            int p = xo + from[f + i];
            for (int j = 0; j < n; j++) {
                y[yo + to[t + j] + i] = x[p + j];
            }
        }
    }

    @Override
    public void input(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se) {
        float[] d = new float[16];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c++) {
                int p = xo + tiles[i] + c;
                for (int s = 0; s < 4; s++, p += column) {
                    float x1 = x[p + row];
                    float x2 = x[p + 2 * row];
                    d[s] = x[p] - x2;
                    d[4 + s] = x1 + x2;
                    d[8 + s] = x2 - x1;
                    d[12 + s] = x[p + 3 * row] - x1;
                }
                int q = yo + i * st + c;
                for (int r = 0; r < 16; r += 4, q += 4 * se) {
                    y[q] = d[r] - d[r + 2];
                    y[q + se] = d[r + 1] + d[r + 2];
                    y[q + 2 * se] = d[r + 2] - d[r + 1];
                    y[q + 3 * se] = d[r + 3] - d[r + 1];
                }
            }
        }
    }

    @Override
    public void outputGradient(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se) {
        float[] d = new float[8];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c++) {
                int p = xo + tiles[i] + c;
                for (int s = 0; s < 2; s++, p += column) {
                    float half = 0.5f * x[p];
                    float other = 0.5f * x[p + row];
                    d[s] = x[p];
                    d[2 + s] = half + other;
                    d[4 + s] = half - other;
                    d[6 + s] = x[p + row];
                }
                int q = yo + i * st + c;
                for (int r = 0; r < 8; r += 2, q += 4 * se) {
                    float half = 0.5f * d[r];
                    float other = 0.5f * d[r + 1];
                    y[q] = d[r];
                    y[q + se] = half + other;
                    y[q + 2 * se] = half - other;
                    y[q + 3 * se] = d[r + 1];
                }
            }
        }
    }

    @Override
    public boolean output(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int st,
            int se,
            float[] bias,
            int bo,
            float[] y,
            int row,
            int column) {
        float zeros = 0;
        float[] d = new float[8];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c++) {
                int p = i * st + c;
                for (int s = 0; s < 4; s++, p += se) {
                    float sum = x[p + 4 * se] + x[p + 8 * se];
                    float difference = x[p + 4 * se] - x[p + 8 * se];
                    d[s] = x[p] + sum;
                    d[4 + s] = difference + x[p + 12 * se];
                }
                int q = tiles[i] + c;
                for (int r = 0; r < 8; r += 4, q += row) {
                    y[q] = bias[bo + c] + (d[r] + (d[r + 1] + d[r + 2]));
                    y[q + column] = bias[bo + c] + (d[r + 1] - d[r + 2] + d[r + 3]);
                    zeros = Math.fma(0, y[q], Math.fma(0, y[q + column], zeros));
                }
            }
        }
        return zeros == 0;
    }

    @Override
    public void kernels(int count, int channels, float[] x, int sx, int sr, float[] y, int yo, int st, int se) {
        float[] d = new float[12];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c++) {
                int p = i * sx + c;
                for (int s = 0; s < 3; s++, p += sr) {
                    float half = 0.5f * (x[p] + x[p + 6 * sr]);
                    float other = 0.5f * x[p + 3 * sr];
                    d[s] = x[p];
                    d[3 + s] = half + other;
                    d[6 + s] = half - other;
                    d[9 + s] = x[p + 6 * sr];
                }
                int q = yo + i * st + c;
                for (int r = 0; r < 12; r += 3, q += 4 * se) {
                    float half = 0.5f * (d[r] + d[r + 2]);
                    float other = 0.5f * d[r + 1];
                    y[q] = d[r];
                    y[q + se] = half + other;
                    y[q + 2 * se] = half - other;
                    y[q + 3 * se] = d[r + 2];
                }
            }
        }
    }

    @Override
    public void kernelGradient(int channels, float[] x, int xo, int se, float[] y, int sr) {
        float[] d = new float[12];
        for (int c = 0; c < channels; c++) {
            int p = xo + c;
            for (int s = 0; s < 4; s++, p += se) {
                float sum = x[p + 4 * se] + x[p + 8 * se];
                d[s] = x[p] + sum;
                d[4 + s] = x[p + 4 * se] - x[p + 8 * se];
                d[8 + s] = sum + x[p + 12 * se];
            }
            int q = c;
            for (int r = 0; r < 12; r += 4, q += 3 * sr) {
                float sum = d[r + 1] + d[r + 2];
                y[q] = d[r] + sum;
                y[q + sr] = d[r + 1] - d[r + 2];
                y[q + 2 * sr] = sum + d[r + 3];
            }
        }
    }
}
