package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that a tile with a given number of columns is made of.
 *
 * <p>As few as there can be, the last of which may cover some columns again. Where half a vector is enough for the last and
 * a machine's vectors have 512 bits, it is half of one: several machines do two such multiply-adds in the time of a whole
 * one, none takes longer. Fewer columns than a vector has are a tile of one or two shorter vectors.
 *
 * <p>Where vectors must all have one size, {@link Loops#MIXED}, the last is a whole one, and there are no tiles that are narrower.
 */
final class SimdTiles64 {
    /** Adds to a tile of y. */
    interface Tile {
        /**
         * Adds to a tile of y of up to {@link #ROWS} rows, and of as many columns as the tile is for.
         *
         * @param columns columns of the tile
         * @param k how many products go into each element
         * @param at first element of a; {@code row} is the distance between its rows, {@code step} between its columns
         * @param rows how many rows of the tile there are, 1 to {@link #ROWS}
         * @param bt first element of b; {@code next} is the distance between its rows
         * @param starts where rows of b begin instead, from bt on, or null; that of the first is {@code starts[first]}
         * @param yt first element of y; {@code n} is the distance between its rows
         */
        void add(
                int columns,
                int k,
                double[] a,
                int at,
                int row,
                int step,
                int rows,
                double[] b,
                int bt,
                int next,
                int[] starts,
                int first,
                double[] y,
                int yt,
                int n);
    }

    /**
     * A number of vectors of one species, and a last one of another or the same.
     *
     * @param adjacent whether a tile has all its rows, and those of a are next to each other: a is stored transposed
     * @param shifted whether the rows of b begin anywhere
     */
    record Form(
            int before, VectorSpecies<Double> species, VectorSpecies<Double> last, boolean adjacent, boolean shifted) {}

    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    /** Elements of a vector. */
    static final int L = S.length();
    /** Whether there are 16 registers for vectors, not 32. */
    private static final boolean FEW_REGISTERS = S.vectorBitSize() == 256;
    /** Rows of a tile. */
    static final int ROWS = FEW_REGISTERS ? 6 : 8;
    /** Columns of the widest tile. */
    static final int MAX_COLUMNS = FEW_REGISTERS ? 2 * L : 3 * L;

    /** Columns of the narrowest tile. */
    static final int MIN_COLUMNS = Loops.MIXED ? 2 : L;

    /** The tiles for each number of columns; then those for adjacent rows of a; then both again for shifted rows of b. */
    private static final Tile[][] TILES = new Tile[4][MAX_COLUMNS + 1];

    private SimdTiles64() {}

    /**
     * Returns a tile.
     *
     * @param columns its columns, {@link #MIN_COLUMNS} to {@link #MAX_COLUMNS}
     * @param rows its rows
     * @param row the distance between the rows of a
     * @param shifted whether the rows of b begin anywhere
     */
    static Tile of(int columns, int rows, int row, boolean shifted) {
        boolean adjacent = row == 1 && rows == ROWS;
        Tile tile = tiles(adjacent, shifted)[columns];
        return tile != null ? tile : create(columns, adjacent, shifted);
    }

    private static Tile[] tiles(boolean adjacent, boolean shifted) {
        return TILES[(adjacent ? 1 : 0) + (shifted ? 2 : 0)];
    }

    /** Returns into how many strips n columns are cut, each a tile wide. */
    static int strips(int n) {
        return (n + MAX_COLUMNS - 1) / MAX_COLUMNS;
    }

    /**
     * Returns the first column of a strip of n columns, or the end of the one before. All are as wide as can be but for the
     * last, and the one before if the last would be narrower than a vector.
     */
    static int start(int strip, int n) {
        int j = strip * MAX_COLUMNS;
        return j >= n ? n : strip > 0 && n - j < L ? j - L : j;
    }

    private static synchronized Tile create(int columns, boolean adjacent, boolean shifted) {
        Tile[] tiles = tiles(adjacent, shifted);
        Form form = form(columns, adjacent, shifted);
        for (int c = MIN_COLUMNS; c <= MAX_COLUMNS; c++) {
            if (tiles[c] != null && form(c, adjacent, shifted).equals(form)) {
                tiles[columns] = tiles[c];
                return tiles[c];
            }
        }
        tiles[columns] = ClassSpecializer.of(SimdTile64.class, Tile.class, form);
        return tiles[columns];
    }

    private static Form form(int columns, boolean adjacent, boolean shifted) {
        VectorSpecies<Double> species = S;
        while (species.length() > columns) {
            species = half(species);
        }
        int before = (columns - 1) / species.length();
        int rest = columns - before * species.length();
        boolean small = Loops.MIXED && species.vectorBitSize() == 512 && before > 0 && rest <= species.length() / 2;
        return new Form(before, species, small ? half(species) : species, adjacent, shifted);
    }

    private static VectorSpecies<Double> half(VectorSpecies<Double> species) {
        return species.withShape(VectorShape.forBitSize(species.vectorBitSize() / 2));
    }
}
